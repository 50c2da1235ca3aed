import type { Kysely } from "kysely";
import type { Database } from "../db/tables.ts";
import { followReport, type VersionLife } from "./report-life.ts";
import type { ReportKey } from "./report-queries.ts";

/** The versions that the chain accepted of a period's report, as far as its events are read. */
export async function listVersions(
  db: Kysely<Database>,
  { dealId, period }: ReportKey,
): Promise<VersionLife[]> {
  const rows = await db
    .selectFrom("report_moves")
    .selectAll()
    .where("deal_id", "=", dealId)
    .where("period", "=", period)
    .orderBy("block_number")
    .orderBy("log_index")
    .execute();
  return followReport(
    rows.map((row) => ({
      version: row.version,
      move: row.move,
      reportHash: row.report_hash,
      figures: row.figures?.map((figure) => BigInt(figure)) ?? null,
      party: row.party,
      backingCents: row.backing_cents === null ? null : BigInt(row.backing_cents),
      reason: row.reason,
      movedAt: row.moved_at,
      finalAt: row.final_at,
      transactionHash: row.transaction_hash,
    })),
  );
}

/** Periods of a deal that were restated, in order. */
export async function listRestatedPeriods(db: Kysely<Database>, dealId: string): Promise<number[]> {
  const rows = await db
    .selectFrom("report_moves")
    .select("period")
    .distinct()
    .where("deal_id", "=", dealId)
    .where("move", "=", "restated")
    .orderBy("period")
    .execute();
  return rows.map(({ period }) => period);
}
