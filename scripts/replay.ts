/** Computes a deal's whole life again from the chain alone and prints what does not agree. */
import { parseArgs } from "node:util";
import { isAddress } from "ethers";
import { connectNode } from "../server/chain/connect-node.ts";
import { findDeal } from "../server/chain/find-deal.ts";
import { readDealRecord } from "../server/chain/read-deal-record.ts";
import { formatReplay } from "../server/history/format-replay.ts";
import { type Replay, replayDeal } from "../server/history/replay-deal.ts";
import { printableText } from "../server/lib/printable-text.ts";
import { UsageError, runCommand } from "./run-command.ts";

const usage = `usage: npm run replay -- --rpc URL --deal NUMBER|NAME [--factory ADDRESS] [--from-block N] [--json]

  --rpc URL           a node; that of \`npm start\` listens on 127.0.0.1, its port is in DATA_DIR/chain/port
  --deal NUMBER|NAME  the deal's number on chain, or the id of its deal file
  --factory ADDRESS   the factory, where several on the chain have made such a deal
  --from-block N      where to begin to look for the deal (default 0)
  --json              the whole comparison as JSON

Ends with 0 when everything is equal, 1 on any difference, 2 when it could not be read, 3 when no
distribution has run yet, so that there is nothing to compare.`;

/** JSON has no integers of this size: as decimal text. */
function plain(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

function exitCode(replay: Replay): number {
  if (replay.differenceCount > 0) return 1;
  return replay.periods.length === 0 ? 3 : 0;
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      rpc: { type: "string" },
      deal: { type: "string" },
      factory: { type: "string" },
      "from-block": { type: "string", default: "0" },
      json: { type: "boolean", default: false },
    },
  });
  const { rpc = "", deal = "", factory, json, "from-block": fromBlock } = values;
  const wrong: string[] = [];
  if (!URL.canParse(rpc)) wrong.push("--rpc is the URL of a node");
  if (deal === "") wrong.push("--deal is the deal's number or name");
  if (factory !== undefined && !isAddress(factory)) wrong.push("--factory is an address");
  if (!/^\d{1,15}$/.test(fromBlock)) wrong.push("--from-block is a block number");
  if (wrong.length > 0) throw new UsageError(wrong.join("; "));
  return { rpc, deal, factory, json, fromBlock: Number(fromBlock) };
}

async function run(): Promise<number> {
  const { rpc, json, ...search } = readArguments();
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

await runCommand({ name: "replay", usage, run });
