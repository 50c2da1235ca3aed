/**
 * Sends the transactions of a deployment one after the other, so that none is ever sent twice: what is about to be sent is
 * written down first, and whoever runs again finds it, whatever line the run before died at.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  getAddress,
  getCreateAddress,
  keccak256,
  type JsonRpcProvider,
  type Signer,
  type TransactionReceipt,
  type TransactionRequest,
} from "ethers";
import type { Call } from "./deploy-contract.ts";
import { feeFields, raiseFees, readFees, type FeeLimits, type Fees } from "./deploy-fees.ts";
import { findByNonce } from "./find-by-nonce.ts";

/** A transaction that may be on its way. It holds no bytes to send: a call is signed again with the same nonce. */
export interface PendingTransaction {
  chainId: number;
  from: string;
  nonce: number;
  to: string | null;
  /** keccak256 of the data. */
  dataHash: string;
  name: string;
  /** Of every version that was signed: only one of them can be mined. */
  hashes: string[];
  /** The head when it was signed first. */
  sinceBlock: number;
}

export interface JournalStore {
  read: () => Promise<PendingTransaction | null>;
  write: (pending: PendingTransaction) => Promise<void>;
  clear: () => Promise<void>;
}

export interface JournalOptions {
  signer: Signer;
  provider: JsonRpcProvider;
  store: JournalStore;
  limits: FeeLimits;
  /** Blocks that must hold a transaction before the next one is sent; 1 is its own. */
  confirmations: number;
  /** Embedded chain only. */
  mine?: (() => Promise<void>) | undefined;
  /** Told of each transaction that is sent, and of each that is settled. */
  onSent?: ((call: Call, hash: string) => void) | undefined;
  onSettled?: ((call: Call, receipt: TransactionReceipt) => Promise<void>) | undefined;
}

export interface Journal {
  transact: (call: Call) => Promise<TransactionReceipt>;
  /** Nothing is on its way any more: the next run may send the same again. */
  close: () => Promise<void>;
}

/** A transaction was mined and did nothing. */
export class RevertedError extends Error {
  override readonly name = "RevertedError";
}

/** Room above the estimate: the state may move between estimate and block. */
const GAS_MARGIN_PERCENT = 120n;
/** Blocks that a transaction may wait although it is its turn before its fees are raised. */
const STUCK_BLOCKS = 5;
/** Blocks after which a used nonce without a receipt is another's: nodes behind one address differ. */
const SETTLE_BLOCKS = 2;
const FIRST_POLL_MS = 40;
const LAST_POLL_MS = 2_000;

/** Carries calls into blocks, one after the other. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { provider, signer, store } = options;
  const from = await signer.getAddress();
  const chainId = Number((await provider.getNetwork()).chainId);
  let left = await store.read();
  if (left !== null && (left.chainId !== chainId || left.from !== from)) {
    throw new Error(
      `a transaction (${left.name}) of ${left.from} on chain ${left.chainId} may be under way: run this again as that ` +
        "account on that chain first",
    );
  }
  const transact = async (call: Call): Promise<TransactionReceipt> => {
    const earlier = left;
    left = null;
    const own = { options, from, chainId, call };
    if (earlier !== null && !isSame(earlier, call)) await outwait(own, earlier);
    else if (earlier !== null) {
      const receipt = await carry({ ...own, pending: earlier, signed: null });
      if (receipt !== null) return receipt;
    }
    for (;;) {
      const receipt = await carry({ ...own, pending: null, signed: null });
      if (receipt !== null) return receipt;
    }
  };
  return { transact, close: () => store.clear() };
}

interface Carriage {
  options: JournalOptions;
  from: string;
  chainId: number;
  call: Call;
}

interface Carried extends Carriage {
  pending: PendingTransaction | null;
  /** As it was signed last in this run; null when it is one of the run before. */
  signed: TransactionRequest | null;
}

function isSame(pending: PendingTransaction, call: Call): boolean {
  return pending.to === targetOf(call) && pending.dataHash === keccak256(call.data);
}

