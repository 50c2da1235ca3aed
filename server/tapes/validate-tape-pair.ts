/**
 * What is wrong between a tape and the one before, loan by loan: a month begins where the last one
 * ended. The strongest check there is, and it needs no knowledge of the issuer.
 */
import { formatMonth } from "../lib/dates.ts";
import { formatCents } from "../lib/money.ts";
import { CUMULATIVE_FIELDS, TERMINATED_STATUSES } from "./canonical-fields.ts";
import type { EarlierLoan, FoundPair, PairFinding } from "./tape-checks-queries.ts";
import type { FoundProblem, ProblemList } from "./tape-problem.ts";

type Finding = Pick<FoundProblem, "field" | "value" | "expected">;

const cents = (amount: bigint | null): string => (amount === null ? "" : formatCents(amount));
const month = (number: number | null): string => (number === null ? "" : formatMonth(number));
const isTerminated = (status: string): boolean =>
  TERMINATED_STATUSES.some((name) => name === status);

/** What to say of a pair, by what was found in it. */
const FINDINGS: Record<Exclude<PairFinding, "added">, (pair: FoundPair) => Finding> = {
  "chain-broken": (pair) => ({
    field: "beginningBalance",
    value: cents(pair.beginning_balance_cents),
    expected:
      pair.previous_ending_cents === null
        ? "0.00: the loan is not in the tape before"
        : `${cents(pair.previous_ending_cents)}, the closing balance of the tape before`,
  }),
  "loan-vanished": (pair) => ({
    field: "loanId",
    value: "",
    expected: `a row: its last closing balance is ${cents(pair.previous_ending_cents)}`,
  }),
  "vanished-without-code": () => ({
    field: "loanId",
    value: "",
    expected: "a termination code in the tape before",
  }),
  reinstated: (pair) => ({
    field: "endingBalance",
    value: cents(pair.ending_balance_cents),
    expected: `0.00: the loan was ${pair.previous_status} in the tape before`,
  }),
  "status-skipped": (pair) => ({
    field: "daysPastDue",
    value: pair.delinquency_bucket ?? "",
    expected: `one bucket worse than ${pair.previous_bucket} at most`,
  }),
  "terms-changed": changedTerm,
  "cumulative-fell": fallenAmount,
};

function changedTerm(pair: FoundPair): Finding {
  const { original_balance_cents: now, previous_original_cents: before } = pair;
  if (now !== null && before !== null && now !== before) {
    const expected = `${cents(before)}, as in the tape before`;
    return { field: "originalBalance", value: cents(now), expected };
  }
  return {
    field: "origination",
    value: month(pair.origination_month),
    expected: `${month(pair.previous_origination_month)}, as in the tape before`,
  };
}

function fallenAmount(pair: FoundPair): Finding {
  const now = pair.cumulative_cents ?? [];
  const before = pair.previous_cumulative_cents ?? [];
  const place = CUMULATIVE_FIELDS.findIndex((_, item) => {
    const [amount, last] = [now[item] ?? null, before[item] ?? null];
    return amount !== null && last !== null && amount < last;
  });
  return {
    field: CUMULATIVE_FIELDS[place] ?? "",
    value: cents(now[place] ?? null),
    expected: `at least ${cents(before[place] ?? null)}, as in the tape before`,
  };
}

/** Adds what was found between two tapes: what is listed, and how many more there are. */
export function validateTapePair(found: readonly FoundPair[], problems: ProblemList): void {
  const listed = Map.groupBy(found, (pair) => pair.found);
  for (const [code, pairs] of listed) {
    if (code === "added") continue;
    for (const pair of pairs) {
      const place = { line: pair.line ?? 0, column: null, loanId: pair.loan_id };
      problems.add({ ...place, code, ...FINDINGS[code](pair) });
    }
    problems.countMore(code, (pairs[0]?.total ?? 0) - pairs.length);
  }
}

/**
 * Loans that the tape before does not have and an earlier one has.
 * @param earlier of them, how each last stood
 */
export function validateReturnedLoans(
  found: readonly FoundPair[],
  earlier: readonly EarlierLoan[],
  { problems, monthOf }: { problems: ProblemList; monthOf: (period: number) => string },
): void {
  const last = new Map(earlier.map((loan) => [loan.loan_id, loan]));
  for (const pair of found) {
    const loan = last.get(pair.loan_id);
    if (pair.found !== "added" || loan === undefined) continue;
    const place = { line: pair.line ?? 0, column: null, loanId: pair.loan_id };
    const since = monthOf(loan.period);
    problems.add({
      ...place,
      code: "loan-returned",
      field: "loanId",
      value: `last seen in ${since}`,
      expected: "a loan of the tape before, or one that is new",
    });
    const balance = pair.ending_balance_cents ?? 0n;
    if (balance <= 0n || !isTerminated(loan.status)) continue;
    problems.add({
      ...place,
      code: "reinstated",
      field: "endingBalance",
      value: cents(balance),
      expected: `0.00: the loan was ${loan.status} in ${since}`,
    });
  }
}

/** The rows of last month, less the loans that ended and left, plus the new ones, are those of this month. */
export function validateRowCount(
  found: readonly FoundPair[],
  { rows, previousRows }: { rows: number; previousRows: number },
  problems: ProblemList,
): void {
  const total = (finding: PairFinding): number =>
    found.find((pair) => pair.found === finding)?.total ?? 0;
  const added = total("added");
  const left = previousRows + added - rows;
  const unexplained = total("loan-vanished") + total("vanished-without-code");
  if (unexplained === 0) return;
  const ended = left - unexplained;
  problems.add({
    line: 0,
    column: null,
    field: "",
    code: "row-count",
    loanId: null,
    value: `${rows} rows`,
    expected: `${previousRows - ended + added}: ${previousRows} of the tape before, less ${ended} ended, plus ${added} new`,
  });
}
