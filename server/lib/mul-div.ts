/**
 * Division of integers with the direction of rounding in the name. Operands of `mulDiv…` are not
 * negative; the divisor is above zero. Products are exact (bigint), as the 512-bit product on chain.
 */

/** 1e18 = 100 %. */
export const WAD = 10n ** 18n;

/** floor(a * b / divisor). */
export function mulDivDown(a: bigint, b: bigint, divisor: bigint): bigint {
  return (a * b) / divisor;
}

/** ceil(a * b / divisor). */
export function mulDivUp(a: bigint, b: bigint, divisor: bigint): bigint {
  return (a * b + divisor - 1n) / divisor;
}

/** a * b / divisor to the nearest integer, an exact half upwards: floor((2ab + divisor) / 2divisor). */
export function mulDivHalfUp(a: bigint, b: bigint, divisor: bigint): bigint {
  return (2n * a * b + divisor) / (2n * divisor);
}

export type Rounding = "half-up" | "floor" | "ceil";

/** a * b / divisor in the stated direction. */
export function mulDiv(a: bigint, b: bigint, divisor: bigint, rounding: Rounding): bigint {
  if (rounding === "half-up") return mulDivHalfUp(a, b, divisor);
  return rounding === "floor" ? mulDivDown(a, b, divisor) : mulDivUp(a, b, divisor);
}
