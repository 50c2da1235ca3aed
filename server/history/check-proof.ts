import { Value } from "typebox/value";
import { verifyLoanProof, LoanProofSchema, type LoanProof } from "../tapes/loan-proof.ts";

/**
 * Reads a proof's JSON.
 * @param source what messages call it, e.g. the file's name
 * @throws Error naming what is missing or malformed
 */
export function parseLoanProof(text: string, source = "the proof"): LoanProof {
  const json = parseJson(text, source);
  if (Value.Check(LoanProofSchema, json)) return json;
  const wrong = [...Value.Errors(LoanProofSchema, json)].map(
    ({ instancePath, message }) => `${instancePath || "/"} ${message}`,
  );
  throw new Error(`${source}: not a proof of a loan's row: ${wrong.join("; ")}`);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${source}: is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Whether the proof leads from the loan's row to the commitment that stands on chain. A row whose
 * text is not JSON proves nothing.
 */
export function checkLoanProof(proof: LoanProof, commitment: string): boolean {
  try {
    return verifyLoanProof(proof, commitment);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
