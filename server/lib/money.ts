/**
 * Money is a bigint of cents (the deal's legal unit) or of the cash token's smallest unit.
 * These functions are the only way between a bigint and its decimal text; none of them rounds.
 */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Decimal text to an integer of `decimals` places: ("1.5", 2) -> 150n.
 * @throws RangeError naming the value when it is not a plain decimal or has too many places.
 */
export function parseDecimal(text: string, decimals: number): bigint {
  const match = DECIMAL.exec(text);
  if (match === null) throw new RangeError(`"${text}" is not a decimal number such as 1234.56`);
  const [, sign, whole, fraction = ""] = match;
  if (fraction.length > decimals) {
    throw new RangeError(`"${text}" has more than ${decimals} decimal places`);
  }
  const magnitude = BigInt(`${whole}${fraction.padEnd(decimals, "0")}`);
  return sign === "-" ? -magnitude : magnitude;
}

/** An integer of `decimals` places to decimal text with all places written: (150n, 2) -> "1.50". */
export function formatDecimal(value: bigint, decimals: number): string {
  const magnitude = value < 0n ? -value : value;
  const digits = magnitude.toString().padStart(decimals + 1, "0");
  const sign = value < 0n ? "-" : "";
  if (decimals === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** A rate is an integer of 1e18 = 100 %: 1e16 are one percent. */
export const PERCENT_DECIMALS = 16;

/** An 1e18 rate in percent, without zeros at its end: 43506600000000000n -> "4.35066". */
export function formatPercent(rateWad: bigint): string {
  return formatDecimal(rateWad, PERCENT_DECIMALS).replace(/\.?0+$/, "");
}

/** "239568.99" -> 23956899n cents. At most two places. @throws RangeError naming the value. */
export function parseCents(text: string): bigint {
  return parseDecimal(text, 2);
}

/** 23956899n cents -> "239568.99". */
export function formatCents(cents: bigint): string {
  return formatDecimal(cents, 2);
}

/** 23956899n cents -> "239,568.99", for reading; never parsed back. */
export function formatCentsGrouped(cents: bigint): string {
  return formatCents(cents).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Cents to units of a cash token with `tokenDecimals` (at least 2) places: exact. */
export function centsToUnits(cents: bigint, tokenDecimals: number): bigint {
  if (tokenDecimals < 2)
    throw new RangeError(`a cash token of ${tokenDecimals} decimals has no cents`);
  return cents * 10n ** BigInt(tokenDecimals - 2);
}
