import { mulDiv, WAD } from "./mul-div.ts";
import type { Rounding } from "./mul-div.ts";

export interface AccrualRate {
  /** Annual rate, 1e18 = 100 %. */
  wad: bigint;
  /** Day-count fraction of the period. */
  numerator: number;
  denominator: number;
  rounding: Rounding;
}

/** Interest of one period in cents: amount x rate x n/d, rounded once, to the cent. */
export function accrueInterest(cents: bigint, rate: AccrualRate): bigint {
  const { wad, numerator, denominator, rounding } = rate;
  return mulDiv(cents * BigInt(numerator), wad, BigInt(denominator) * WAD, rounding);
}
