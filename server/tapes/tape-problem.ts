import { CHECK_CODES } from "./checks/check-codes.ts";
import type { CheckSettings, ProblemCode, ProblemSeverity } from "./checks/check-codes.ts";

/** What is wrong with a tape, as data. */
export interface TapeProblem {
  /** 1 for the first line; 0 for what concerns the whole tape. */
  line: number;
  /** Number of the column, 1 for the first; in XML of the first character on the line; where known. */
  column: number | null;
  /** Name in the tape, or the canonical field where several names are involved. */
  field: string;
  code: ProblemCode;
  severity: ProblemSeverity;
  loanId: string | null;
  value: string;
  expected: string;
}

export type FoundProblem = Omit<TapeProblem, "severity"> & { severity?: ProblemSeverity };

/** How many problems of each severity are listed; the rest is counted. */
export const LISTED_PROBLEMS = 1000;

const LONGEST_VALUE = 200;

/** Gathers a tape's problems in bounded memory. */
export interface ProblemList {
  /** Without a severity it is the deal's for this code, else the code's own. */
  add(problem: FoundProblem): void;
  /** Whether a problem of this code refuses the tape, by the deal's setting or its own severity. */
  refuses(code: ProblemCode): boolean;
  /** Counts further ones of a code whose first ones were added. */
  countMore(code: ProblemCode, more: number): void;
  /** The first of each severity: what stopped the reading, the other refusals, reasons, notes. */
  listed(): TapeProblem[];
  count(severity: ProblemSeverity): number;
  countOf(code: ProblemCode): number;
}

export function startProblemList(settings: CheckSettings = {}): ProblemList {
  const kept: Record<ProblemSeverity, TapeProblem[]> = { refuse: [], reason: [], note: [] };
  /** Refusals that no deal can leave out: they must not be lost behind a thousand others. */
  const fixed: TapeProblem[] = [];
  const counts: Record<ProblemSeverity, number> = { refuse: 0, reason: 0, note: 0 };
  const byCode = new Map<ProblemCode, number>();
  const severityOf = (code: ProblemCode) => settings[code] ?? CHECK_CODES[code].severity;
  const count = (code: ProblemCode, severity: ProblemSeverity, times: number): void => {
    counts[severity] += times;
    byCode.set(code, (byCode.get(code) ?? 0) + times);
  };
  return {
    add(problem) {
      const severity = problem.severity ?? severityOf(problem.code);
      if (severity === "ignore") return;
      count(problem.code, severity, 1);
      const list = CHECK_CODES[problem.code].setting ? kept[severity] : fixed;
      if (list.length >= LISTED_PROBLEMS) return;
      list.push({ ...problem, severity, value: shorten(problem.value) });
    },
    refuses: (code) => severityOf(code) === "refuse",
    countMore(code, more) {
      const severity = severityOf(code);
      if (severity !== "ignore") count(code, severity, more);
    },
    listed() {
      const refusals = [...fixed, ...kept.refuse].slice(0, LISTED_PROBLEMS);
      return [...refusals, ...kept.reason, ...kept.note];
    },
    count: (severity) => counts[severity],
    countOf: (code) => byCode.get(code) ?? 0,
  };
}

function shorten(value: string): string {
  return value.length <= LONGEST_VALUE ? value : `${value.slice(0, LONGEST_VALUE - 1)}…`;
}
