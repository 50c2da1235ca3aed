/** What a row's text says that the tape's tree sums: read from COPY's text, as PostgreSQL prints it. */
import type { LeafSums } from "../lib/tape-tree-layout.ts";
import { DELINQUENCY_BUCKETS } from "./canonical-fields.ts";
import { LINE_COLUMNS } from "./loan-month-columns.ts";

export interface LoanLine {
  loanId: string;
  sums: LeafSums;
  /** Values in the order of LINE_COLUMNS; null where the tape does not say. */
  values: (string | null)[];
}

const ESCAPED: Readonly<Record<string, string>> = {
  "\\b": "\b",
  "\\t": "\t",
  "\\n": "\n",
  "\\v": "\v",
  "\\f": "\f",
  "\\r": "\r",
  "\\\\": "\\",
};

function readValue(cell: string): string | null {
  if (cell === "\\N") return null;
  return cell.replaceAll(/\\[btnvfr\\]/g, (escaped) => ESCAPED[escaped] ?? escaped);
}

const AT = {
  loanId: LINE_COLUMNS.indexOf("loan_id"),
  balance: LINE_COLUMNS.indexOf("ending_balance_cents"),
  bucket: LINE_COLUMNS.indexOf("delinquency_bucket"),
};

/** @returns null when the text is no row of a tape: other columns, no loan, no exact balance */
export function readLoanLine(line: string): LoanLine | null {
  const values = line.split("\t").map(readValue);
  const loanId = values[AT.loanId] ?? null;
  const balance = values[AT.balance] ?? "";
  const bucket = DELINQUENCY_BUCKETS.findIndex((name) => name === values[AT.bucket]);
  const balanceCents = /^(0|[1-9]\d*)$/.test(balance) ? Number(balance) : Number.NaN;
  if (values.length !== LINE_COLUMNS.length || loanId === null) return null;
  if (!Number.isSafeInteger(balanceCents) || bucket < 0) return null;
  return { loanId, sums: { counted: balanceCents > 0 ? 1 : 0, balanceCents, bucket }, values };
}
