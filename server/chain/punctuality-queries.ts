import type { Kysely, Selectable } from "kysely";
import type { PunctualityChangesTable } from "../db/chain-tables.ts";
import type { Database } from "../db/tables.ts";

type State = PunctualityChangesTable["state"];

/** Whether the deal's reports were in time as it was last declared. */
export async function findLastPunctuality(db: Kysely<Database>, dealId: string): Promise<State> {
  return (await listPunctualityChanges(db, dealId)).at(-1)?.state ?? "on time";
}

/** What was declared of a deal's reports, in the order of the chain. */
export async function listPunctualityChanges(
  db: Kysely<Database>,
  dealId: string,
): Promise<Selectable<PunctualityChangesTable>[]> {
  return db
    .selectFrom("punctuality_changes")
    .selectAll()
    .where("deal_id", "=", dealId)
    .orderBy("block_number")
    .orderBy("log_index")
    .execute();
}

/** Whether the registry takes no reports of the deal at present. */
export async function isPaused(db: Kysely<Database>, dealId: string): Promise<boolean> {
  const last = await db
    .selectFrom("chain_events")
    .select("name")
    .where("deal_id", "=", dealId)
    .where("name", "in", ["ReportsPaused", "ReportsUnpaused"])
    .orderBy("block_number", "desc")
    .orderBy("log_index", "desc")
    .executeTakeFirst();
  return last?.name === "ReportsPaused";
}
