/** Where the inputs of a run came from, as far as Postgres knows. */
import type { Kysely } from "kysely";
import type { Database } from "../db/tables.ts";

interface RunKey {
  dealId: string;
  /** Ordinal, from 1. */
  period: number;
}

/** The fixings of a period, by the position of their index. */
export async function listFixingRounds(
  db: Kysely<Database>,
  { dealId, period }: RunKey,
): Promise<{ position: number; round_id: string; answered_at: Date; transaction_hash: string }[]> {
  return await db
    .selectFrom("index_fixings")
    .select(["position", "round_id", "answered_at", "transaction_hash"])
    .where("deal_id", "=", dealId)
    .where("period", "=", period)
    .execute();
}

/** The list of loans that stood in a period. */
export async function findPurchaseList(db: Kysely<Database>, { dealId, period }: RunKey) {
  return await db
    .selectFrom("purchase_lists")
    .select(["version", "list_root", "loan_count", "transaction_hash"])
    .where("deal_id", "=", dealId)
    .where("period", "=", period)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
}

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