function targetOf({ to }: Pick<Call, "to">): string | null {
  return to === null ? null : getAddress(to);
}

/** What the run before left is not what is to be done now: it goes first, whatever becomes of it. */
async function outwait(own: Carriage, earlier: PendingTransaction): Promise<void> {
  const { provider } = own.options;
  for (let poll = 0; ; poll += 1) {
    const isMined = (await usedNonces(provider, own.from)) > earlier.nonce;
    const known = await Promise.all(earlier.hashes.map((hash) => provider.getTransaction(hash)));
    if (isMined || known.every((each) => each === null)) return;
    await own.options.mine?.();
    await pause(poll);
  }
}

/** @returns the receipt; null when the nonce went to a transaction of somebody else with the same key */
async function carry(carried: Carried): Promise<TransactionReceipt | null> {
  const state = carried;
  state.pending ??= await sign(state, null);
  for (let poll = 0; ; poll += 1) {
    const receipt = await findReceipt(state.options, state.pending);
    if (receipt !== null) return settle(state, state.pending, receipt);
    if ((await usedNonces(state.options.provider, state.from)) > state.pending.nonce) {
      if (await isReplaced(state, state.pending)) return null;
    } else {
      state.pending = await push(state, state.pending);
      await state.options.mine?.();
    }
    await pause(poll);
  }
}

/** Sees to it that a version of the transaction is with the node, with fees that a block takes. */
async function push(state: Carried, pending: PendingTransaction): Promise<PendingTransaction> {
  const { provider, onSent } = state.options;
  const known = await provider.getTransaction(pending.hashes.at(-1) ?? "");
  if (known === null) {
    const signed = state.signed === null ? await sign(state, pending) : pending;
    await broadcast(state, signed);
    onSent?.(state.call, signed.hashes.at(-1) ?? "");
    return signed;
  }
  const waited = (await provider.getBlockNumber()) - pending.sinceBlock;
  if (waited < STUCK_BLOCKS * pending.hashes.length) return pending;
  const raised = await sign(state, pending, feesOf(known));
  if (raised.hashes.length > pending.hashes.length) await broadcast(state, raised);
  return raised;
}

function feesOf(transaction: {
  gasPrice: bigint;
  maxFeePerGas: bigint | null;
  maxPriorityFeePerGas: bigint | null;
}): Fees {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  const highest = maxFeePerGas ?? gasPrice;
  return { maxFeePerGas: highest, maxPriorityFeePerGas, expectedPerGas: highest };
}

/**
 * Signs the call, with the nonce and after the hashes of `earlier`, and writes it down before anything is sent.
 * @param stuck the fees that were not enough
 * @throws an ethers CALL_EXCEPTION when the contract would refuse it: nothing is written then
 */
async function sign(
  state: Carried,
  earlier: PendingTransaction | null,
  stuck: Fees | null = null,
): Promise<PendingTransaction> {
  const { call, from, chainId } = state;
  const { provider, signer, store, limits } = state.options;
  const { data, name } = call;
  const to = targetOf(call);
  const current = await readFees(provider, limits);
  const fees = stuck === null ? current : raiseFees(stuck, current, limits);
  const gas = await provider.estimateGas({ from, to, data });
  const nonce = earlier?.nonce ?? (await provider.getTransactionCount(from, "pending"));
  const gasLimit = (gas * GAS_MARGIN_PERCENT) / 100n;
  const request = { chainId, nonce, to, data, value: 0n, gasLimit, ...feeFields(fees) };
  const hash = keccak256(await signer.signTransaction(request));
  const hashes = [...new Set([...(earlier?.hashes ?? []), hash])];
  const sinceBlock = earlier?.sinceBlock ?? (await provider.getBlockNumber());
  const dataHash = keccak256(data);
  const pending = { chainId, from, nonce, to, dataHash, name, hashes, sinceBlock };
  await store.write(pending);
  state.signed = request;
  return pending;
}

