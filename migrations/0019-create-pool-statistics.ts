import type { Kysely } from "kysely";
import { sql } from "kysely";

/**
 * What a closed period says of its pool, kept with the version of the close: figures, roll rates,
 * concentrations, vintages, and stratifications as they are first asked for. Written once; a period
 * that is closed anew has rows of its new version beside those of the old.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createFigures(db);
  await createTables(db);
  await refuseChanges(db);
}

async function createFigures(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table pool_statistics (
      deal_key integer not null references deals (key),
      period integer not null,
      version integer not null,
      figure text not null,
      value numeric,
      primary key (deal_key, period, version, figure)
    )
  `.execute(db);
  await sql`
    comment on column pool_statistics.value is
      'an integer: cents, a count, or 1e18 times a rate, a term or a score; null where it has no value'
  `.execute(db);
  await sql`
    create table pool_roll_rates (
      deal_key integer not null references deals (key),
      period integer not null,
      version integer not null,
      state_before text not null,
      state_after text not null,
      loan_count integer not null,
      balance_before_cents bigint not null,
      balance_after_cents bigint not null,
      primary key (deal_key, period, version, state_before, state_after)
    )
  `.execute(db);
}

async function createTables(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table pool_concentrations (
      deal_key integer not null references deals (key),
      period integer not null,
      version integer not null,
      rank integer not null,
      region text,
      loan_count integer not null,
      balance_cents bigint not null,
      rate_wad numeric,
      primary key (deal_key, period, version, rank)
    )
  `.execute(db);
  await sql`
    create table pool_vintages (
      deal_key integer not null references deals (key),
      period integer not null,
      version integer not null,
      quarter integer not null,
      loan_count integer not null,
      balance_cents bigint not null,
      entered_count integer not null,
      entered_cents bigint not null,
      original_cents bigint not null,
      gross_loss_cents bigint not null,
      net_loss_cents bigint not null,
      primary key (deal_key, period, version, quarter)
    )
  `.execute(db);
  await sql`
    comment on column pool_vintages.quarter is
      'of origination, year * 4 + quarter - 1; -1 for loans whose tape does not say'
  `.execute(db);
  await sql`
    create table pool_stratifications (
      deal_key integer not null references deals (key),
      period integer not null,
      version integer not null,
      field text not null,
      bands text not null,
      strata jsonb not null,
      primary key (deal_key, period, version, field, bands)
    )
  `.execute(db);
}

async function refuseChanges(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception '% keeps what a closed period said: its rows do not change', tg_table_name;
    end $$
  `.execute(db);
  for (const table of TABLES) {
    await sql`
      create trigger ${sql.ref(`${table}_stay`)} before update on ${sql.table(table)}
      for each row execute function refuse_change()
    `.execute(db);
  }
}

const TABLES = [
  "pool_statistics",
  "pool_roll_rates",
  "pool_concentrations",
  "pool_vintages",
  "pool_stratifications",
] as const;

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of TABLES) await db.schema.dropTable(table).execute();
  await sql`drop function refuse_change()`.execute(db);
}
