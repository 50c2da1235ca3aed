/**
 * What is wrong with a tape, as data. `refuse` stops the tape, `reason` must be accepted with a reason
 * before the period closes, `note` is for the reader.
 */
export type ProblemSeverity = "refuse" | "reason" | "note";

export type ProblemCode =
  // the file
  | "encoding"
  | "format-unknown"
  | "format-undeclared"
  | "doctype"
  | "malformed"
  | "element-too-long"
  | "namespace"
  | "root-element"
  | "unexpected-element"
  | "unknown-element"
  | "repeated-element"
  | "header"
  | "unknown-column"
  | "field-count"
  // the cell
  | "missing"
  | "type"
  | "decimals"
  | "code-unknown"
  | "rate-range"
  | "rate-unit"
  // the row
  | "loan-id-shape"
  | "loan-repeated"
  | "period"
  | "date-order"
  | "sign"
  | "roll-forward"
  | "addition"
  | "terminated-with-balance"
  | "zero-balance-without-code"
  | "recovery-after-zero-balance"
  | "past-charge-off-age"
  | "above-original-balance"
  // against the previous tape and the deal
  | "chain-broken"
  | "loan-vanished"
  | "vanished-without-code"
  | "cut-off-balance"
  | "cut-off-loans"
  | "too-many-reasons"
  | "more-notes";

export interface TapeProblem {
  /** 1 for the first line; 0 for what concerns the whole tape. */
  line: number;
  /** 1 for the first character of the line, where known. */
  column: number | null;
  /** Name in the tape, or the canonical field where several names are involved. */
  field: string;
  code: ProblemCode;
  severity: ProblemSeverity;
  loanId: string | null;
  value: string;
  expected: string;
}

/** How many problems of each severity are listed; the rest is counted. */
export const LISTED_PROBLEMS = 1000;

const LONGEST_VALUE = 200;

/** Gathers a tape's problems in bounded memory. */
export interface ProblemList {
  add(problem: TapeProblem): void;
  /** The first of each severity, refusals first. */
  listed(): TapeProblem[];
  count(severity: ProblemSeverity): number;
  countOf(code: ProblemCode): number;
}

export function startProblemList(): ProblemList {
  const kept: Record<ProblemSeverity, TapeProblem[]> = { refuse: [], reason: [], note: [] };
  const counts: Record<ProblemSeverity, number> = { refuse: 0, reason: 0, note: 0 };
  const byCode = new Map<ProblemCode, number>();
  return {
    add(problem) {
      counts[problem.severity] += 1;
      byCode.set(problem.code, (byCode.get(problem.code) ?? 0) + 1);
      const list = kept[problem.severity];
      if (list.length >= LISTED_PROBLEMS) return;
      list.push({ ...problem, value: shorten(problem.value) });
    },
    listed: () => [...kept.refuse, ...kept.reason, ...kept.note],
    count: (severity) => counts[severity],
    countOf: (code) => byCode.get(code) ?? 0,
  };
}

function shorten(value: string): string {
  return value.length <= LONGEST_VALUE ? value : `${value.slice(0, LONGEST_VALUE - 1)}…`;
}
