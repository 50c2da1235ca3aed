import { printableLine } from "../../server/lib/printable-text.ts";
import type { TapeProblem } from "../../server/tapes/tape-problem.ts";

/** One line for a terminal: place, severity, code, field, what stands there and what was expected. */
export function describeProblem(file: string, problem: TapeProblem): string {
  const { line, column, severity, code, field, value, expected, loanId } = problem;
  const place = [file, line, column].filter((part) => part !== null && part !== 0).join(":");
  const what = field === "" ? "" : ` ${field}`;
  const loan = loanId === null ? "" : ` (loan ${loanId})`;
  const found = value === "" ? "nothing" : `\`${value}\``;
  return printableLine(
    `${place}: ${severity}: ${code}${what}: ${found}, expected ${expected}${loan}`,
  );
}