/** Sends the signed bytes; sending them again is harmless: the hash is the same. */
async function broadcast(state: Carried, { nonce }: PendingTransaction): Promise<void> {
  if (state.signed === null) throw new Error("nothing is signed");
  const { provider, signer } = state.options;
  try {
    await provider.broadcastTransaction(await signer.signTransaction({ ...state.signed, nonce }));
  } catch (error) {
    // Known, or its nonce is used: the receipt will tell by which.
    if (
      !/already (known|imported)|nonce|underpriced|less than block base fee/i.test(wordsOf(error))
    ) {
      throw error;
    }
  }
}

function wordsOf(error: unknown): string {
  const {
    error: inner,
    info,
    message,
  } = error as {
    error?: { message?: string };
    info?: { error?: { message?: string } };
    message?: string;
  };
  return inner?.message ?? info?.error?.message ?? message ?? "";
}

async function findReceipt(
  { provider }: JournalOptions,
  { hashes }: PendingTransaction,
): Promise<TransactionReceipt | null> {
  for (const hash of hashes.toReversed()) {
    const receipt = await provider.getTransactionReceipt(hash);
    if (receipt !== null) return receipt;
  }
  return null;
}

/** Waits for the confirmations. @returns null when the block was replaced by one without it */
async function settle(
  state: Carried,
  pending: PendingTransaction,
  first: TransactionReceipt,
): Promise<TransactionReceipt | null> {
  const { provider, confirmations, mine, onSettled, store } = state.options;
  let receipt: TransactionReceipt = first;
  for (let poll = 0; ; poll += 1) {
    const head = await provider.getBlockNumber();
    const again = await findReceipt(state.options, pending);
    if (again === null) return carry({ ...state, pending });
    receipt = again;
    if (head - receipt.blockNumber + 1 >= confirmations) break;
    await mine?.();
    await pause(poll);
  }
  if (receipt.status === 0) {
    await store.clear();
    throw await explainReverted(state, receipt);
  }
  requireOwnCreation(pending, receipt);
  await onSettled?.(state.call, receipt);
  return receipt;
}

/** Where a contract is created follows from sender and nonce: a node that says another address would have its own taken. */
function requireOwnCreation(
  { from, nonce, to }: PendingTransaction,
  { contractAddress, hash }: TransactionReceipt,
): void {
  if (to !== null) return;
  const created = getCreateAddress({ from, nonce });
  if (contractAddress === created) return;
  throw new Error(
    `the node says that transaction ${hash} has created ${contractAddress}, it creates ${created}: use another node`,
  );
}

/** A receipt carries no reason: the call is made again on the block before. */
async function explainReverted(
  { call, from, options }: Carriage,
  { hash, blockNumber }: TransactionReceipt,
): Promise<unknown> {
  const { to, data } = call;
  try {
    await options.provider.call({ from, to, data, blockTag: blockNumber - 1 });
  } catch (error) {
    return error;
  }
  return new RevertedError(`transaction ${hash} (${call.name}) failed in block ${blockNumber}`);
}

/**
 * The nonce is used, and by none of our hashes: a wallet has sent the same with a higher fee (then its hash is one of ours
 * from now on), or something else.
 * @returns whether it is something else
 */
async function isReplaced(state: Carried, pending: PendingTransaction): Promise<boolean> {
  const { provider, store } = state.options;
  if ((await provider.getBlockNumber()) - pending.sinceBlock < SETTLE_BLOCKS) {
    await state.options.mine?.();
    return false;
  }
  const found = await findByNonce(provider, pending);
  if (found === null) return false;
  if (found.to !== pending.to || keccak256(found.data) !== pending.dataHash) return true;
  pending.hashes.push(found.hash);
  await store.write(pending);
  return false;
}

async function usedNonces(provider: JsonRpcProvider, from: string): Promise<number> {
  return provider.getTransactionCount(from, "latest");
}

async function pause(poll: number): Promise<void> {
  await sleep(Math.min(FIRST_POLL_MS * 1.25 ** poll, LAST_POLL_MS));
}
