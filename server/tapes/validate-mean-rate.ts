import { formatDecimal } from "../lib/money.ts";
import type { TapeProblem } from "./tape-problem.ts";

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
