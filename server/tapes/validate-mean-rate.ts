import { formatDecimal, parseDecimal } from "../lib/money.ts";
import type { ControlTotals } from "./reading/read-totals.ts";
import type { FoundProblem } from "./tape-problem.ts";

/** Places of a mean rate, a fraction of a year. */
const PLACES = 12;

const RATES = [
  { field: "interestRate", code: "rate-unit" },
  { field: "servicingFeeRate", code: "fee-unit" },
] as const;

/** Mean rates of a tape, as its totals have them. */
export type MeanRates = Pick<ControlTotals, "interestRate" | "servicingFeeRate">;

/**
 * A pool's mean rate hardly moves in a month: ten times more or less means that percent and fraction
 * (a factor of 100) or a year and a month (12) were mixed up.
 */
export function validateMeanRates(previous: MeanRates, current: MeanRates): FoundProblem[] {
  return RATES.flatMap(({ field, code }) => {
    const [before, now] = [meanOf(previous, field), meanOf(current, field)];
    if (before <= 0n || now <= 0n) return [];
    if (now < before * 10n && before < now * 10n) return [];
    return [
      {
        ...{ line: 0, column: null, loanId: null, field, code },
        value: `a mean rate of ${percent(now)}`,
        expected: `one near ${percent(before)}, as in the tape before`,
      },
    ];
  });
}

/** 0 when no row states one. */
function meanOf(rates: MeanRates, field: keyof MeanRates): bigint {
  const { mean } = rates[field];
  return mean === null ? 0n : parseDecimal(mean, PLACES);
}

/** With four places, the rest cut off. */
const percent = (rate: bigint): string => `${formatDecimal(rate / 10n ** 6n, 4)} %`;
