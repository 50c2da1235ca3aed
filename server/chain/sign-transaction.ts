import { keccak256, Transaction as EthereumTransaction, type Signer } from "ethers";
import type { Context } from "../context.ts";
import type { Chain } from "./connect-chain.ts";
import { problem } from "../errors.ts";
import { callNode } from "./call-node.ts";
import {
  findNextNonce,
  lockForSigning,
  updateSigned,
  type ChainTransaction,
} from "./transaction-queries.ts";

/** Room above the estimate: the state may move between estimate and inclusion. */
const GAS_MARGIN_PERCENT = 125n;
/** Nodes ask at least 10 % more for a replacement; 25 % also survives two full blocks. */
const BUMP_PERCENT = 125n;

interface Fees {
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
}

/**
 * Signs an intent and stores the bytes before anything is sent, so that a restart sends the same
 * transaction. The nonce is taken under a lock of the sender: the node's own count or the first
 * above every nonce given out here, whichever is higher. Nothing happens when it is signed already.
 * @throws an ethers CALL_EXCEPTION when the contract would refuse the call (nothing is stored)
 */
export async function signIntent(context: Context, row: ChainTransaction): Promise<void> {
  const { chain, db } = context;
  const signer = await signerOf(chain, row.sender);
  const call = { from: row.sender, to: row.recipient, data: row.data };
  // Everything that asks the node comes first: no call to the chain inside the transaction.
  const [gas, fees, counted] = await Promise.all([
    callNode<string>(chain, "eth_estimateGas", [call]),
    currentFees(chain),
    callNode<string>(chain, "eth_getTransactionCount", [row.sender, "pending"]),
  ]);
  await db.transaction().execute(async (trx) => {
    const locked = await lockForSigning(trx, row);
    if (locked.raw !== null || locked.status !== "intended") return;
    const nonce = Math.max(Number(counted), await findNextNonce(trx, row.sender));
    const signed = await sign(signer, {
      chainId: chain.chainId,
      row: locked,
      nonce,
      gasLimit: (BigInt(gas) * GAS_MARGIN_PERCENT) / 100n,
      fees,
    });
    await updateSigned(trx, locked, signed);
  });
}

/**
 * Signs a stuck transaction again with the same nonce and higher fees. Only one of the two can
 * ever be mined; the replaced hash is kept, because it may be that one.
 */
export async function bumpFees(context: Context, row: ChainTransaction): Promise<void> {
  const { chain, db } = context;
  const signer = await signerOf(chain, row.sender);
  const fees = await currentFees(chain);
  await db.transaction().execute(async (trx) => {
    const locked = await lockForSigning(trx, row);
    if (locked.raw === null || locked.hash !== row.hash || locked.settled_at !== null) return;
    const stuck = EthereumTransaction.from(locked.raw);
    const signed = await sign(signer, {
      chainId: chain.chainId,
      row: locked,
      nonce: stuck.nonce,
      gasLimit: stuck.gasLimit,
      fees: {
        maxFeePerGas: raise(stuck.maxFeePerGas ?? 0n, fees.maxFeePerGas),
        maxPriorityFeePerGas: raise(stuck.maxPriorityFeePerGas ?? 0n, fees.maxPriorityFeePerGas),
      },
    });
    await updateSigned(trx, locked, signed);
  });
}

function raise(stuck: bigint, current: bigint): bigint {
  const bumped = (stuck * BUMP_PERCENT) / 100n + 1n;
  return bumped > current ? bumped : current;
}

async function sign(
  signer: Signer,
  transaction: {
    chainId: bigint;
    row: ChainTransaction;
    nonce: number;
    gasLimit: bigint;
    fees: Fees;
  },
): Promise<{ nonce: number; raw: string; hash: string }> {
  const { chainId, row, nonce, gasLimit, fees } = transaction;
  const raw = await signer.signTransaction({
    type: 2,
    chainId,
    nonce,
    to: row.recipient,
    data: row.data,
    value: 0n,
    gasLimit,
    ...fees,
  });
  return { nonce, raw, hash: keccak256(raw) };
}

/** EIP-1559: twice the base fee survives six full blocks in a row. Amounts in wei. */
async function currentFees(chain: Chain): Promise<Fees> {
  const [block, tip] = await Promise.all([
    callNode<{ baseFeePerGas: string }>(chain, "eth_getBlockByNumber", ["latest", false]),
    callNode<string>(chain, "eth_maxPriorityFeePerGas", []),
  ]);
  const maxPriorityFeePerGas = BigInt(tip);
  return {
    maxFeePerGas: 2n * BigInt(block.baseFeePerGas) + maxPriorityFeePerGas,
    maxPriorityFeePerGas,
  };
}

/** The server's key of an address. @throws Problem sender-unknown */
async function signerOf(chain: Chain, sender: string): Promise<Signer> {
  for (const signer of [chain.servicer, chain.attester]) {
    if ((await signer.getAddress()).toLowerCase() === sender.toLowerCase()) return signer;
  }
  throw problem("sender-unknown", { sender });
}
