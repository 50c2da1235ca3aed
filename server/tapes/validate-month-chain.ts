/**
 * Step 3, against the tape before: a month begins where the last one ended. The strongest check there
 * is, and it needs no knowledge of the issuer.
 */
import { formatCents, formatDecimal } from "../lib/money.ts";
import type { TapeProblem } from "./tape-problem.ts";

/** One loan as the last tape and this one have it; null where it is not in that tape. */
export interface LoanPair {
  loanId: string;
  previous: { endingBalanceCents: bigint; zeroBalanceCode: string | null } | null;
  current: { line: number; beginningBalanceCents: bigint } | null;
}

/** What is wrong between two tapes with one loan; null when nothing is. */
export function validateLoanPair({ loanId, previous, current }: LoanPair): TapeProblem | null {
  if (current !== null) {
    const lastEnd = previous?.endingBalanceCents ?? 0n;
    if (current.beginningBalanceCents === lastEnd) return null;
    return {
      line: current.line,
      column: null,
      field: "beginningBalance",
      code: "chain-broken",
      severity: "refuse",
      loanId,
      value: formatCents(current.beginningBalanceCents),
      expected:
        previous === null
          ? "0.00: the loan is not in the tape before"
          : `${formatCents(lastEnd)}, the closing balance of the tape before`,
    };
  }
  return previous === null ? null : vanishedLoan(loanId, previous);
}

function vanishedLoan(
  loanId: string,
  previous: NonNullable<LoanPair["previous"]>,
): TapeProblem | null {
  const problem = { line: 0, column: null, field: "loanId", loanId, value: "" } as const;
  if (previous.endingBalanceCents > 0n) {
    const expected = `a row: its last closing balance is ${formatCents(previous.endingBalanceCents)}`;
    return { ...problem, code: "loan-vanished", severity: "refuse", expected };
  }
  if (previous.zeroBalanceCode !== null) return null;
  const expected = "a zero balance code in the tape before";
  return { ...problem, code: "vanished-without-code", severity: "reason", expected };
}

/**
 * A pool's mean rate hardly moves in a month: ten times more or less means that percent and fraction
 * (a factor of 100) or a year and a month (12) were mixed up.
 * @param previous mean rate of the tape before weighted by balance, 1e18 = 100 %; null when unknown
 */
export function validateMeanRate(
  previous: bigint | null,
  current: bigint | null,
): TapeProblem | null {
  if (previous === null || current === null || previous === 0n || current === 0n) return null;
  if (current < previous * 10n && previous < current * 10n) return null;
  const percent = (wad: bigint): string => `${formatDecimal(wad / 10n ** 12n, 4)} %`;
  return {
    line: 0,
    column: null,
    field: "interestRate",
    code: "rate-unit",
    severity: "refuse",
    loanId: null,
    value: `a mean rate of ${percent(current)}`,
    expected: `one near ${percent(previous)}, as in the tape before`,
  };
}
