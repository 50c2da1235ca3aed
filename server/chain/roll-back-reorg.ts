import type { Context } from "../context.ts";
import { deleteAbove, findLastBlock, listBlocksBelow, type Block } from "./event-queries.ts";
import { readBlock } from "./read-range.ts";
import { reopenTransactions } from "./transaction-queries.ts";

/** Stored blocks that are compared in one go. */
const BATCH = 64;

/**
 * Compares the stored blocks with the chain's from the top down and takes back everything above
 * the last one that is the same, in one transaction: events, what was derived from them, and the
 * settlement of our own transactions, which are sent again.
 * @returns the block that everything was taken back to; undefined when nothing was
 */
export async function rollBackReorg(context: Context): Promise<bigint | undefined> {
  const top = await findLastBlock(context.db);
  if (top === undefined) return undefined;
  const ancestor = await findAncestor(context, top);
  if (ancestor === top.number) return undefined;
  context.log.warn({ from: String(top.number), to: String(ancestor) }, "re-org: rolling back");
  await context.db.transaction().execute(async (trx) => {
    await deleteAbove(trx, ancestor);
    await reopenTransactions(trx, ancestor);
  });
  return ancestor;
}

/** The highest stored block that the chain still has; the one before the first when none is. */
async function findAncestor(context: Context, top: Block): Promise<bigint> {
  let blocks = [top];
  while (blocks.length > 0) {
    for (const stored of blocks) {
      const actual = await readBlock(context.chain, stored.number);
      if (actual?.hash === stored.hash) return stored.number;
    }
    const below = blocks.at(-1)?.number ?? 0n;
    blocks = await listBlocksBelow(context.db, { below, limit: BATCH });
  }
  return BigInt(context.chain.deployment.deployBlock) - 1n;
}
