import type { JsonRpcProvider, TransactionResponse } from "ethers";

/** Blocks that are read one by one where a node keeps no old states. */
const MOST_BLOCKS = 5_000;

/**
 * The mined transaction of an account with a nonce, from a block on; null when it is not found.
 * Searches by the account's count, and block by block on a node that does not keep old states.
 */
export async function findByNonce(
  provider: JsonRpcProvider,
  { from, nonce, sinceBlock }: { from: string; nonce: number; sinceBlock: number },
): Promise<TransactionResponse | null> {
  const head = await provider.getBlockNumber();
  const at = await findBlock(provider, { from, nonce, low: sinceBlock, high: head });
  const [first, last] = at === null ? [sinceBlock, head] : [at, at];
  for (let number = first; number <= Math.min(last, first + MOST_BLOCKS); number += 1) {
    const block = await provider.getBlock(number, true);
    const found = block?.prefetchedTransactions.find(
      (each) => each.from === from && each.nonce === nonce,
    );
    if (found !== undefined) return found;
  }
  return null;
}

async function findBlock(
  provider: JsonRpcProvider,
  { from, nonce, low, high }: { from: string; nonce: number; low: number; high: number },
): Promise<number | null> {
  let [least, most] = [low, high];
  try {
    while (least < most) {
      const middle = Math.floor((least + most) / 2);
      if ((await provider.getTransactionCount(from, middle)) > nonce) most = middle;
      else least = middle + 1;
    }
    return least;
  } catch {
    return null;
  }
}
