import type { Kysely, Selectable } from "kysely";
import type { ClosedPeriodsTable, Database } from "../db/tables.ts";
import type { StatisticsJson } from "./statistics-json.ts";

/** What a closed period keeps beside its figures. */
export type ClosedStatistics = StatisticsJson & {
  /** keccak256 of the roll rates, concentrations and vintages that are kept beside. */
  tablesHash: string;
  /**
   * Hash of the closed period before, in the first the root of the cut-off tape: another one there makes
   * this close stale.
   */
  previousCloseHash: string;
};

export type ClosedPeriod = Omit<Selectable<ClosedPeriodsTable>, "statistics"> & {
  statistics: ClosedStatistics;
};

/** The newest version of a closed period. */
export async function findClosedPeriod(
  db: Kysely<Database>,
  dealId: string,
  period: number,
): Promise<ClosedPeriod | undefined> {
  const row = await db
    .selectFrom("closed_periods")
    .selectAll()
    .where("deal_id", "=", dealId)
    .where("period", "=", period)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  return row as ClosedPeriod | undefined;
}

/** The newest version of every closed period of a deal, first period first. */
export async function listClosedPeriods(
  db: Kysely<Database>,
  dealId: string,
): Promise<ClosedPeriod[]> {
  const rows = await db
    .selectFrom("closed_periods")
    .selectAll()
    .distinctOn("period")
    .where("deal_id", "=", dealId)
    .orderBy("period")
    .orderBy("version", "desc")
    .execute();
  return rows as unknown as ClosedPeriod[];
}

export async function insertClosedPeriod(
  trx: Kysely<Database>,
  closed: ClosedPeriod,
): Promise<void> {
  await trx
    .insertInto("closed_periods")
    .values({
      ...closed,
      figures: JSON.stringify(closed.figures),
      stated_figures: JSON.stringify(closed.stated_figures),
      statistics: JSON.stringify(closed.statistics),
    })
    .execute();
}
