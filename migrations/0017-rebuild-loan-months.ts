import type { Kysely } from "kysely";
import { sql } from "kysely";

/**
 * Loan months as every public format has them, keyed by the deal's number. Each tape version is a table
 * of its own below deal and period (server/tapes/partitions-queries.ts): it is filled before it is
 * attached, so that nobody sees half a tape, and dropped whole. Nothing carries the old rows over: their
 * trees were made over another form of the row, so a database that has some is refused, not emptied.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from loan_months) as found
  `.execute(db);
  if (rows[0]?.found === true) {
    throw new Error(
      "the database has tapes in the form of migration 0004: start with an empty one",
    );
  }
  await db.schema.dropTable("tape_tree_nodes").execute();
  await db.schema.dropTable("loan_months").execute();
  await sql`
    alter table deals add column key integer generated always as identity,
      add constraint deals_key unique (key)
  `.execute(db);
  await sql`
    create type delinquency_bucket as enum ('current', '1-29', '30-59', '60-89', '90-119', '120+')
  `.execute(db);
  await sql`
    create type loan_status as enum (
      'charged off', 'repurchased', 'liquidated', 'servicing transfer', 'prepaid or matured',
      'unavailable', 'repossessed', 'defaulted', 'delinquent', 'current'
    )
  `.execute(db);
  await createLoanMonths(db);
  await createTree(db);
}

async function createLoanMonths(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table loan_months (
      deal_key integer not null,
      period integer not null,
      version integer not null,
      position integer not null,
      line integer not null,
      loan_id text collate "C" not null,
      original_balance_cents bigint,
      beginning_balance_cents bigint,
      ending_balance_cents bigint not null,
      scheduled_principal_cents bigint,
      principal_cents bigint,
      prepaid_principal_cents bigint,
      interest_cents bigint,
      fees_cents bigint,
      other_adjustment_cents bigint,
      charge_off_cents bigint,
      recovery_cents bigint,
      liquidation_proceeds_cents bigint,
      repurchase_cents bigint,
      servicer_advance_cents bigint,
      collateral_value_cents bigint,
      interest_rate_wad bigint,
      servicing_fee_rate_wad bigint,
      original_term_months integer,
      remaining_term_months integer,
      days_past_due integer,
      credit_score integer,
      origination_month integer,
      maturity_month integer,
      repossessed boolean,
      modified boolean,
      delinquency_bucket delinquency_bucket not null,
      status loan_status not null,
      termination_code text,
      region text,
      cumulative_cents bigint[],
      attributes text
    ) partition by list (deal_key)
  `.execute(db);
  const notes = {
    position: "0 for the first row kept: the leaf of the tape's tree",
    origination_month: "year * 12 + month - 1, as maturity_month",
    interest_rate_wad: "1e18 = 100 % a year, as servicing_fee_rate_wad",
    cumulative_cents:
      "what a format states since origination, by CUMULATIVE_FIELDS; null otherwise",
    attributes:
      "the file's other columns in the order of tapes.attribute_names, U+001F between them",
  };
  for (const [column, note] of Object.entries(notes)) {
    await sql`comment on column ${sql.table("loan_months")}.${sql.ref(column)} is ${sql.lit(note)}`.execute(
      db,
    );
  }
}

async function createTree(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table tape_tree_nodes (
      deal_key integer not null,
      period integer not null,
      version integer not null,
      level integer not null,
      position integer not null,
      hash bytea not null check (length(hash) = 32),
      loan_count integer not null,
      balance_cents bigint not null,
      bucket_cents bigint[] not null check (cardinality(bucket_cents) = 6),
      primary key (deal_key, period, version, level, position)
    )
  `.execute(db);
  await sql`
    alter table tapes
      add column asset_class text not null,
      add column attribute_names text[] not null,
      add column leaf_secret bytea not null check (length(leaf_secret) = 32),
      add column bucket_cents bigint[] not null check (cardinality(bucket_cents) = 6),
      add column control_totals jsonb not null
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table tapes drop column asset_class, drop column attribute_names,
      drop column leaf_secret, drop column bucket_cents, drop column control_totals
  `.execute(db);
  await db.schema.dropTable("tape_tree_nodes").execute();
  await db.schema.dropTable("loan_months").execute();
  await sql`drop type loan_status, delinquency_bucket`.execute(db);
  await sql`alter table deals drop column key`.execute(db);
  // As migration 0004 left them.
  await sql`
    create table loan_months (
      deal_id text not null, period integer not null, version integer not null,
      loan_id text collate "C" not null, line integer not null,
      beginning_balance_cents bigint not null, ending_balance_cents bigint not null,
      original_balance_cents bigint not null, scheduled_principal_cents bigint,
      principal_cents bigint not null, interest_cents bigint not null, fees_cents bigint not null,
      other_adjustment_cents bigint not null, charge_off_cents bigint not null,
      recovery_cents bigint not null, liquidation_proceeds_cents bigint not null,
      interest_rate_wad bigint, original_term_months integer, remaining_term_months integer,
      days_past_due integer not null, delinquency_bucket text not null, status text not null,
      zero_balance_code text, origination_month text, maturity_month text, credit_score integer,
      region text, leaf_position integer not null,
      leaf_salt bytea not null check (length(leaf_salt) = 32),
      primary key (deal_id, loan_id, period, version),
      unique (deal_id, period, version, leaf_position)
    ) partition by list (deal_id)
  `.execute(db);
  await sql`
    create table tape_tree_nodes (
      deal_id text not null, period integer not null, version integer not null,
      level integer not null, position integer not null,
      hash bytea not null check (length(hash) = 32), loan_count integer not null,
      balance_cents bigint not null,
      primary key (deal_id, period, version, level, position)
    ) partition by list (deal_id)
  `.execute(db);
}
