import type { Kysely, Selectable } from "kysely";
import type { DistributionsTable } from "../db/chain-tables.ts";
import type { Database } from "../db/tables.ts";
import type { ReportKey } from "../reports/report-queries.ts";

export async function findDistribution(
  db: Kysely<Database>,
  { dealId, period }: ReportKey,
): Promise<Selectable<DistributionsTable> | undefined> {
  return db
    .selectFrom("distributions")
    .selectAll()
    .where("deal_id", "=", dealId)
    .where("period", "=", period)
    .executeTakeFirst();
}
