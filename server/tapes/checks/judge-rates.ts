/** Units of rates, seen over a whole pool: percent or fraction, a month or a year. */
import type { AssetClass } from "../canonical-fields.ts";
import type { RateTotals } from "../reading/read-totals.ts";
import type { FoundProblem } from "../tape-problem.ts";

type RateField = "interestRate" | "servicingFeeRate";

const CODES = { interestRate: "rate-unit", servicingFeeRate: "fee-unit" } as const;

/** Of nearly every pool the rates lie between these, as fractions a year. */
const LEAST_RATE = 0.0025;
const LEAST_FEE: Partial<Record<AssetClass, number>> = { "auto loan": 0.002, "auto lease": 0.002 };
export const MOST_FEE = 0.1;
/** Fewer wrong rates than this are slips of their rows. */
const FEWEST_RATES = 3;

export interface ReadRates {
  assetClass: AssetClass;
  interestRate: RateTotals;
  servicingFeeRate: RateTotals;
  rows: number;
  /** Rows with a rate outside 0 to 100 %. */
  outOfRange: { interestRate: number; servicingFeeRate: number };
}

/** What cannot be in the unit that the deal or the format declares. */
export function judgeRates(read: ReadRates): FoundProblem[] {
  const rate = numberOf(read.interestRate.median);
  const fee = numberOf(read.servicingFeeRate.median);
  const leastFee = LEAST_FEE[read.assetClass] ?? 0;
  const problems: FoundProblem[] = [];
  for (const field of ["interestRate", "servicingFeeRate"] as const) {
    const outOfRange = read.outOfRange[field];
    if (outOfRange * 2 <= read.rows || outOfRange < FEWEST_RATES) continue;
    const value = `${outOfRange} of ${read.rows} rates outside 0 to 100 %`;
    problems.push(found(field, value, "rates in the declared unit"));
  }
  if (rate !== null && rate < LEAST_RATE) {
    const expected = `${percent(LEAST_RATE)} or more, in the declared unit`;
    problems.push(found("interestRate", `a median rate of ${percent(rate)}`, expected));
  }
  const isFee = fee === null || (fee >= leastFee && fee <= MOST_FEE);
  if (!isFee && read.outOfRange.servicingFeeRate * 2 <= read.rows) {
    const expected = `a fee from ${percent(leastFee)} to ${percent(MOST_FEE)} a year, in the declared unit`;
    problems.push(found("servicingFeeRate", `a median fee of ${percent(fee)}`, expected));
  }
  return problems;
}

function found(field: RateField, value: string, expected: string): FoundProblem {
  return { line: 0, column: null, field, code: CODES[field], loanId: null, value, expected };
}

function numberOf(text: string | null): number | null {
  const value = Number(text ?? 0);
  return value > 0 ? value : null;
}

const percent = (rate: number): string => `${(100 * rate).toFixed(4)} %`;
