import type { Filter, JsonRpcProvider, Log } from "ethers";

/** Blocks asked for at once; many nodes refuse more. */
const SPAN = 10_000;

/**
 * All logs of a filter between two blocks, in the order of the chain, however long the range: it is
 * cut into spans, and a span that the node finds too large is halved.
 */
export async function listLogs(
  provider: JsonRpcProvider,
  filter: Filter & { fromBlock: number; toBlock: number },
): Promise<Log[]> {
  const logs: Log[] = [];
  let span = SPAN;
  for (let from = filter.fromBlock; from <= filter.toBlock;) {
    const to = Math.min(from + span - 1, filter.toBlock);
    try {
      logs.push(...(await provider.getLogs({ ...filter, fromBlock: from, toBlock: to })));
      from = to + 1;
    } catch (error) {
      if (span === 1) throw error;
      span = Math.ceil(span / 2);
    }
  }
  return logs;
}
