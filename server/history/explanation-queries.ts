import type { Kysely } from "kysely";
import type { Database } from "../db/tables.ts";

/** What was last said under each notice of a deal. */
export async function listLastNotices(
  db: Kysely<Database>,
  dealId: string,
): Promise<{ position: number; action: string; party: string; transaction_hash: string }[]> {
  return await db
    .selectFrom("notices")
    .distinctOn("position")
    .select(["position", "action", "party", "transaction_hash"])
    .where("deal_id", "=", dealId)
    .orderBy("position")
    .orderBy("block_number", "desc")
    .orderBy("log_index", "desc")
    .execute();
}
