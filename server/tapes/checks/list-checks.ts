import { CHECK_CODES, SEVERITIES } from "./check-codes.ts";
import type { CheckCode, ProblemCode, ProblemSeverity } from "./check-codes.ts";

export interface CheckEntry {
  code: ProblemCode;
  /** By default. */
  severity: ProblemSeverity;
  means: string;
  /** What a deal may set instead, in `checks` of its `tape` section; empty when it stays. */
  settings: readonly string[];
}

const SETTINGS = [...SEVERITIES, "ignore"];

/** Every check of a tape, in the order in which they run. */
export function listChecks(): CheckEntry[] {
  return Object.entries<CheckCode>(CHECK_CODES).map(([code, { severity, means, setting }]) => ({
    code: code as ProblemCode,
    severity,
    means,
    settings: setting ? SETTINGS.filter((one) => one !== severity) : [],
  }));
}

/** The same as a page. */
export function checksPage(): string {
  const rows = listChecks().map(
    ({ code, severity, means, settings }) =>
      `| \`${code}\` | ${severity} | ${means} | ${settings.length > 0 ? "yes" : "no"} |`,
  );
  return [
    "# checks",
    "",
    "Small pure functions that look at one row each, and the list of everything that can be found wrong with a tape: `check-codes.ts`, from which this page is written (`node scripts/write-schemas.ts`). `GET /v1/tape-checks` answers the same.",
    "",
    "`refuse` stops the tape: nothing of it is stored. `reason` must be accepted with a reason before the period closes, one by one or all of a code at once; who and why shows in the statement. `note` is for the reader. Where a deal may set another severity it does so in its file, `tape: checks: { <code>: refuse | reason | note | ignore }`. All problems are listed at once, the first 1,000 of each severity.",
    "",
    "In the order in which they run:",
    "",
    "| code | severity | meaning | a deal may set it |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
