import { formatCents } from "../lib/money.ts";
import type { ProblemList } from "./tape-problem.ts";

/** The cut-off tape is the pool that was sold: its balance and count are terms of the deal. */
export function checkCutOff(
  pool: { cutOffBalanceCents: bigint; cutOffLoans: number },
  sums: { balanceCents: bigint; loanCount: number },
  problems: ProblemList,
): void {
  const wholeTape = { line: 0, column: null, loanId: null } as const;
  if (sums.balanceCents !== pool.cutOffBalanceCents) {
    problems.add({
      ...wholeTape,
      field: "endingBalance",
      code: "cut-off-balance",
      value: formatCents(sums.balanceCents),
      expected: `${formatCents(pool.cutOffBalanceCents)}, the deal's cut-off balance`,
    });
  }
  if (sums.loanCount !== pool.cutOffLoans) {
    problems.add({
      ...wholeTape,
      field: "loanId",
      code: "cut-off-loans",
      value: String(sums.loanCount),
      expected: `${pool.cutOffLoans} loans with a balance, as the deal has`,
    });
  }
}
