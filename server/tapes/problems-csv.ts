import { csvText } from "../lib/csv-text.ts";
import type { ProblemView } from "./tape-views.ts";

const COLUMNS = [
  "ordinal",
  "severity",
  "line",
  "column",
  "loanId",
  "field",
  "code",
  "value",
  "expected",
  "reason",
  "by",
  "at",
] as const satisfies readonly (keyof ProblemView)[];

/** The problems of a tape as CSV, one line each. */
export function problemsCsv(problems: readonly ProblemView[]): string {
  return csvText(
    COLUMNS,
    problems.map((problem) => COLUMNS.map((column) => problem[column])),
  );
}
