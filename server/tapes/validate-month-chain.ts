/**
 * Step 3, against the tape before: a month begins where the last one ended. The strongest check there
 * is, and it needs no knowledge of the issuer.
 */
import { formatCents } from "../lib/money.ts";
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
