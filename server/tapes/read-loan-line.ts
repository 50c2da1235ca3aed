/** What a row's text says that the tape's tree sums: read from COPY's text, as PostgreSQL prints it. */
import type { LeafSums } from "../lib/tape-tree-layout.ts";
import { DELINQUENCY_BUCKETS } from "./canonical-fields.ts";
import { LINE_COLUMNS } from "./loan-month-columns.ts";

export interface LoanLine {
  loanId: string;
  sums: LeafSums;
  /** The text of each of LINE_COLUMNS, for readCopyValue. */
  cells: string[];
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

/** The value of a cell; null where the tape does not say. */
export function readCopyValue(cell: string): string | null {
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
  const cells = line.split("\t");
  const loanId = readCopyValue(cells[AT.loanId] ?? "\\N");
  const balance = cells[AT.balance] ?? "";
  const bucket = DELINQUENCY_BUCKETS.findIndex((name) => name === cells[AT.bucket]);
  const balanceCents = /^(0|[1-9]\d*)$/.test(balance) ? Number(balance) : Number.NaN;
  if (cells.length !== LINE_COLUMNS.length || loanId === null) return null;
  if (!Number.isSafeInteger(balanceCents) || bucket < 0) return null;
  return { loanId, sums: { counted: balanceCents > 0 ? 1 : 0, balanceCents, bucket }, cells };
}
