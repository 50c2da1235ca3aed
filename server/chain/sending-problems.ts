import type { ProblemCode } from "../errors.ts";

/** Codes of every route that sends a transaction. */
export const SENDING_PROBLEMS = [
  "chain-refused",
  "chain-unreachable",
  "node-refused",
  "transaction-pending",
  "transaction-failed",
] as const satisfies readonly ProblemCode[];
