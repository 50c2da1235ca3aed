/** What closed periods said of their pools, as it was written with each close. */
import { sql } from "kysely";
import type { Kysely, Selectable } from "kysely";
import type { PoolRollRatesTable } from "../db/statistics-tables.ts";
import type { Database } from "../db/tables.ts";
import type { LoanState } from "./loan-states.ts";
import type { Concentration, PoolPicture, Roll, VintagePoint } from "./pool-statistics.ts";
import { STATISTICS } from "./statistic-catalogue.ts";

/** One version of the close of one period. */
export interface CloseKey {
  dealKey: number;
  period: number;
  version: number;
}

/** Quarter of the loans that do not say theirs, as it is stored. */
const NO_QUARTER = -1;
/** Rows of one insert: PostgreSQL takes 65,535 parameters. */
const MOST_ROWS = 2000;

const ofClose = ({ dealKey, period, version }: CloseKey) =>
  ({ deal_key: dealKey, period, version }) as const;

/** Writes everything that a close says of its pool. */
export async function insertPoolPicture(
  trx: Kysely<Database>,
  key: CloseKey,
  { statistics, rolls, concentrations, vintages }: PoolPicture,
): Promise<void> {
  const close = ofClose(key);
  await insertRows(
    trx,
    "pool_statistics",
    STATISTICS.map(({ name, read }) => ({
      ...close,
      figure: name,
      value: read(statistics)?.toString() ?? null,
    })),
  );
  await insertRows(
    trx,
    "pool_roll_rates",
    rolls.map((roll) => ({
      ...close,
      state_before: roll.before,
      state_after: roll.after,
      loan_count: roll.loanCount,
      balance_before_cents: roll.balanceBeforeCents,
      balance_after_cents: roll.balanceAfterCents,
    })),
  );
  await insertRows(
    trx,
    "pool_concentrations",
    concentrations.map((found) => ({
      ...close,
      rank: found.rank,
      region: found.region,
      loan_count: found.loanCount,
      balance_cents: found.balanceCents,
      rate_wad: found.rateWad?.toString() ?? null,
    })),
  );
  await insertRows(
    trx,
    "pool_vintages",
    vintages.map((point) => ({
      ...close,
      quarter: point.quarter ?? NO_QUARTER,
      loan_count: point.loanCount,
      balance_cents: point.balanceCents,
      entered_count: point.enteredCount,
      entered_cents: point.enteredCents,
      original_cents: point.originalCents,
      gross_loss_cents: point.grossLossCents,
      net_loss_cents: point.netLossCents,
    })),
  );
}

type PictureTable = "pool_statistics" | "pool_roll_rates" | "pool_concentrations" | "pool_vintages";

async function insertRows<Table extends PictureTable>(
  trx: Kysely<Database>,
  table: Table,
  rows: readonly Selectable<Database[Table]>[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += MOST_ROWS) {
    await trx
      .insertInto(table)
      .values(rows.slice(from, from + MOST_ROWS) as never)
      .execute();
  }
}

/** Value of every figure of a close, by name; integers as decimal text. */
export async function listFigures(
  db: Kysely<Database>,
  key: CloseKey,
): Promise<Map<string, bigint | null>> {
  const rows = await db
    .selectFrom("pool_statistics")
    .select(["figure", "value"])
    .where("deal_key", "=", key.dealKey)
    .where("period", "=", key.period)
    .where("version", "=", key.version)
    .execute();
  return new Map(rows.map(({ figure, value }) => [figure, value === null ? null : BigInt(value)]));
}

/** Some figures of the newest close of every period, in the order of the periods. */
export async function listFigureSeries(
  db: Kysely<Database>,
  dealKey: number,
  figures: readonly string[],
): Promise<{ period: number; version: number; figure: string; value: bigint | null }[]> {
  const { rows } = await sql<{
    period: number;
    version: number;
    figure: string;
    value: string | null;
  }>`
    select distinct on (period, figure) period, version, figure, value from pool_statistics
    where deal_key = ${dealKey} and figure in (${sql.join(figures)})
    order by period, figure, version desc
  `.execute(db);
  return rows.map((row) => ({ ...row, value: row.value === null ? null : BigInt(row.value) }));
}

export async function listRolls(db: Kysely<Database>, key: CloseKey): Promise<Roll[]> {
  const rows: Selectable<PoolRollRatesTable>[] = await db
    .selectFrom("pool_roll_rates")
    .selectAll()
    .where("deal_key", "=", key.dealKey)
    .where("period", "=", key.period)
    .where("version", "=", key.version)
    .execute();
  return rows.map((row) => ({
    before: row.state_before as LoanState,
    after: row.state_after as LoanState,
    loanCount: row.loan_count,
    balanceBeforeCents: row.balance_before_cents,
    balanceAfterCents: row.balance_after_cents,
  }));
}

/** The regions of a close, the largest first. */
export async function listConcentrations(
  db: Kysely<Database>,
  key: CloseKey,
): Promise<Concentration[]> {
  const rows = await db
    .selectFrom("pool_concentrations")
    .selectAll()
    .where("deal_key", "=", key.dealKey)
    .where("period", "=", key.period)
    .where("version", "=", key.version)
    .orderBy("rank")
    .execute();
  return rows.map((row) => ({
    rank: row.rank,
    region: row.region,
    loanCount: row.loan_count,
    balanceCents: row.balance_cents,
    rateWad: row.rate_wad === null ? null : BigInt(row.rate_wad),
  }));
}

/** Origination quarters at the end of one close, loans that do not say last. */
export async function listVintages(db: Kysely<Database>, key: CloseKey): Promise<VintagePoint[]> {
  const points = await listVintageCurves(db, key.dealKey, key);
  return points.map(({ period: _period, ...point }) => point);
}

/** The same for the newest close of every period, or for one close. */
export async function listVintageCurves(
  db: Kysely<Database>,
  dealKey: number,
  close?: CloseKey,
): Promise<(VintagePoint & { period: number })[]> {
  let query = db
    .selectFrom("pool_vintages as point")
    .selectAll("point")
    .where("deal_key", "=", dealKey);
  query =
    close === undefined
      ? query.where("version", "=", ({ selectFrom }) =>
          selectFrom("pool_vintages as newest")
            .select(({ fn }) => fn.max("newest.version").as("version"))
            .where("newest.deal_key", "=", dealKey)
            .whereRef("newest.period", "=", "point.period"),
        )
      : query.where("period", "=", close.period).where("version", "=", close.version);
  const rows = await query
    .orderBy(sql`nullif(quarter, ${NO_QUARTER})`)
    .orderBy("period")
    .execute();
  return rows.map((row) => ({
    period: row.period,
    quarter: row.quarter === NO_QUARTER ? null : row.quarter,
    loanCount: row.loan_count,
    balanceCents: row.balance_cents,
    enteredCount: row.entered_count,
    enteredCents: row.entered_cents,
    originalCents: row.original_cents,
    grossLossCents: row.gross_loss_cents,
    netLossCents: row.net_loss_cents,
  }));
}
