import { setTimeout as sleep } from "node:timers/promises";
import { isError } from "ethers";
import type { Context } from "../context.ts";
import { Problem, problem } from "../errors.ts";
import { callNode } from "./call-node.ts";
import { decodeRevert, describeRevert, problemOfRevert } from "./decode-revert.ts";
import { settleByReceipt } from "./settle-transaction.ts";
import { bumpFees, signIntent } from "./sign-transaction.ts";
import {
  getTransaction,
  listOpenBefore,
  updateSent,
  updateSettled,
  updateUnsigned,
  type ChainTransaction,
} from "./transaction-queries.ts";

/** The first look for a receipt comes soon (an embedded chain mines at once), later ones are rarer. */
const FIRST_POLL_MS = 50;
const LAST_POLL_MS = 2_000;
/** Some two minutes: after that the transaction stays `sent` and a later tick goes on. */
const POLLS = 80;
/** Blocks that a transaction may wait although it is its turn before its fees are raised. */
const STUCK_BLOCKS = 5n;
/** Blocks after which a used nonce without a receipt is another's: nodes behind one address differ. */
const SETTLE_BLOCKS = 2n;

/**
 * Carries the intent of `key` to its end: sign and store, send, wait for the receipt, settle.
 * Every line may be the last one of a process: another call goes on from the row. Two processes
 * may call it at once; they send the same bytes.
 * @returns the settled row, status `mined`
 * @throws Problem chain-unreachable, transaction-pending (state kept, call again later), the
 *   contract's refusal as its own problem, transaction-failed when it was refused before
 */
export async function sendIntended(context: Context, key: string): Promise<ChainTransaction> {
  for (let poll = 0; poll < POLLS; poll += 1) {
    const row = await getTransaction(context.db, key);
    if (row.status === "mined") return row;
    if (row.status === "failed") {
      throw problem("transaction-failed", { key, reason: row.error ?? "" });
    }
    if (await advance(context, row, poll === 0)) continue;
    await sleep(Math.min(FIRST_POLL_MS * 1.25 ** poll, LAST_POLL_MS));
  }
  throw problem("transaction-pending", { key });
}

/**
 * One movement towards the receipt. The first of a call always sends what is signed: the process
 * that stored the bytes may have died before it sent them, or the node may have dropped them.
 * @returns whether the row has moved on; false: there is nothing to do but wait
 */
async function advance(context: Context, row: ChainTransaction, first: boolean): Promise<boolean> {
  // A replaced hash may have been mined although the intent is unsigned again.
  if (row.raw === null) {
    if (row.earlier_hashes.length > 0 && (await settleByReceipt(context, row))) return true;
    await signOrRefuse(context, row);
    return true;
  }
  if (first || row.sent_block === null) {
    await broadcastEarlier(context, row);
    await broadcast(context, row);
    await context.chain.mine?.();
  }
  if (await settleByReceipt(context, row)) return true;
  if (row.sent_block !== null) await unstick(context, row, row.sent_block);
  return false;
}

/** A call that the contract refuses is never signed: no nonce is spent on it. */
async function signOrRefuse(context: Context, row: ChainTransaction): Promise<void> {
  try {
    await signIntent(context, row);
  } catch (error) {
    const revert = decodeRevert(error);
    if (revert === undefined) throw nodeRefusal(row, error);
    await updateSettled(context.db, row, {
      settlement: {
        status: "failed",
        hash: null,
        gasUsed: null,
        blockNumber: null,
        error: describeRevert(revert),
      },
      now: context.clock.now(),
    });
    throw problemOfRevert(revert);
  }
}

/** A sender's transactions are mined in the order of their nonces, so the earlier ones go first. */
async function broadcastEarlier(context: Context, row: ChainTransaction): Promise<void> {
  if (row.nonce === null) return;
  for (const earlier of await listOpenBefore(context.db, row.sender, row.nonce)) {
    await broadcast(context, earlier);
  }
}

/**
 * Sends the stored bytes. Sending them again is harmless: the hash is the same.
 * @throws Problem chain-unreachable, node-refused (state kept: e.g. the sender cannot pay the gas)
 */
async function broadcast(context: Context, row: ChainTransaction): Promise<void> {
  const head = BigInt(await callNode<string>(context.chain, "eth_blockNumber", []));
  try {
    await callNode(context.chain, "eth_sendRawTransaction", [row.raw]);
  } catch (error) {
    if (isBelowBaseFee(error)) {
      await bumpFees(context, row);
      return;
    }
    // Known, or its nonce is used: by itself (a receipt will tell) or by another (unstick will).
    if (!isKnown(error)) throw nodeRefusal(row, error);
  }
  await updateSent(context.db, row, head);
}

/** The node answered, and will not have it for now: e.g. the sender cannot pay the gas. */
function nodeRefusal(row: ChainTransaction, error: unknown): unknown {
  if (error instanceof Problem || !(error instanceof Error && "shortMessage" in error))
    return error;
  return problem("node-refused", { key: row.idempotency_key, reason: wordsOf(error) });
}

function isKnown(error: unknown): boolean {
  if (isError(error, "NONCE_EXPIRED") || isError(error, "REPLACEMENT_UNDERPRICED")) return true;
  return /already (known|imported)|nonce too low|underpriced/i.test(wordsOf(error));
}

/** The base fee has risen past the signed maximum: some nodes do not even keep such a transaction. */
function isBelowBaseFee(error: unknown): boolean {
  return /less than block base fee|max fee per gas (is )?(too low|less)/i.test(wordsOf(error));
}

/** The node's own words, which ethers wraps. */
function wordsOf(error: unknown): string {
  const { error: inner, info } = error as {
    error?: { message?: string };
    info?: { error?: { message?: string } };
  };
  return inner?.message ?? info?.error?.message ?? String(error);
}

/**
 * A transaction without a receipt: its nonce was consumed by another one, or its fees are too low,
 * or it waits for its block.
 */
async function unstick(context: Context, row: ChainTransaction, sentBlock: bigint): Promise<void> {
  const { chain } = context;
  await chain.mine?.();
  const counted = await callNode<string>(chain, "eth_getTransactionCount", [row.sender, "latest"]);
  const waited = BigInt(await callNode<string>(chain, "eth_blockNumber", [])) - sentBlock;
  if (row.nonce === null || Number(counted) < row.nonce) return;
  const details = { key: row.idempotency_key, nonce: row.nonce };
  if (Number(counted) > row.nonce) {
    // The receipt may have come between the questions: ask again, now that the nonce is used.
    if ((await settleByReceipt(context, row)) || waited < SETTLE_BLOCKS) return;
    context.log.warn(details, "the nonce was used by another transaction: signing again");
    await updateUnsigned(context.db, row);
  } else if (waited >= STUCK_BLOCKS) {
    context.log.warn(details, "the transaction is stuck: raising its fees");
    await bumpFees(context, row);
  }
}
