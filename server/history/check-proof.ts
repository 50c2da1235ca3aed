import { Value } from "typebox/value";
import { BlockOpeningSchema, verifyBlockOpening } from "../tapes/block-opening.ts";
import type { BlockOpening } from "../tapes/block-opening.ts";
import { LoanProofSchema, verifyLoanProof } from "../tapes/loan-proof.ts";
import type { LoanProof } from "../tapes/loan-proof.ts";

/** What an auditor can hold in hands: the proof of a loan's row, or a block of rows opened. */
export type TapeEvidence =
  { kind: "loan"; proof: LoanProof } | { kind: "block"; proof: BlockOpening };

/**
 * Reads the JSON of a loan's proof or of a block's opening.
 * @param source what messages call it, e.g. the file's name
 * @throws Error naming what is missing or malformed
 */
export function parseEvidence(text: string, source = "the proof"): TapeEvidence {
  const json = parseJson(text, source);
  if (Value.Check(LoanProofSchema, json)) return { kind: "loan", proof: json };
  if (Value.Check(BlockOpeningSchema, json)) return { kind: "block", proof: json };
  const isBlock = typeof json === "object" && json !== null && "rows" in json;
  const schema = isBlock ? BlockOpeningSchema : LoanProofSchema;
  const wrong = [...Value.Errors(schema, json)].map(
    ({ instancePath, message }) => `${instancePath || "/"} ${message}`,
  );
  const what = isBlock ? "an opening of a tape's block" : "a proof of a loan's row";
  throw new Error(`${source}: not ${what}: ${wrong.join("; ")}`);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${source}: is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** Whether the proof leads from its row or rows to the commitment that stands on chain. */
export function checkEvidence(evidence: TapeEvidence, commitment: string): boolean {
  return evidence.kind === "loan"
    ? verifyLoanProof(evidence.proof, commitment)
    : verifyBlockOpening(evidence.proof, commitment);
}
