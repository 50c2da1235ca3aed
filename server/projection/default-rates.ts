/**
 * Default rates as fractions (0.01 = 1 %): MDR of a month's opening performing balance, CDR a year.
 * Source: Bond Market Association, Standard Formulas, SF-16 to SF-21.
 */
import { cprFromSmm, smmFromCpr } from "./prepayment-speeds.ts";

/** Monthly rate of an annual one: 1 - (1 - CDR)^(1/12). */
export const mdrFromCdr = (cdr: number): number => smmFromCpr(cdr);

/** Annual rate of a monthly one: 1 - (1 - MDR)^12. */
export const cdrFromMdr = (mdr: number): number => cprFromSmm(mdr);

/**
 * CDR at an age under the standard default assumption (1 = 100 SDA): 0.02 % more each month up to
 * 0.60 % at month 30, level to 60, 0.0095 % less each month down to 0.03 % at 120, level.
 */
export function cdrFromSda(sda: number, age: number): number {
  return Math.min(1, sda * standardRate(age));
}

function standardRate(age: number): number {
  if (age <= 30) return 0.0002 * age;
  if (age <= 60) return 0.006;
  return age <= 120 ? 0.006 - 0.000095 * (age - 60) : 0.0003;
}
