/**
 * The pool as the deal meets it: month after month in whole cents, called when it has become small,
 * joined by what the deal buys.
 */
import type { Assumptions } from "./assumptions.ts";
import type { Cohorts } from "./fold-cohorts.ts";
import { FLOWS_BY_MONTH, openMonths, projectCollateral } from "./project-collateral.ts";
import type { CollateralMonths } from "./project-collateral.ts";

export interface ForwardPool {
  cohorts: Cohorts;
  assumptions: Assumptions;
  /** Floats; each month of it is rounded once, when the deal comes to it. */
  exact: CollateralMonths;
  /** Whole cents and whole loans of the months closed so far; 0 after the last one. */
  cents: CollateralMonths;
  /** Cents of collateral that joined the pool in each month. */
  purchased: Float64Array;
  /** Charged off, and recovered on it, in all months closed so far. */
  cumulative: { chargedOff: number; recovered: number };
  /** The month, from 0, in which the clean-up call was exercised; null: not called. */
  calledMonth: number | null;
}

/** @param longest months that a pool may last which is added to; null when nothing is bought */
export function openPool(
  cohorts: Cohorts,
  assumptions: Assumptions,
  longest: number | null,
): ForwardPool {
  const initial = projectCollateral(cohorts, assumptions);
  const months = Math.max(initial.months, longest ?? 0);
  const exact = months === initial.months ? initial : openMonths(months, initial.openingCents);
  if (exact !== initial) addMonths(exact, initial, { from: 0, scale: 1 });
  return {
    cohorts,
    assumptions,
    exact: { ...exact, months: initial.months },
    cents: openMonths(months, initial.openingCents),
    purchased: new Float64Array(months + 1),
    cumulative: { chargedOff: 0, recovered: 0 },
    calledMonth: null,
  };
}

function addMonths(
  to: CollateralMonths,
  added: CollateralMonths,
  { from, scale }: { from: number; scale: number },
): void {
  for (const flow of FLOWS_BY_MONTH) {
    const target = to[flow];
    const source = added[flow];
    const last = Math.min(added.months, target.length - from);
    for (let month = 0; month < last; month += 1) {
      target[from + month] = (target[from + month] ?? 0) + scale * (source[month] ?? 0);
    }
  }
}

/**
 * Adds collateral bought for the deal: loans like those of the cut-off pool, of their ages then, that
 * pay from month `from` on.
 */
export function addPurchase(pool: ForwardPool, parCents: number, from: number): void {
  const { cohorts, assumptions, exact } = pool;
  if (pool.calledMonth !== null || cohorts.openingCents === 0) return;
  const added = projectCollateral(cohorts, assumptions, from);
  addMonths(exact, added, { from, scale: parCents / cohorts.openingCents });
  exact.months = Math.min(exact.closing.length, Math.max(exact.months, from + added.months));
  pool.purchased[from] = (pool.purchased[from] ?? 0) + parCents;
}

/** Whether months are left in which the pool pays anything. */
export function isPoolOver({ exact, calledMonth }: ForwardPool, month: number): boolean {
  return calledMonth !== null ? month > calledMonth : month >= exact.months;
}

/** To the nearest whole number; what floating point left below zero is nothing. */
const whole = (value: number | undefined): number => Math.max(0, Math.round(value ?? 0));

/**
 * Rounds one month. The three ways in which principal leaves the pool lie between its opening and its
 * closing balance like cuts on a line; the cuts are rounded, so that opening + purchased = scheduled +
 * prepaid + charged off + closing holds in cents, with no part below zero.
 * @param call share of the cut-off pool at or below which the pool is sold at par; null: never
 */
export function closeMonth(pool: ForwardPool, month: number, call: number | null): void {
  if (isPoolOver(pool, month)) return;
  const { exact, cents, purchased } = pool;
  const before = month === 0 ? cents.openingCents : (cents.closing[month - 1] ?? 0);
  const opening = before + (purchased[month] ?? 0);
  const left = exact.closing[month] ?? 0;
  const scheduledFrom = left + (exact.scheduled[month] ?? 0);
  const prepaidFrom = scheduledFrom + (exact.prepaid[month] ?? 0);
  const closing = Math.min(opening, whole(left));
  const afterScheduled = Math.min(opening, Math.max(closing, whole(scheduledFrom)));
  const afterPrepaid = Math.min(opening, Math.max(afterScheduled, whole(prepaidFrom)));
  cents.closing[month] = closing;
  cents.scheduled[month] = afterScheduled - closing;
  cents.prepaid[month] = afterPrepaid - afterScheduled;
  cents.chargedOff[month] = opening - afterPrepaid;
  cents.interest[month] = whole(exact.interest[month]);
  cents.recovered[month] = whole(exact.recovered[month]);
  cents.delinquent[month] = Math.min(closing, whole(exact.delinquent[month]));
  cents.loans[month] = whole(exact.loans[month]);
  cents.loansPrepaid[month] = whole(exact.loansPrepaid[month]);
  pool.cumulative.chargedOff += opening - afterPrepaid;
  pool.cumulative.recovered += whole(exact.recovered[month]);
  if (call !== null && closing <= call * cents.openingCents) callPool(pool, month);
}

/** The pool is sold at par into the month's collections; what it would have paid later goes with it. */
function callPool(pool: ForwardPool, month: number): void {
  const { cents } = pool;
  cents.prepaid[month] = (cents.prepaid[month] ?? 0) + (cents.closing[month] ?? 0);
  cents.loansPrepaid[month] = (cents.loansPrepaid[month] ?? 0) + (cents.loans[month] ?? 0);
  cents.closing[month] = 0;
  cents.delinquent[month] = 0;
  cents.loans[month] = 0;
  pool.calledMonth = month;
}
