/** The pool's months in whole cents: rounded here once, exact from here on. */
import type { CollateralMonths } from "./project-collateral.ts";

/** Whole cents and whole loans by collection month. */
export interface CollateralCents {
  months: number;
  openingCents: number;
  scheduled: Float64Array;
  prepaid: Float64Array;
  chargedOff: Float64Array;
  closing: Float64Array;
  interest: Float64Array;
  recovered: Float64Array;
  delinquent: Float64Array;
  loans: Float64Array;
  loansPrepaid: Float64Array;
}

/**
 * Rounds each month. The three ways in which principal leaves the pool lie between its opening and
 * its closing balance like cuts on a line; the cuts are rounded, so that opening = scheduled +
 * prepaid + charged off + closing holds in cents, with no part below zero.
 */
export function roundCollateral(exact: CollateralMonths): CollateralCents {
  const { months, openingCents } = exact;
  const cents: CollateralCents = {
    months,
    openingCents,
    scheduled: new Float64Array(months),
    prepaid: new Float64Array(months),
    chargedOff: new Float64Array(months),
    closing: new Float64Array(months),
    interest: exact.interest.map(Math.round),
    recovered: exact.recovered.map(Math.round),
    delinquent: exact.delinquent.map(Math.round),
    loans: exact.loans.map(Math.round),
    loansPrepaid: exact.loansPrepaid.map(Math.round),
  };
  let opening = openingCents;
  for (let month = 0; month < months; month += 1) {
    const left = exact.closing[month] ?? 0;
    const scheduledFrom = left + (exact.scheduled[month] ?? 0);
    const prepaidFrom = scheduledFrom + (exact.prepaid[month] ?? 0);
    const closing = Math.min(opening, Math.round(left));
    const afterScheduled = Math.min(opening, Math.max(closing, Math.round(scheduledFrom)));
    const afterPrepaid = Math.min(opening, Math.max(afterScheduled, Math.round(prepaidFrom)));
    cents.closing[month] = closing;
    cents.scheduled[month] = afterScheduled - closing;
    cents.prepaid[month] = afterPrepaid - afterScheduled;
    cents.chargedOff[month] = opening - afterPrepaid;
    opening = closing;
  }
  return cents;
}
