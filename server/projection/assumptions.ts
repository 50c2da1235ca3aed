/** What a scenario assumes of the collateral. All rates are fractions: 0.06 is 6 %. */

/** A value by collection month, the first month first; the last value holds from then on. */
export type Vector = readonly number[];

export const PREPAYMENT_SPEEDS = ["smm", "cpr", "psa", "abs"] as const;
export type PrepaymentSpeed = (typeof PREPAYMENT_SPEEDS)[number];

export const DEFAULT_RATES = ["mdr", "cdr", "sda"] as const;
export type DefaultRate = (typeof DEFAULT_RATES)[number];

export interface Assumptions {
  prepayment: { speed: PrepaymentSpeed; values: Vector };
  defaults: { rate: DefaultRate; values: Vector };
  /** Share of a defaulted balance that is lost, by month of its charge-off. */
  severity: Vector;
  /** Months from default to charge-off; the loan stays in the pool until then. */
  liquidationLagMonths: number;
  /** Months from charge-off to what is recovered. */
  recoveryLagMonths: number;
  /** Share of the performing balance that is 60 or more days past due. */
  delinquency: Vector;
  /** Months until delinquent payments are made up. */
  delinquencyLagMonths: number;
  /** The servicer pays what delinquent and defaulted loans were scheduled to pay. */
  servicerAdvances: boolean;
}

/** The value of a vector in a month, counted from 0. */
export function valueAt(vector: Vector, month: number): number {
  return vector[Math.min(month, vector.length - 1)] ?? 0;
}
