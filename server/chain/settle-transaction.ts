import { isError } from "ethers";
import type { Context } from "../context.ts";
import { callNode } from "./call-node.ts";
import { decodeRevert, describeRevert } from "./decode-revert.ts";
import { hashesOf, updateSettled, type ChainTransaction } from "./transaction-queries.ts";

interface Receipt {
  transactionHash: string;
  status: string;
  blockNumber: string;
  gasUsed: string;
}

/**
 * Looks for a receipt under every hash of the intent and writes what became of it.
 * @returns whether there was one
 */
export async function settleByReceipt(context: Context, row: ChainTransaction): Promise<boolean> {
  for (const hash of hashesOf(row)) {
    const receipt = await callNode<Receipt | null>(context.chain, "eth_getTransactionReceipt", [
      hash,
    ]);
    if (receipt === null) continue;
    const mined = BigInt(receipt.status) === 1n;
    await updateSettled(context.db, row, {
      settlement: {
        status: mined ? "mined" : "failed",
        hash,
        gasUsed: BigInt(receipt.gasUsed),
        blockNumber: BigInt(receipt.blockNumber),
        error: mined ? null : await explainRevert(context, row, receipt),
      },
      now: context.clock.now(),
    });
    return true;
  }
  return false;
}

/** A receipt carries no reason: the call is made again on the block before, as an eth_call. */
async function explainRevert(
  context: Context,
  row: ChainTransaction,
  receipt: Receipt,
): Promise<string> {
  const before = `0x${(BigInt(receipt.blockNumber) - 1n).toString(16)}`;
  const call = { from: row.sender, to: row.recipient, data: row.data };
  try {
    await callNode(context.chain, "eth_call", [call, before]);
  } catch (error) {
    const revert = decodeRevert(error);
    if (revert !== undefined) return describeRevert(revert);
    if (!isError(error, "CALL_EXCEPTION")) throw error;
  }
  return `reverted in block ${BigInt(receipt.blockNumber)}, by what came before it in that block`;
}
