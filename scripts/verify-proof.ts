/** Checks that a loan's row is in the tape that a report committed to, without the server. */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type JsonRpcProvider, isAddress } from "ethers";
import { connectNode } from "../server/chain/connect-node.ts";
import { decodeRevert } from "../server/chain/decode-revert.ts";
import { findDeal, readReportRegistry } from "../server/chain/find-deal.ts";
import { readCommitment } from "../server/chain/read-commitment.ts";
import { checkLoanProof, parseLoanProof } from "../server/history/check-proof.ts";
import { printableText } from "../server/lib/printable-text.ts";
import type { LoanProof } from "../server/tapes/loan-proof.ts";
import { UsageError, runCommand } from "./run-command.ts";

const usage = `usage: npm run verify-proof -- FILE --rpc URL [--deal NUMBER|NAME] [--factory ADDRESS] [--from-block N]
       npm run verify-proof -- FILE --rpc URL --registry ADDRESS --deal NUMBER
       npm run verify-proof -- FILE --commitment 0x...

FILE is what GET /v1/deals/:deal/periods/:period/loans/:loan/proof answered. The deal is found on the
chain by the name in the proof (or --deal), its report registry by its factory; the commitment is that
of the accepted report of the proof's period, or the one given.

Ends with 0 when the row is proven, 1 when it is not, 2 when it could not be checked.`;

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
async function findRegistry(provider: JsonRpcProvider, args: Arguments, { leaf }: LoanProof) {
  const { registry, factory, fromBlock } = args;
  const deal = args.deal ?? leaf.dealId;
  if (registry !== undefined) return { registry, dealId: BigInt(deal) };
  const found = await findDeal(provider, { deal, factory, fromBlock });
  if (found.name !== leaf.dealId) {
    throw new Error(
      `the proof is of ${leaf.dealId}, deal ${deal} is ${found.name ?? "unreadable"}`,
    );
  }
  return {
    registry: await readReportRegistry(provider, found.factory),
    dealId: found.dealId,
  };
}

/** The commitment that was given, or the chain's. */
async function findCommitment(args: Arguments, proof: LoanProof): Promise<string> {
  const { commitment, rpc = "" } = args;
  if (commitment !== undefined) return commitment;
  const { period } = proof.leaf;
  const provider = await connectNode(rpc);
  try {
    const { registry, dealId } = await findRegistry(provider, args, proof);
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
  const proof = parseLoanProof(await readFile(args.file, "utf8"), args.file);
  const commitment = await findCommitment(args, proof);
  const { loanId, dealId, period } = proof.leaf;
  const row = `the row of loan ${loanId} in period ${period} of ${dealId}`;
  const proven = checkLoanProof(proof, commitment);
  const outcome = proven
    ? `proven: ${row} is in the tape\n${proof.row}`
    : `NOT PROVEN: ${row} does not lead to ${commitment}`;
  console.log(printableText(outcome));
  return proven ? 0 : 1;
}

await runCommand({ name: "verify-proof", usage, run });
