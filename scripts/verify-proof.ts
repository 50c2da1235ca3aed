/** Checks that a loan's row, or a block of rows, is in the tape that a report committed to, without the server. */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type JsonRpcProvider, isAddress } from "ethers";
import { connectNode } from "../server/chain/connect-node.ts";
import { decodeRevert } from "../server/chain/decode-revert.ts";
import { findDeal, readReportRegistry } from "../server/chain/find-deal.ts";
import { readCommitment } from "../server/chain/read-commitment.ts";
import { checkEvidence, parseEvidence } from "../server/history/check-proof.ts";
import type { TapeEvidence } from "../server/history/check-proof.ts";
import { describeEvidence } from "../server/history/describe-evidence.ts";
import { printableLine } from "../server/lib/printable-text.ts";
import { UsageError, runCommand } from "./run-command.ts";

const usage = `usage: npm run verify-proof -- FILE --rpc URL [--deal NUMBER|NAME] [--factory ADDRESS] [--from-block N]
       npm run verify-proof -- FILE --rpc URL --registry ADDRESS --deal NUMBER
       npm run verify-proof -- FILE --commitment 0x...

FILE is what GET /v1/deals/:deal/periods/:period/loans/:loan/proof answered, or
GET /v1/deals/:deal/tapes/:tape/blocks/:block: all rows of a block, which add up to its sums. The deal is found on the
chain by the name in the proof (or --deal), its report registry by its factory; the commitment is that
of the accepted report of the proof's period, or the one given.

Ends with 0 when the row or the block is proven, 1 when it is not, 2 when it could not be checked.`;

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      commitment: { type: "string" },
      rpc: { type: "string" },
      registry: { type: "string" },
      deal: { type: "string" },
      factory: { type: "string" },
      "from-block": { type: "string", default: "0" },
    },
  });
  const { commitment, rpc, registry, deal, factory } = values;
  const [file, ...others] = positionals;
  const wrong: string[] = [];
  if (file === undefined || others.length > 0) wrong.push("name one file");
  if ((commitment === undefined) === (rpc === undefined)) wrong.push("give --rpc or --commitment");
  if (commitment !== undefined && !/^0x[0-9a-fA-F]{64}$/.test(commitment)) {
    wrong.push("--commitment is 0x and 64 hex digits");
  }
  if (rpc !== undefined && !URL.canParse(rpc)) wrong.push("--rpc is the URL of a node");
  for (const [name, value] of Object.entries({ registry, factory })) {
    if (value !== undefined && !isAddress(value)) wrong.push(`--${name} is an address`);
  }
  if (registry !== undefined && !/^\d{1,15}$/.test(deal ?? "")) {
    wrong.push("--registry needs --deal with the deal's number");
  }
  if (!/^\d{1,15}$/.test(values["from-block"])) wrong.push("--from-block is a block number");
  if (wrong.length > 0 || file === undefined) throw new UsageError(wrong.join("; "));
  return {
    file,
    commitment,
    rpc,
    registry,
    deal,
    factory,
    fromBlock: Number(values["from-block"]),
  };
}

type Arguments = ReturnType<typeof readArguments>;

/** Where the deal's reports are accepted, and its number there. */
async function findRegistry(provider: JsonRpcProvider, args: Arguments, proven: string) {
  const { registry, factory, fromBlock } = args;
  const deal = args.deal ?? proven;
  if (registry !== undefined) return { registry, dealId: BigInt(deal) };
  const found = await findDeal(provider, { deal, factory, fromBlock });
  if (found.name !== proven) {
    throw new Error(`the proof is of ${proven}, deal ${deal} is ${found.name ?? "unreadable"}`);
  }
  return {
    registry: await readReportRegistry(provider, found.factory),
    dealId: found.dealId,
  };
}

/** The commitment that was given, or the chain's. */
async function findCommitment(args: Arguments, { proof }: TapeEvidence): Promise<string> {
  const { commitment, rpc = "" } = args;
  if (commitment !== undefined) return commitment;
  const { period } = proof;
  const provider = await connectNode(rpc);
  try {
    const { registry, dealId } = await findRegistry(provider, args, proof.deal);
    const where = `deal ${dealId} at the report registry ${registry}`;
    try {
      const found = await readCommitment(provider, { registry, dealId, period });
      console.error(`period ${period} of ${where}`);
      return found;
    } catch (error) {
      if (decodeRevert(error)?.name !== "ReportUnknown") throw error;
      const why = period === 0 ? " (0 is the cut-off, of which nobody reports)" : "";
      throw new Error(`no report for period ${period}${why} of ${where}`, { cause: error });
    }
  } finally {
    provider.destroy();
  }
}

async function run(): Promise<number> {
  const args = readArguments();
  const evidence = parseEvidence(await readFile(args.file, "utf8"), args.file);
  const commitment = await findCommitment(args, evidence);
  const { subject, lines } = describeEvidence(evidence);
  const proven = checkEvidence(evidence, commitment);
  const outcome = proven
    ? [`proven: ${subject} in the tape`, ...lines]
    : [`NOT PROVEN: nothing leads from ${subject} to ${commitment}`];
  console.log(outcome.map(printableLine).join("\n"));
  return proven ? 0 : 1;
}

await runCommand({ name: "verify-proof", usage, run });
