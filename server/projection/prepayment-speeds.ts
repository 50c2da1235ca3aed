/**
 * Prepayment speeds and the monthly rates that they stand for. Rates are fractions (0.06 = 6 %), age
 * is the loan's age in months at the end of the month looked at. Collateral alone is projected in
 * floating point; its monthly totals become whole cents before the waterfall sees them.
 * Source: Bond Market Association, Standard Formulas, SF-4 to SF-13.
 */

/** Share of the balance, after scheduled principal, that prepays in a month: 1 - (1 - CPR)^(1/12). */
export function smmFromCpr(cpr: number, yearFraction: number = 1 / 12): number {
  return -Math.expm1(yearFraction * Math.log1p(-cpr));
}

/** Annual rate of a share that prepays in a month, 1 - (1 - SMM)^12, or in several. */
export function cprFromSmm(smm: number, months: number = 1): number {
  return -Math.expm1((12 / months) * Math.log1p(-smm));
}

/** CPR at an age under a PSA speed (1 = 100 PSA): 0.2 % more each month up to 6 % at month 30. */
export function cprFromPsa(psa: number, age: number): number {
  return Math.min(1, (0.06 * Math.min(age, 30) * psa) / 30);
}

/** SMM at an age under an absolute speed, a share of the original number of loans a month. */
export function smmFromAbs(abs: number, age: number): number {
  const left = 1 - abs * (age - 1);
  return left <= abs ? 1 : abs / left;
}

/** The absolute speed that gives an SMM at an age. */
export function absFromSmm(smm: number, age: number): number {
  return smm / (1 + smm * (age - 1));
}
