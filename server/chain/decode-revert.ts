import { isError } from "ethers";
import { Problem, problem, type ProblemCode } from "../errors.ts";
import { platformInterface } from "./platform-interface.ts";

/** A contract's refusal: its custom error by name, arguments as text. */
export interface Revert {
  name: string;
  args: Record<string, string>;
}

/** Custom errors that a person can act on get a code of their own; the others are `chain-refused`. */
const CODES: Readonly<Record<string, ProblemCode>> = {
  SignaturesTooFew: "signatures-too-few",
  SignatureInvalid: "signature-refused",
  SignerNotAttester: "signer-not-attester",
  ReportTooEarly: "report-too-early",
  FigureOutOfBounds: "report-figure-out-of-bounds",
  FigureNegative: "report-figure-out-of-bounds",
  FigureCountMismatch: "report-figure-out-of-bounds",
  IdentityBroken: "identity-broken",
  ReportsArePaused: "reports-paused",
  ReportNotFinal: "report-not-final",
  ReportNotStanding: "report-rejected",
  OpeningMismatch: "opening-mismatch",
  PeriodOutOfOrder: "period-not-next",
  ReportNotUsed: "distribution-missing",
  VersionOutOfOrder: "report-version-out-of-order",
  ReportAlreadyUsed: "report-final",
  TermsMismatch: "terms-mismatch",
  ReportUnknown: "report-not-accepted",
  ReportMismatch: "report-mismatch",
  FixingMissing: "fixing-missing",
  CollectionsShort: "collections-short",
  PaymentNotDue: "payment-not-due",
  PeriodNotNext: "period-not-next",
  DealNotOpen: "deal-not-open",
  PeriodsEnded: "deal-ended",
};

/** Reads the custom error out of whatever ethers threw; undefined when it is no revert. */
export function decodeRevert(error: unknown): Revert | undefined {
  const data = revertData(error);
  if (data === undefined) {
    // Refused, and the node does not say by what.
    return isError(error, "CALL_EXCEPTION")
      ? { name: "UnknownError", args: { reason: error.shortMessage } }
      : undefined;
  }
  const parsed = platformInterface.parseError(data);
  if (parsed === null) return { name: "UnknownError", args: { data } };
  const args = parsed.fragment.inputs.map((input, position) => [
    input.name || String(position),
    String(parsed.args[position]),
  ]);
  return { name: parsed.name, args: Object.fromEntries(args) };
}

function revertData(error: unknown): string | undefined {
  if (isError(error, "CALL_EXCEPTION") && error.data !== null) return error.data;
  // Nodes wrap it differently; ethers keeps the node's own words in info.error or error.error.
  const wrapped = error as { info?: { error?: { data?: unknown } }; error?: { data?: unknown } };
  const data = wrapped?.info?.error?.data ?? wrapped?.error?.data;
  return typeof data === "string" && data.startsWith("0x") ? data : undefined;
}

/** One line for logs and the transaction's row, e.g. `CollectionsShort(have: 1, need: 2)`. */
export function describeRevert(revert: Revert): string {
  const args = Object.entries(revert.args).map(([name, value]) => `${name}: ${value}`);
  return `${revert.name}(${args.join(", ")})`;
}

/** The problem that a caller gets for a contract's refusal. */
export function problemOfRevert(revert: Revert): Problem {
  const code = CODES[revert.name] ?? "chain-refused";
  return problem(code, { ...revert.args, error: revert.name, reason: describeRevert(revert) });
}

/** Turns an error of a simulated call into a problem; other errors stay what they are. */
export function refusalOf(error: unknown): unknown {
  if (error instanceof Problem) return error;
  const revert = decodeRevert(error);
  return revert === undefined ? error : problemOfRevert(revert);
}
