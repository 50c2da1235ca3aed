/**
 * Computes a deal's whole life again from the chain alone and prints what does not agree:
 *   npm run replay -- --rpc URL --deal ID [--factory ADDRESS] [--from-block N] [--json]
 * Ends with 0 when everything is equal, 1 on any difference, 2 when it could not be read.
 */
import { parseArgs } from "node:util";
import { connectNode } from "../server/chain/connect-node.ts";
import { readDealRecord } from "../server/chain/read-deal-record.ts";
import { formatReplay } from "../server/history/format-replay.ts";
import { replayDeal } from "../server/history/replay-deal.ts";

const usage =
  "usage: npm run replay -- --rpc URL --deal ID [--factory ADDRESS] [--from-block N] [--json]";

const { values } = parseArgs({
  options: {
    rpc: { type: "string" },
    deal: { type: "string" },
    factory: { type: "string" },
    "from-block": { type: "string", default: "0" },
    json: { type: "boolean", default: false },
  },
});

/** JSON has no integers of this size: as decimal text. */
function plain(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

async function main(): Promise<number> {
  const { rpc, deal, factory } = values;
  const numbers = [deal ?? "", values["from-block"]];
  if (
    rpc === undefined ||
    !URL.canParse(rpc) ||
    !numbers.every((text) => /^\d{1,15}$/.test(text))
  ) {
    console.error(usage);
    return 2;
  }
  let provider: Awaited<ReturnType<typeof connectNode>> | undefined;
  try {
    provider = await connectNode(rpc);
    const fromBlock = Number(values["from-block"]);
    const record = await readDealRecord(provider, {
      dealId: BigInt(deal ?? 0),
      factory,
      fromBlock,
    });
    const replay = replayDeal(record);
    console.log(values.json ? JSON.stringify(replay, plain, 2) : formatReplay(replay));
    return replay.differenceCount === 0 ? 0 : 1;
  } catch (error) {
    console.error(`replay: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  } finally {
    provider?.destroy();
  }
}

process.exitCode = await main();
