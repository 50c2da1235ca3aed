import { sql, type Insertable, type Kysely, type Selectable, type Transaction } from "kysely";
import type { ClaimsTable } from "../db/chain-tables.ts";
import type { Database } from "../db/tables.ts";

/** A class token of a deal, as its DealCreated event named it; position = class in the terms. */
export interface DealToken {
  dealId: string;
  classIndex: number;
  address: string;
}

/** An event that is not in `claims` yet. */
export interface ClaimEvent {
  deal_id: string;
  args: Record<string, unknown>;
  transaction_hash: string;
  log_index: number;
  block_number: bigint;
  mined_at: Date;
}

/** Serialises the recorders of all processes until the transaction ends. */
export async function lockRecording(trx: Transaction<Database>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('penstock:record-claims'))`.execute(trx);
}

/** The class tokens of every deal on chain (or of one). */
export async function listDealTokens(db: Kysely<Database>, dealId?: string): Promise<DealToken[]> {
  let query = db
    .selectFrom("chain_events")
    .select(["deal_id", "args"])
    .where("name", "=", "DealCreated")
    .where("deal_id", "is not", null);
  if (dealId !== undefined) query = query.where("deal_id", "=", dealId);
  const events = await query.execute();
  return events.flatMap(({ deal_id, args }) =>
    (args["tokens"] as string[]).map((address, classIndex) => ({
      dealId: deal_id as string,
      classIndex,
      address,
    })),
  );
}

/** The compiled terms of every deal. */
export async function listDealTerms(
  db: Kysely<Database>,
): Promise<{ id: string; terms: Buffer }[]> {
  return await db.selectFrom("deals").select(["id", "terms"]).execute();
}

/** The words of a deal's last distribution; undefined before the first. */
export async function findLastWords(
  db: Kysely<Database>,
  dealId: string,
): Promise<bigint[] | undefined> {
  const last = await db
    .selectFrom("distributions")
    .select("words")
    .where("deal_id", "=", dealId)
    .orderBy("period", "desc")
    .limit(1)
    .executeTakeFirst();
  return last?.words.map((word) => BigInt(word));
}

/** Claimed events that stand on the chain and have no row, in the order of the chain. */
export async function listClaimEvents(db: Kysely<Database>): Promise<ClaimEvent[]> {
  const events = await db
    .selectFrom("chain_events as event")
    .innerJoin("chain_blocks as block", "block.number", "event.block_number")
    .select([
      "event.deal_id",
      "event.args",
      "event.transaction_hash",
      "event.log_index",
      "event.block_number",
      "block.mined_at",
    ])
    .where("event.name", "=", "Claimed")
    .where("event.deal_id", "is not", null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("claims as claim")
            .select("claim.log_index")
            .whereRef("claim.deal_id", "=", "event.deal_id")
            .whereRef("claim.block_number", "=", "event.block_number")
            .whereRef("claim.log_index", "=", "event.log_index")
            .whereRef("claim.transaction_hash", "=", "event.transaction_hash"),
        ),
      ),
    )
    .orderBy("event.block_number")
    .orderBy("event.log_index")
    .execute();
  return events.map((event) => ({ ...event, deal_id: event.deal_id as string }));
}

/** Takes away claims whose event a re-org took away. */
export async function deleteLostClaims(trx: Transaction<Database>): Promise<bigint> {
  const result = await trx
    .deleteFrom("claims as claim")
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("chain_events as event")
            .select("event.log_index")
            .whereRef("event.block_number", "=", "claim.block_number")
            .whereRef("event.log_index", "=", "claim.log_index")
            .whereRef("event.transaction_hash", "=", "claim.transaction_hash"),
        ),
      ),
    )
    .executeTakeFirst();
  return result.numDeletedRows;
}

/** Books one payment to a holder. */
export async function insertClaim(
  trx: Transaction<Database>,
  claim: Insertable<ClaimsTable>,
): Promise<void> {
  await trx.insertInto("claims").values(claim).execute();
}

/**
 * Names what is to be recorded: the newest Claimed or Transfer event that is not in our tables, or
 * a row of ours whose event a re-org took away; undefined when everything is recorded.
 */
export async function findUnrecorded(db: Kysely<Database>): Promise<string | undefined> {
  const found = await sql<{ position: string }>`
    (select concat('transfer:', e.block_hash, ':', e.log_index) as position
       from chain_events e left join holding_cursors c on c.deal_id = e.deal_id
      where e.name = 'Transfer' and e.deal_id is not null
        and (c.deal_id is null or (e.block_number, e.log_index) > (c.block_number, c.log_index))
      order by e.block_number desc, e.log_index desc limit 1)
    union all
    (select concat('claim:', e.block_hash, ':', e.log_index)
       from chain_events e
      where e.name = 'Claimed' and e.deal_id is not null and not exists (
        select from claims c where c.deal_id = e.deal_id and c.block_number = e.block_number
           and c.log_index = e.log_index and c.transaction_hash = e.transaction_hash)
      order by e.block_number desc, e.log_index desc limit 1)
    union all
    (select concat('lost-transfer:', c.block_hash, ':', c.log_index)
       from holding_cursors c
      where not exists (select from chain_events e where e.block_number = c.block_number
           and e.log_index = c.log_index and e.block_hash = c.block_hash) limit 1)
    union all
    (select concat('lost-claim:', c.transaction_hash, ':', c.log_index)
       from claims c
      where not exists (select from chain_events e where e.block_number = c.block_number
           and e.log_index = c.log_index and e.transaction_hash = c.transaction_hash) limit 1)
    limit 1`.execute(db);
  return found.rows[0]?.position;
}

/** The position of a deal's last booked Transfer, unless a re-org took that event away. */
export async function findHoldingCursor(
  trx: Transaction<Database>,
  dealId: string,
): Promise<{ block_number: bigint; log_index: number } | undefined> {
  return await trx
    .selectFrom("holding_cursors as cursor")
    .innerJoin("chain_events as event", (join) =>
      join
        .onRef("event.block_number", "=", "cursor.block_number")
        .onRef("event.log_index", "=", "cursor.log_index")
        .onRef("event.block_hash", "=", "cursor.block_hash"),
    )
    .select(["cursor.block_number", "cursor.log_index"])
    .where("cursor.deal_id", "=", dealId)
    .executeTakeFirst();
}

export interface TransferEvent {
  address: string;
  args: Record<string, unknown>;
  block_number: bigint;
  block_hash: string;
  log_index: number;
}

/** A deal's Transfer events after a position, in the order of the chain; all without a position. */
export async function listTransferEvents(
  trx: Transaction<Database>,
  dealId: string,
  after: { block_number: bigint; log_index: number } | undefined,
): Promise<TransferEvent[]> {
  let query = trx
    .selectFrom("chain_events")
    .select(["address", "args", "block_number", "block_hash", "log_index"])
    .where("deal_id", "=", dealId)
    .where("name", "=", "Transfer");
  if (after !== undefined) {
    const position = sql<boolean>`(block_number, log_index) > (${after.block_number}, ${after.log_index})`;
    query = query.where(position);
  }
  return await query.orderBy("block_number").orderBy("log_index").execute();
}

/** Forgets a deal's holdings, to build them anew. */
export async function deleteHoldings(trx: Transaction<Database>, dealId: string): Promise<void> {
  await trx.deleteFrom("holdings").where("deal_id", "=", dealId).execute();
  await trx.deleteFrom("holding_cursors").where("deal_id", "=", dealId).execute();
}

/** Writes what a holder has now; a holding of nothing has no row. */
export async function storeHolding(
  trx: Transaction<Database>,
  holding: { deal_id: string; class_id: string; holder: string; face_cents: bigint },
): Promise<void> {
  if (holding.face_cents === 0n) {
    await trx
      .deleteFrom("holdings")
      .where("deal_id", "=", holding.deal_id)
      .where("class_id", "=", holding.class_id)
      .where("holder", "=", holding.holder)
      .execute();
    return;
  }
  await trx
    .insertInto("holdings")
    .values(holding)
    .onConflict((conflict) =>
      conflict
        .columns(["deal_id", "class_id", "holder"])
        .doUpdateSet({ face_cents: holding.face_cents }),
    )
    .execute();
}

/** Remembers the last booked Transfer of a deal. */
export async function storeHoldingCursor(
  trx: Transaction<Database>,
  dealId: string,
  event: TransferEvent,
): Promise<void> {
  const position = {
    block_number: event.block_number,
    block_hash: event.block_hash,
    log_index: event.log_index,
  };
  await trx
    .insertInto("holding_cursors")
    .values({ deal_id: dealId, ...position })
    .onConflict((conflict) => conflict.column("deal_id").doUpdateSet(position))
    .execute();
}

/** Holdings of a deal, by class and holder; of one holder when named, after a position if any. */
export async function listHoldings(
  db: Kysely<Database>,
  dealId: string,
  page: {
    holder?: string | undefined;
    after?: [classId: string, holder: string] | undefined;
    limit?: number | undefined;
  } = {},
): Promise<{ class_id: string; holder: string; face_cents: bigint }[]> {
  let query = db
    .selectFrom("holdings")
    .select(["class_id", "holder", "face_cents"])
    .where("deal_id", "=", dealId);
  if (page.holder !== undefined) query = query.where("holder", "=", page.holder);
  if (page.after !== undefined) {
    const [classId, holder] = page.after;
    query = query.where(sql<boolean>`(class_id, holder) > (${classId}, ${holder})`);
  }
  if (page.limit !== undefined) query = query.limit(page.limit);
  return await query.orderBy("class_id").orderBy("holder").execute();
}

/** Where a page of claims ends: the newest come first. */
export interface ClaimPosition {
  block: bigint;
  logIndex: number;
}

/** Claims of a deal before a position, newest first; of one holder when named. */
export async function listClaims(
  db: Kysely<Database>,
  dealId: string,
  page: {
    limit?: number | undefined;
    before?: ClaimPosition | undefined;
    holder?: string | undefined;
  },
): Promise<Selectable<ClaimsTable>[]> {
  let query = db.selectFrom("claims").selectAll().where("deal_id", "=", dealId);
  if (page.holder !== undefined) query = query.where("holder", "=", page.holder);
  if (page.before !== undefined) {
    const { block, logIndex } = page.before;
    query = query.where(sql<boolean>`(block_number, log_index) < (${block}, ${logIndex})`);
  }
  if (page.limit !== undefined) query = query.limit(page.limit);
  return await query.orderBy("block_number", "desc").orderBy("log_index", "desc").execute();
}
