/** The proof that a loan's row is in the tape whose root is on chain. Pure: needs nothing of the server. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { rootOfRow } from "../lib/tape-tree-proof.ts";
import type { RowProof } from "../lib/tape-tree-proof.ts";
import * as parts from "./proof-parts.ts";
import { readLoanLine } from "./read-loan-line.ts";

export const LoanProofSchema = Type.Object({
  ...parts.tapeSchema,
  loan: Type.String(),
  position: Type.Integer({ description: "of the row in the tape, the first one is 0" }),
  ...parts.rowSchema,
  block: Type.Object(
    {
      leaves: Type.Array(parts.Hash, { maxItems: 15 }),
      groups: Type.Array(parts.Hash, { maxItems: 31 }),
      ...parts.sumsSchema,
    },
    {
      description: "hashes beside the row's way inside its block of 256 to 511 rows, and its sums",
    },
  ),
  ...parts.rootSchema,
});
export type LoanProof = Static<typeof LoanProofSchema>;

/** A proof as JSON. */
export function buildLoanProof(
  tape: parts.ProvenTape,
  { loanId, proof }: { loanId: string; proof: RowProof },
): LoanProof {
  return {
    ...parts.commonParts(tape, proof.siblings),
    loan: loanId,
    position: proof.position,
    line: proof.row.line.toString(),
    salt: parts.hex(proof.row.salt),
    block: {
      leaves: proof.leaves.map(parts.hex),
      groups: proof.groups.map(parts.hex),
      ...parts.sumsJson(proof.sums),
    },
  };
}

/**
 * Whether the row is in the tape, and the tape's count and balance are what the commitment says. The
 * balance and the bucket that are summed are read from the row's own text.
 * @param commitment what the report registry answers for the period, 0x and 64 hex digits
 */
export function verifyLoanProof(proof: LoanProof, commitment: string): boolean {
  const facts = parts.readFacts(proof);
  const row = parts.readRowJson(proof);
  if (facts === null || row === null) return false;
  if (readLoanLine(proof.line)?.loanId !== proof.loan) return false;
  const reached = rootOfRow(facts, {
    position: proof.position,
    row,
    leaves: proof.block.leaves.map(parts.bytesOf),
    groups: proof.block.groups.map(parts.bytesOf),
    sums: parts.readSums(proof.block),
    siblings: parts.readSiblings(proof),
  });
  return parts.leadsTo(reached, proof, commitment);
}
