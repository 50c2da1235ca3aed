/** The collateral that a projection starts from: loans, or replines that stand for many. */

export interface Pool {
  /** Number of rows: loans or replines. */
  size: number;
  /** Cents, whole. */
  balances: Float64Array;
  /** APR / 12, a fraction. */
  monthlyRates: Float64Array;
  /** Months to the last payment, at least 1. */
  remaining: Uint16Array;
  /** Age in months at the cut-off. */
  ages: Uint16Array;
  /** Months over which the level payment is computed; longer than `remaining`: a balloon. */
  amortisations: Uint16Array;
  /** Months from now that pay interest alone. */
  interestOnly: Uint16Array;
  /** How many loans each row stands for; null where the file does not say. */
  loans: Float64Array | null;
  totalCents: number;
}

export const LONGEST_TERM = 720;
