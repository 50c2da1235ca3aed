import type { Transaction } from "kysely";
import type { Context } from "../context.ts";
import type { Database } from "../db/tables.ts";
import { readTerms } from "../deals/read-terms.ts";
import type { Job } from "../jobs/job.ts";
import {
  deleteHoldings,
  deleteLostClaims,
  findHoldingCursor,
  findUnrecorded,
  insertClaim,
  listClaimEvents,
  listDealTerms,
  listDealTokens,
  listHoldings,
  listTransferEvents,
  lockRecording,
  storeHolding,
  storeHoldingCursor,
  type TransferEvent,
} from "./claim-queries.ts";

const noAddress = "0x0000000000000000000000000000000000000000";

/** What was taken over from the chain's events. */
export interface RecordedClaims {
  claims: number;
  transfers: number;
}

/** Class by token address (lower case) of every deal on chain. */
type ClassOfToken = Map<string, { dealId: string; classId: string }>;

async function loadClasses(trx: Transaction<Database>): Promise<ClassOfToken> {
  const tokens = await listDealTokens(trx);
  const deals = await listDealTerms(trx);
  const terms = new Map(deals.map((deal) => [deal.id, readTerms(deal.terms)]));
  return new Map(
    tokens.map(({ dealId, classIndex, address }) => [
      address.toLowerCase(),
      { dealId, classId: terms.get(dealId)?.classes[classIndex]?.name ?? String(classIndex) },
    ]),
  );
}

async function recordClaimRows(trx: Transaction<Database>, classes: ClassOfToken): Promise<number> {
  const lost = await deleteLostClaims(trx);
  const events = await listClaimEvents(trx);
  for (const event of events) {
    await insertClaim(trx, {
      deal_id: event.deal_id,
      class_id: classes.get(String(event.args["token"]).toLowerCase())?.classId ?? "unknown",
      holder: String(event.args["holder"]),
      interest_units: BigInt(String(event.args["interestUnits"])),
      principal_units: BigInt(String(event.args["principalUnits"])),
      transaction_hash: event.transaction_hash,
      log_index: event.log_index,
      block_number: event.block_number,
      claimed_at: event.mined_at,
    });
  }
  return events.length + Number(lost);
}

/** Adds transfers to what the holders had. Keyed by class and holder. */
function sumTransfers(
  before: ReadonlyMap<string, bigint>,
  events: readonly TransferEvent[],
  classes: ClassOfToken,
): Map<string, bigint> {
  const faces = new Map<string, bigint>();
  const add = (classId: string, holder: string, face: bigint): void => {
    if (holder === noAddress) return;
    const key = `${classId} ${holder}`;
    faces.set(key, (faces.get(key) ?? before.get(key) ?? 0n) + face);
  };
  for (const { address, args } of events) {
    const classId = classes.get(address.toLowerCase())?.classId;
    if (classId === undefined) continue;
    const face = BigInt(String(args["value"]));
    add(classId, String(args["from"]), -face);
    add(classId, String(args["to"]), face);
  }
  return faces;
}

async function recordHoldings(
  trx: Transaction<Database>,
  dealId: string,
  classes: ClassOfToken,
): Promise<number> {
  const cursor = await findHoldingCursor(trx, dealId);
  if (cursor === undefined) await deleteHoldings(trx, dealId);
  const events = await listTransferEvents(trx, dealId, cursor);
  const last = events.at(-1);
  if (last === undefined) return 0;
  const before = new Map(
    (await listHoldings(trx, dealId)).map(({ class_id, holder, face_cents }) => [
      `${class_id} ${holder}`,
      face_cents,
    ]),
  );
  for (const [key, face_cents] of sumTransfers(before, events, classes)) {
    const separator = key.lastIndexOf(" ");
    await storeHolding(trx, {
      deal_id: dealId,
      class_id: key.slice(0, separator),
      holder: key.slice(separator + 1),
      face_cents,
    });
  }
  await storeHoldingCursor(trx, dealId, last);
  return events.length;
}

/**
 * Takes the stored events over into holdings and claims: what is new is added, what a re-org took
 * away is removed. One transaction; running it again changes nothing.
 */
export async function recordClaims(context: Context): Promise<RecordedClaims> {
  return await context.db.transaction().execute(async (trx) => {
    await lockRecording(trx);
    const classes = await loadClasses(trx);
    const claims = await recordClaimRows(trx, classes);
    let transfers = 0;
    for (const dealId of new Set([...classes.values()].map((entry) => entry.dealId))) {
      transfers += await recordHoldings(trx, dealId, classes);
    }
    return { claims, transfers };
  });
}

/** Due while an event stands that is not recorded, or a record stands whose event is gone. */
export const recordClaimsJob: Job = {
  name: "record-claims",
  async due({ db }) {
    const position = await findUnrecorded(db);
    return position === undefined ? [] : [{ key: position, data: {} }];
  },
  async run(context) {
    await recordClaims(context);
  },
};
