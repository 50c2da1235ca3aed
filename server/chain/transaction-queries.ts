import { sql, type Insertable, type Kysely, type Selectable, type Transaction } from "kysely";
import type { ChainTransactionsTable } from "../db/chain-tables.ts";
import type { Database } from "../db/tables.ts";
import { problem } from "../errors.ts";

export type ChainTransaction = Selectable<ChainTransactionsTable>;

/** A decision to send something, before it is signed. `data` is the call, 0x-hex. */
export interface Intent {
  /** Says what is decided, e.g. `publish:<deal>:<period>:<version>`: one transaction per key. */
  key: string;
  kind: string;
  dealId: string | null;
  period: number | null;
  sender: string;
  recipient: string;
  data: string;
}

/**
 * Writes an intent inside the transaction that decided it. The same key again changes nothing,
 * unless its transaction failed: then the failed row steps aside (its key gets `#<id>`, so the
 * history stays) and a new attempt begins.
 */
export async function insertIntent(
  trx: Transaction<Database>,
  intent: Intent,
  now: Date,
): Promise<void> {
  await trx
    .updateTable("chain_transactions")
    .set({ idempotency_key: sql<string>`idempotency_key || '#' || id` })
    .where("idempotency_key", "=", intent.key)
    .where("status", "=", "failed")
    .execute();
  const row: Insertable<ChainTransactionsTable> = {
    idempotency_key: intent.key,
    deal_id: intent.dealId,
    period: intent.period,
    kind: intent.kind,
    sender: intent.sender,
    recipient: intent.recipient,
    data: intent.data,
    nonce: null,
    raw: null,
    hash: null,
    earlier_hashes: "[]",
    status: "intended",
    gas_used: null,
    block_number: null,
    error: null,
    created_at: now,
    sent_block: null,
    settled_at: null,
  };
  await trx
    .insertInto("chain_transactions")
    .values(row)
    .onConflict((conflict) => conflict.column("idempotency_key").doNothing())
    .execute();
}

/** @throws Problem transaction-unknown */
export async function getTransaction(db: Kysely<Database>, key: string): Promise<ChainTransaction> {
  const row = await findTransaction(db, key);
  if (row === undefined) throw problem("transaction-unknown", { key });
  return row;
}

export async function findTransaction(
  db: Kysely<Database>,
  key: string,
): Promise<ChainTransaction | undefined> {
  return db
    .selectFrom("chain_transactions")
    .selectAll()
    .where("idempotency_key", "=", key)
    .executeTakeFirst();
}

/** Everything that is decided and not settled, in the order of its nonces. */
export async function listOpenTransactions(db: Kysely<Database>): Promise<ChainTransaction[]> {
  return db
    .selectFrom("chain_transactions")
    .selectAll()
    .where("status", "in", ["intended", "sent"])
    .orderBy("sender")
    .orderBy("nonce", (order) => order.asc().nullsLast())
    .orderBy("id")
    .execute();
}

/** Signed transactions of one sender that stand before a nonce and are not settled. */
export async function listOpenBefore(
  db: Kysely<Database>,
  sender: string,
  nonce: number,
): Promise<ChainTransaction[]> {
  return db
    .selectFrom("chain_transactions")
    .selectAll()
    .where("sender", "=", sender)
    .where("nonce", "<", nonce)
    .where("status", "in", ["intended", "sent"])
    .orderBy("nonce")
    .execute();
}

