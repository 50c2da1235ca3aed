/**
 * The pool as the deal meets it: period after period in whole cents, called when it has become small,
 * joined by what the deal buys. A period is the deal's: one month of the pool, or as many as lie
 * between its payment dates. Periods are counted from 0 here.
 */
import type { Assumptions } from "./assumptions.ts";
import type { Cohorts } from "./fold-cohorts.ts";
import { foldMonths } from "./fold-months.ts";
import { FLOWS_BY_MONTH, openMonths, projectCollateral } from "./project-collateral.ts";
import type { CollateralMonths } from "./project-collateral.ts";

export interface ForwardPool {
  cohorts: Cohorts;
  assumptions: Assumptions;
  /** Months of the pool in a period. */
  months: number;
  /** Floats by period; each of it is rounded once, when the deal comes to it. */
  exact: CollateralMonths;
  /** Whole cents and whole loans of the periods closed so far; 0 after the last one. */
  cents: CollateralMonths;
  /** Cents of collateral that joined the pool in each period. */
  purchased: Float64Array;
  /** Charged off, and recovered on it, in all periods closed so far. */
  cumulative: { chargedOff: number; recovered: number };
  /** The period in which the clean-up call was exercised; null: not called. */
  calledColumn: number | null;
}

export interface PoolPeriods {
  /** Months of the pool in a period. */
  months: number;
  /** Periods that a pool may last which is added to; null when nothing is bought. */
  longest: number | null;
}

/** Projects a pool from the cut-off; no period is closed yet. */
export function openPool(
  cohorts: Cohorts,
  assumptions: Assumptions,
  { months, longest }: PoolPeriods,
): ForwardPool {
  const initial = foldMonths(projectCollateral(cohorts, assumptions), months);
  const periods = Math.max(initial.months, longest ?? 0);
  const exact = periods === initial.months ? initial : openMonths(periods, initial.openingCents);
  if (exact !== initial) addMonths(exact, initial, { from: 0, scale: 1 });
  return {
    cohorts,
    assumptions,
    months,
    exact: { ...exact, months: initial.months },
    cents: openMonths(periods, initial.openingCents),
    purchased: new Float64Array(periods + 1),
    cumulative: { chargedOff: 0, recovered: 0 },
    calledColumn: null,
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
 * pay from period `from` on.
 */
export function addPurchase(pool: ForwardPool, parCents: number, from: number): void {
  const { cohorts, assumptions, exact, months } = pool;
  if (pool.calledColumn !== null || cohorts.openingCents === 0) return;
  const added = foldMonths(projectCollateral(cohorts, assumptions, from * months), months);
  addMonths(exact, added, { from, scale: parCents / cohorts.openingCents });
  exact.months = Math.min(exact.closing.length, Math.max(exact.months, from + added.months));
  pool.purchased[from] = (pool.purchased[from] ?? 0) + parCents;
}

/** Whether no period is left in which the pool pays anything. */
export function isPoolOver({ exact, calledColumn }: ForwardPool, column: number): boolean {
  return calledColumn !== null ? column > calledColumn : column >= exact.months;
}

/** To the nearest whole number; what floating point left below zero is nothing. */
const whole = (value: number | undefined): number => Math.max(0, Math.round(value ?? 0));

/**
 * Rounds one period. The three ways in which principal leaves the pool lie between its opening and its
 * closing balance like cuts on a line; the cuts are rounded, so that opening + purchased = scheduled +
 * prepaid + charged off + closing holds in cents, with no part below zero.
 * @param call share of the cut-off pool at or below which the pool is sold at par; null: never
 */
export function closePeriod(pool: ForwardPool, column: number, call: number | null): void {
  if (isPoolOver(pool, column)) return;
  const { exact, cents, purchased } = pool;
  const before = column === 0 ? cents.openingCents : (cents.closing[column - 1] ?? 0);
  const opening = before + (purchased[column] ?? 0);
  const left = exact.closing[column] ?? 0;
  const scheduledFrom = left + (exact.scheduled[column] ?? 0);
  const prepaidFrom = scheduledFrom + (exact.prepaid[column] ?? 0);
  const closing = Math.min(opening, whole(left));
  const afterScheduled = Math.min(opening, Math.max(closing, whole(scheduledFrom)));
  const afterPrepaid = Math.min(opening, Math.max(afterScheduled, whole(prepaidFrom)));
  cents.closing[column] = closing;
  cents.scheduled[column] = afterScheduled - closing;
  cents.prepaid[column] = afterPrepaid - afterScheduled;
  cents.chargedOff[column] = opening - afterPrepaid;
  cents.interest[column] = whole(exact.interest[column]);
  cents.recovered[column] = whole(exact.recovered[column]);
  cents.delinquent[column] = Math.min(closing, whole(exact.delinquent[column]));
  cents.loans[column] = whole(exact.loans[column]);
  cents.loansPrepaid[column] = whole(exact.loansPrepaid[column]);
  pool.cumulative.chargedOff += opening - afterPrepaid;
  pool.cumulative.recovered += whole(exact.recovered[column]);
  if (call !== null && closing <= call * cents.openingCents) callPool(pool, column);
}

/** The pool is sold at par into the period's collections; what it would have paid later goes with it. */
function callPool(pool: ForwardPool, column: number): void {
  const { cents } = pool;
  cents.prepaid[column] = (cents.prepaid[column] ?? 0) + (cents.closing[column] ?? 0);
  cents.loansPrepaid[column] = (cents.loansPrepaid[column] ?? 0) + (cents.loans[column] ?? 0);
  cents.closing[column] = 0;
  cents.delinquent[column] = 0;
  cents.loans[column] = 0;
  pool.calledColumn = column;
}
