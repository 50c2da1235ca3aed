import type { Context } from "../context.ts";
import { callNode } from "./call-node.ts";
import type { EventRange } from "./read-range.ts";
import { listSettledBetween, type ChainTransaction } from "./transaction-queries.ts";

/**
 * Our own transactions that were settled in blocks of this range, and that the chain has there no
 * more: a re-org came after they were settled and before their block was ever read.
 */
export async function listVanished(
  context: Context,
  { from, to }: EventRange,
): Promise<ChainTransaction[]> {
  const vanished: ChainTransaction[] = [];
  for (const row of await listSettledBetween(context.db, { from, to })) {
    const receipt = await callNode<{ blockNumber: string } | null>(
      context.chain,
      "eth_getTransactionReceipt",
      [row.hash],
    );
    if (receipt === null || BigInt(receipt.blockNumber) !== row.block_number) vanished.push(row);
  }
  return vanished;
}
