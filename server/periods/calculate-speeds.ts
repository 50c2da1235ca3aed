/**
 * Monthly and annual rates of what left the pool (securitisation 2.2, 2.3), with powers and roots in
 * integers: each rate is the floor of its exact value times 1e18, so that it never depends on a float.
 */
import { WAD } from "../lib/mul-div.ts";

/** Part of a whole that left in a period of some months. */
export interface Departure {
  part: bigint;
  whole: bigint;
  /** Of the period. */
  months: number;
}

/** 1 - (1 - part / whole)^(1 / months), 1e18 = 100 %; null of nothing. More than all counts as all. */
export function monthlyRate(departure: Departure): bigint | null {
  return rate(departure, 1);
}

/** 1 - (1 - part / whole)^(12 / months), 1e18 = 100 %; null of nothing. More than all counts as all. */
export function annualRate(departure: Departure): bigint | null {
  return rate(departure, 12);
}

/**
 * Absolute prepayment speed: SMM / (1 + SMM * (age - 1)), 1e18 = 100 % of the original loans a month.
 * @param smmWad the single monthly mortality
 * @param ageWad mean age of the loans in months, 1e18 = 1; null when it is not known
 */
export function absoluteSpeed(smmWad: bigint | null, ageWad: bigint | null): bigint | null {
  if (smmWad === null || ageWad === null) return null;
  const divisor = WAD * WAD + smmWad * (ageWad - WAD);
  return divisor <= 0n ? null : floorDivide(smmWad * WAD * WAD, divisor);
}

/** part / whole as an 1e18 integer, towards minus infinity; null of nothing. */
export function ratioWad(part: bigint, whole: bigint): bigint | null {
  return whole === 0n ? null : floorDivide(part * WAD, whole);
}

/** Towards minus infinity. */
export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const exact = quotient * divisor === dividend;
  return !exact && dividend < 0n !== divisor < 0n ? quotient - 1n : quotient;
}

function rate({ part, whole, months }: Departure, power: number): bigint | null {
  if (whole <= 0n) return null;
  const left = part >= whole ? 0n : whole - part;
  // The least 1e18 integer that is not below (left / whole)^(power / months): the rate is then a floor.
  const root = BigInt(months);
  const wanted = left ** BigInt(power) * WAD ** root;
  const scale = whole ** BigInt(power);
  return WAD - rootUp(wanted, scale, root);
}

/** The least s with s^root * scale >= wanted. */
function rootUp(wanted: bigint, scale: bigint, root: bigint): bigint {
  if (wanted === 0n) return 0n;
  let low = 0n;
  let high = 1n;
  while (high ** root * scale < wanted) high *= 2n;
  while (low < high) {
    const middle = (low + high) / 2n;
    if (middle ** root * scale < wanted) low = middle + 1n;
    else high = middle;
  }
  return low;
}