/** Locks the sender's nonces, then the row, until the transaction ends. */
export async function lockForSigning(
  trx: Transaction<Database>,
  row: ChainTransaction,
): Promise<ChainTransaction> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`nonce:${row.sender}`}, 0))`.execute(
    trx,
  );
  return trx
    .selectFrom("chain_transactions")
    .selectAll()
    .where("id", "=", row.id)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/** The first nonce above every one that this database gave to the sender; 0 when it gave none. */
export async function findNextNonce(trx: Transaction<Database>, sender: string): Promise<number> {
  const { last } = await trx
    .selectFrom("chain_transactions")
    .select((select) => select.fn.max("nonce").as("last"))
    .where("sender", "=", sender)
    .executeTakeFirstOrThrow();
  return last === null ? 0 : Number(last) + 1;
}

/** Stores the signed bytes; the hash that they replace stays known, for it may still be mined. */
export async function updateSigned(
  trx: Transaction<Database>,
  row: ChainTransaction,
  signed: { nonce: number; raw: string; hash: string },
): Promise<void> {
  await trx
    .updateTable("chain_transactions")
    .set({ ...signed, earlier_hashes: JSON.stringify(hashesOf(row)), sent_block: null })
    .where("id", "=", row.id)
    .execute();
}

/** Every hash under which this intent was ever signed. */
export function hashesOf(row: ChainTransaction): string[] {
  return row.hash === null ? row.earlier_hashes : [row.hash, ...row.earlier_hashes];
}

/** Forgets a nonce that another transaction consumed: the intent is signed anew. */
export async function updateUnsigned(db: Kysely<Database>, row: ChainTransaction): Promise<void> {
  await db
    .updateTable("chain_transactions")
    .set({
      nonce: null,
      raw: null,
      hash: null,
      earlier_hashes: JSON.stringify(hashesOf(row)),
      status: "intended",
      sent_block: null,
    })
    .where("id", "=", row.id)
    .where("hash", "=", row.hash)
    .where("status", "in", ["intended", "sent"])
    .execute();
}

export async function updateSent(
  db: Kysely<Database>,
  row: ChainTransaction,
  head: bigint,
): Promise<void> {
  await db
    .updateTable("chain_transactions")
    .set((update) => ({
      status: "sent",
      sent_block: update.fn.coalesce("sent_block", sql<bigint>`${head}`),
    }))
    .where("id", "=", row.id)
    .where("hash", "=", row.hash)
    .where("status", "in", ["intended", "sent"])
    .execute();
}

/** What became of a transaction; `hash` is the one of its hashes that was mined. */
export interface Settlement {
  status: "mined" | "failed";
  hash: string | null;
  gasUsed: bigint | null;
  blockNumber: bigint | null;
  error: string | null;
}

export async function updateSettled(
  db: Kysely<Database>,
  row: ChainTransaction,
  { settlement, now }: { settlement: Settlement; now: Date },
): Promise<void> {
  const others = hashesOf(row).filter((hash) => hash !== settlement.hash);
  await db
    .updateTable("chain_transactions")
    .set({
      status: settlement.status,
      gas_used: settlement.gasUsed,
      block_number: settlement.blockNumber,
      error: settlement.error,
      settled_at: now,
      ...(settlement.hash === null
        ? {}
        : { hash: settlement.hash, earlier_hashes: JSON.stringify(others) }),
    })
    .where("id", "=", row.id)
    .where("status", "in", ["intended", "sent"])
    .execute();
}

const REOPENED = {
  status: "sent",
  gas_used: null,
  block_number: null,
  error: null,
  settled_at: null,
  sent_block: null,
} as const;

/**
 * Opens again what a re-org may have taken out: settled in a block above `ancestor`. The same
 * signed bytes are sent again; where the transaction is still in the chain its receipt says so.
 */
export async function reopenTransactions(
  trx: Transaction<Database>,
  ancestor: bigint,
): Promise<void> {
  await trx
    .updateTable("chain_transactions")
    .set(REOPENED)
    .where("block_number", ">", ancestor)
    .where("raw", "is not", null)
    .execute();
}

/** Transactions that were settled in a block of the range. */
export async function listSettledBetween(
  db: Kysely<Database>,
  { from, to }: { from: bigint; to: bigint },
): Promise<ChainTransaction[]> {
  return db
    .selectFrom("chain_transactions")
    .selectAll()
    .where("block_number", ">=", from)
    .where("block_number", "<=", to)
    .execute();
}

/** Opens transactions again whose settlement is not in the chain any more. */
export async function reopenVanished(
  trx: Transaction<Database>,
  rows: readonly ChainTransaction[],
): Promise<void> {
  for (const row of rows) {
    await trx
      .updateTable("chain_transactions")
      .set(REOPENED)
      .where("id", "=", row.id)
      .where("block_number", "=", row.block_number)
      .execute();
  }
}

/** How many intents whose key begins with `prefix` have a status. */
export async function countTransactions(
  db: Kysely<Database>,
  prefix: string,
  status: ChainTransaction["status"],
): Promise<number> {
  const { count } = await db
    .selectFrom("chain_transactions")
    .select((select) => select.fn.countAll<bigint>().as("count"))
    .where(sql`starts_with(idempotency_key, ${prefix})`, "=", sql`true`)
    .where("status", "=", status)
    .executeTakeFirstOrThrow();
  return Number(count);
}
