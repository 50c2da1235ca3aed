import type { Transaction } from "kysely";
import type { Database } from "../db/tables.ts";
import { recordDistributions } from "./record-distributions.ts";
import { recordReports } from "./record-reports.ts";
import { insertIndexFixings, insertNotices, insertPurchaseLists } from "./input-event-queries.ts";

/**
 * What is derived from stored events in the transaction that stores them. Every step asks for the
 * events that it has not applied yet, so it may run any number of times; rows that it derives carry
 * the block number, by which a re-org takes them back. Holdings and claims belong to a later step
 * of the flow (record-claims), which reads `chain_events` itself.
 */
export async function applyEvents(trx: Transaction<Database>): Promise<void> {
  await insertIndexFixings(trx);
  await insertPurchaseLists(trx);
  await insertNotices(trx);
  await recordReports(trx);
  await recordDistributions(trx);
}
