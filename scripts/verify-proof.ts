/**
 * Checks that a loan's row is in the tape that a report committed to, without the server:
 *   node scripts/verify-proof.ts PROOF.json --commitment 0x...
 *   node scripts/verify-proof.ts PROOF.json --rpc URL --registry ADDRESS --deal ID
 * The proof is what GET /v1/deals/:deal/periods/:period/loans/:loan/proof answers; with --rpc the
 * commitment is read from the report registry, for the period that the proof names. Ends with 0
 * when the row is proven, 1 when it is not, 2 when it could not be checked.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { connectNode } from "../server/chain/connect-node.ts";
import { readCommitment } from "../server/chain/read-commitment.ts";
import { checkLoanProof, parseLoanProof } from "../server/history/check-proof.ts";

const usage = [
  "usage: node scripts/verify-proof.ts PROOF.json --commitment 0x...",
  "       node scripts/verify-proof.ts PROOF.json --rpc URL --registry ADDRESS --deal ID",
].join("\n");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    commitment: { type: "string" },
    rpc: { type: "string" },
    registry: { type: "string" },
    deal: { type: "string" },
  },
});

/** The commitment that was given, or the chain's; undefined when neither is asked for rightly. */
async function findCommitment(period: number): Promise<string | undefined> {
  const { commitment, rpc, registry, deal } = values;
  if (commitment !== undefined) {
    return /^0x[0-9a-fA-F]{64}$/.test(commitment) ? commitment : undefined;
  }
  if (rpc === undefined || registry === undefined || !/^\d{1,15}$/.test(deal ?? "")) {
    return undefined;
  }
  const provider = await connectNode(rpc);
  try {
    return await readCommitment(provider, { registry, dealId: BigInt(deal ?? 0), period });
  } finally {
    provider.destroy();
  }
}

async function main(): Promise<number> {
  const [file] = positionals;
  if (file === undefined) {
    console.error(usage);
    return 2;
  }
  try {
    const proof = parseLoanProof(await readFile(file, "utf8"));
    const commitment = await findCommitment(proof.leaf.period);
    if (commitment === undefined) {
      console.error(usage);
      return 2;
    }
    const proven = checkLoanProof(proof, commitment);
    const { loanId, dealId, period } = proof.leaf;
    const row = `the row of loan ${loanId} in period ${period} of ${dealId}`;
    console.log(
      proven
        ? `proven: ${row} is in the tape`
        : `NOT PROVEN: ${row} does not lead to ${commitment}`,
    );
    if (proven) console.log(proof.row);
    return proven ? 0 : 1;
  } catch (error) {
    console.error(`verify-proof: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}

process.exitCode = await main();
