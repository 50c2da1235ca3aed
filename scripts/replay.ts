/**
 * `replay --rpc --deal` computes a deal's whole life again from the chain alone; `replay --deal
 * --inputs` runs a deal over a file of periods and compares what it gives with what the file expects.
 */
import { parseArgs } from "node:util";
import { UsageError, runCommand } from "./run-command.ts";

const usage = `usage: npm run replay -- --rpc URL --deal NUMBER|NAME [--factory ADDRESS] [--from-block N] [--json]
       npm run replay -- --deal DEAL.yaml --inputs INPUTS.json [--chain]
       npm run replay -- --deal DEAL.yaml --inputs INPUTS.json --why AMOUNT --period N [--depth N]

A deal on a chain, computed again from the chain alone:
  --rpc URL           a node; that of \`npm start\` listens on 127.0.0.1, its port is in DATA_DIR/chain/port
  --deal NUMBER|NAME  the deal's number on chain, or the id of its deal file
  --factory ADDRESS   the factory, where several on the chain have made such a deal
  --from-block N      where to begin to look for the deal (default 0)
  --json              the whole comparison as JSON
Any deal, over a file of periods:
  --deal DEAL.yaml    the deal file
  --inputs FILE       its periods and the figures expected; schema: scripts/replay/inputs.schema.json
  --chain             the contracts run it, on a chain of its own
  --why AMOUNT        why an amount is what it is, as classes.A-1.principal; \`list\` names them all
  --period N          the period of that amount, counted from 1
  --depth N           levels of its tree (default: all)

Ends with 0 when everything is equal, 1 on any difference, 2 when it could not be read, 3 when no
distribution has run yet, so that there is nothing to compare.`;

function refuse(options: Readonly<Record<string, unknown>>, mode: string): void {
  const foreign = Object.keys(options).filter((name) => options[name] !== undefined);
  if (foreign.length > 0) throw new UsageError(`--${foreign.join(", --")}: not with ${mode}`);
}

function readNumber(option: string, text: string | undefined): number {
  if (text !== undefined && /^\d{1,4}$/.test(text)) return Number(text);
  throw new UsageError(`--${option} is a number such as 3`);
}

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rpc: { type: "string" },
      deal: { type: "string" },
      factory: { type: "string" },
      "from-block": { type: "string" },
      json: { type: "boolean" },
      inputs: { type: "string" },
      chain: { type: "boolean" },
      why: { type: "string" },
      period: { type: "string" },
      depth: { type: "string" },
    },
  });
  const { rpc, deal, factory, json, inputs, chain, "from-block": fromBlock } = values;
  const { why, period, depth } = values;
  if (inputs === undefined) {
    refuse({ chain, why, period, depth }, "a deal that a node holds");
    const { replayChainDeal } = await import("./replay/replay-chain-deal.ts");
    return replayChainDeal({
      rpc,
      deal,
      factory,
      fromBlock: fromBlock ?? "0",
      json: json ?? false,
    });
  }
  refuse({ rpc, factory, json, "from-block": fromBlock }, "--inputs");
  if (deal === undefined) throw new UsageError("--deal is the deal file that the inputs belong to");
  if (why !== undefined) {
    refuse({ chain }, "--why");
    const { whyNumber } = await import("./replay/why-number.ts");
    const levels = depth === undefined ? undefined : readNumber("depth", depth);
    return whyNumber({ deal, inputs, why, period: readNumber("period", period), depth: levels });
  }
  refuse({ period, depth }, "--inputs without --why");
  const { replayInputs } = await import("./replay/replay-inputs.ts");
  return replayInputs({ deal, inputs, chain: chain ?? false });
}

await runCommand({ name: "replay", usage, run });
