/** Units of rates, seen over a whole pool: percent or fraction, a month or a year. */
import type { AssetClass } from "../canonical-fields.ts";
import type { ControlTotals, RateTotals } from "../reading/read-totals.ts";
import type { FoundProblem } from "../tape-problem.ts";

type RateField = "interestRate" | "servicingFeeRate";

const CODES = { interestRate: "rate-unit", servicingFeeRate: "fee-unit" } as const;

/** A pool's mean rate hardly moves in a month: 100 is percent for fraction, 12 a month for a year. */
const MOVED = 8;

/** What changed its unit between the tape before and this one. */
export function compareRates(
  before: Pick<ControlTotals, RateField>,
  now: Pick<ControlTotals, RateField>,
): FoundProblem[] {
  return (["interestRate", "servicingFeeRate"] as const).flatMap((field) => {
    const [was, is] = [rateOf(before[field]), rateOf(now[field])];
    if (was === null || is === null || (is < was * MOVED && was < is * MOVED)) return [];
    const expected = `one near ${percent(was)}, as in the tape before`;
    return [found(field, `a mean rate of ${percent(is)}`, expected)];
  });
}

/** Of nearly every pool the rates lie between these, as fractions a year. */
const LEAST_RATE = 0.0025;
const LEAST_FEE: Partial<Record<AssetClass, number>> = { "auto loan": 0.002, "auto lease": 0.002 };
const MOST_FEE = 0.1;

export interface ReadRates {
  assetClass: AssetClass;
  interestRate: RateTotals;
  servicingFeeRate: RateTotals;
  rows: number;
  /** Rows with a rate outside 0 to 100 %. */
  outOfRange: number;
}

/** What cannot be in the unit that the deal or the format declares. */
export function judgeRates(read: ReadRates): FoundProblem[] {
  const problems: FoundProblem[] = [];
  const rate = numberOf(read.interestRate.median);
  const fee = numberOf(read.servicingFeeRate.median);
  const least = LEAST_FEE[read.assetClass] ?? 0;
  if (read.outOfRange * 2 > read.rows) {
    const value = `${read.outOfRange} of ${read.rows} rates above 100 %`;
    problems.push(found("interestRate", value, "rates in the unit that the deal declares"));
  } else if (rate !== null && rate < LEAST_RATE) {
    const expected = `${percent(LEAST_RATE)} or more: rates in the unit that the deal declares`;
    problems.push(found("interestRate", `a median rate of ${percent(rate)}`, expected));
  }
  if (fee !== null && (fee < least || fee > MOST_FEE)) {
    const expected = `a fee from ${percent(least)} to ${percent(MOST_FEE)} a year, in the declared unit`;
    problems.push(found("servicingFeeRate", `a median fee of ${percent(fee)}`, expected));
  }
  return problems;
}

function found(field: RateField, value: string, expected: string): FoundProblem {
  return { line: 0, column: null, field, code: CODES[field], loanId: null, value, expected };
}

/** The mean where balances bear the rates, else the median; null when there is none above 0. */
function rateOf({ mean, median }: RateTotals): number | null {
  return numberOf(mean) ?? numberOf(median);
}

function numberOf(text: string | null): number | null {
  const value = Number(text ?? 0);
  return value > 0 ? value : null;
}

const percent = (rate: number): string => `${(100 * rate).toFixed(4)} %`;
