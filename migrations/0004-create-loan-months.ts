import type { Kysely } from "kysely";
import { sql } from "kysely";

/**
 * One row per loan, period and tape version, and the nodes of each tape's tree. Both are partitioned by
 * deal and below it by period; the partitions are made with the first tape of a deal and of a period
 * (server/tapes/create-partitions.ts), so that a period can be loaded, read and dropped alone.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table loan_months (
      deal_id text not null,
      period integer not null,
      version integer not null,
      loan_id text collate "C" not null,
      line integer not null,
      beginning_balance_cents bigint not null,
      ending_balance_cents bigint not null,
      original_balance_cents bigint not null,
      scheduled_principal_cents bigint,
      principal_cents bigint not null,
      interest_cents bigint not null,
      fees_cents bigint not null,
      other_adjustment_cents bigint not null,
      charge_off_cents bigint not null,
      recovery_cents bigint not null,
      liquidation_proceeds_cents bigint not null,
      interest_rate_wad bigint,
      original_term_months integer,
      remaining_term_months integer,
      days_past_due integer not null,
      delinquency_bucket text not null,
      status text not null,
      zero_balance_code text,
      origination_month text,
      maturity_month text,
      credit_score integer,
      region text,
      leaf_position integer not null,
      leaf_salt bytea not null check (length(leaf_salt) = 32),
      primary key (deal_id, loan_id, period, version),
      unique (deal_id, period, version, leaf_position)
    ) partition by list (deal_id)
  `.execute(db);
  await sql`
    create table tape_tree_nodes (
      deal_id text not null,
      period integer not null,
      version integer not null,
      level integer not null,
      position integer not null,
      hash bytea not null check (length(hash) = 32),
      loan_count integer not null,
      balance_cents bigint not null,
      primary key (deal_id, period, version, level, position)
    ) partition by list (deal_id)
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("tape_tree_nodes").execute();
  await db.schema.dropTable("loan_months").execute();
}
