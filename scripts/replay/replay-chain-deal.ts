/** Computes a deal's whole life again from the chain alone and prints what does not agree. */
import { isAddress } from "ethers";
import { connectNode } from "../../server/chain/connect-node.ts";
import { findDeal } from "../../server/chain/find-deal.ts";
import { readDealRecord } from "../../server/chain/read-deal-record.ts";
import { formatReplay } from "../../server/history/format-replay.ts";
import { type Replay, replayDeal } from "../../server/history/replay-deal.ts";
import { printableText } from "../../server/lib/printable-text.ts";
import { UsageError } from "../run-command.ts";

export interface ChainReplayOptions {
  rpc?: string | undefined;
  deal?: string | undefined;
  factory?: string | undefined;
  fromBlock: string;
  json: boolean;
}

/** JSON has no integers of this size: as decimal text. */
function plain(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

function exitCode(replay: Replay): number {
  if (replay.differenceCount > 0) return 1;
  return replay.periods.length === 0 ? 3 : 0;
}

function checkOptions({ rpc = "", deal = "", factory, fromBlock, json }: ChainReplayOptions) {
  const wrong: string[] = [];
  if (!URL.canParse(rpc)) wrong.push("--rpc is the URL of a node");
  if (deal === "") wrong.push("--deal is the deal's number or name");
  if (factory !== undefined && !isAddress(factory)) wrong.push("--factory is an address");
  if (!/^\d{1,15}$/.test(fromBlock)) wrong.push("--from-block is a block number");
  if (wrong.length > 0) throw new UsageError(wrong.join("; "));
  return { rpc, deal, factory, json, fromBlock: Number(fromBlock) };
}

/**
 * Replays a deal that a node holds and prints the comparison.
 * @returns the exit code: 1 on any difference, 3 when no distribution has run
 * @throws UsageError when the options do not fit together
 */
export async function replayChainDeal(options: ChainReplayOptions): Promise<number> {
  const { rpc, json, ...search } = checkOptions(options);
  const provider = await connectNode(rpc);
  try {
    const { dealId, factory } = await findDeal(provider, search);
    const { fromBlock } = search;
    const replay = replayDeal(await readDealRecord(provider, { dealId, factory, fromBlock }));
    console.log(json ? JSON.stringify(replay, plain, 2) : printableText(formatReplay(replay)));
    return exitCode(replay);
  } finally {
    provider.destroy();
  }
}
