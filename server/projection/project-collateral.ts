/**
 * The pool month by month under a scenario's assumptions. The order inside a month is that of the
 * Standard Formulas (SF-18, SF-19): loans default out of the opening balance, the others pay what is
 * scheduled, prepayments are taken of what is left, so that a share 1 - MDR - SMM survives.
 */
import type { Assumptions, Vector } from "./assumptions.ts";
import { valueAt } from "./assumptions.ts";
import { cdrFromSda, mdrFromCdr } from "./default-rates.ts";
import type { Cohorts } from "./fold-cohorts.ts";
import { cprFromPsa, smmFromAbs, smmFromCpr } from "./prepayment-speeds.ts";

/** Cents as floats by collection month; entry 0 is the first month after the cut-off. */
export interface CollateralMonths {
  months: number;
  openingCents: number;
  /** Scheduled principal received or advanced. */
  scheduled: Float64Array;
  prepaid: Float64Array;
  /** Balance that leaves the pool by default, gross. */
  chargedOff: Float64Array;
  /** Pool balance after the month: performing, defaulted but not charged off, late principal. */
  closing: Float64Array;
  interest: Float64Array;
  /** Received on charged-off loans. */
  recovered: Float64Array;
  /** Balance 60 or more days past due, defaulted loans in the pool included. */
  delinquent: Float64Array;
  /** Loans in the pool after the month, and loans that prepaid in it. */
  loans: Float64Array;
  loansPrepaid: Float64Array;
  /** Performing balance before the month, and the interest that it would bear without defaults. */
  performing: Float64Array;
  accrued: Float64Array;
}

export const FLOWS_BY_MONTH = [
  "scheduled",
  "prepaid",
  "chargedOff",
  "closing",
  "interest",
  "recovered",
  "delinquent",
  "loans",
  "loansPrepaid",
  "performing",
  "accrued",
] as const satisfies (keyof CollateralMonths)[];

export function openMonths(months: number, openingCents: number): CollateralMonths {
  const arrays = FLOWS_BY_MONTH.map((flow) => [flow, new Float64Array(months)]);
  return { months, openingCents, ...Object.fromEntries(arrays) } as CollateralMonths;
}

/** A monthly rate by month and age reached in it. */
type RateOf = (month: number, age: number) => number;

/** Rates that do not depend on age, one a month, computed once for all ages. */
function byMonth(months: number, values: Vector, rateOf: (value: number) => number): RateOf {
  const rates = Float64Array.from({ length: months }, (_, month) => rateOf(valueAt(values, month)));
  return (month) => rates[month] ?? 0;
}

/** Share of what is left after scheduled principal that prepays. */
function prepaymentRate({ prepayment }: Assumptions, months: number): RateOf {
  const { speed, values } = prepayment;
  switch (speed) {
    case "smm":
      return byMonth(months, values, (smm) => smm);
    case "cpr":
      return byMonth(months, values, (cpr) => smmFromCpr(cpr));
    case "psa":
      return (month, age) => smmFromCpr(cprFromPsa(valueAt(values, month), age));
    case "abs":
      return (month, age) => smmFromAbs(valueAt(values, month), age);
  }
}

/** Share of the opening performing balance that defaults. */
function defaultRate({ defaults }: Assumptions, months: number): RateOf {
  const { rate, values } = defaults;
  switch (rate) {
    case "mdr":
      return byMonth(months, values, (mdr) => mdr);
    case "cdr":
      return byMonth(months, values, mdrFromCdr);
    case "sda":
      return (month, age) => mdrFromCdr(cdrFromSda(valueAt(values, month), age));
  }
}

/** Months until the last cent: the longest loan, then what its defaults and late payments wait for. */
function projectionMonths(cohorts: Cohorts, assumptions: Assumptions): number {
  const { liquidationLagMonths, recoveryLagMonths, delinquencyLagMonths } = assumptions;
  const defaulted = liquidationLagMonths + recoveryLagMonths;
  return cohorts.months + Math.max(defaulted, delinquencyLagMonths);
}

/**
 * Projects every month of a pool. Pure, and without allocation in the loops.
 * @param from month of the assumptions, from 0, in which the pool begins to pay
 */
export function projectCollateral(
  cohorts: Cohorts,
  stated: Assumptions,
  from: number = 0,
): CollateralMonths {
  const assumptions = from === 0 ? stated : assumptionsFrom(stated, from);
  const months = openMonths(projectionMonths(cohorts, assumptions), cohorts.openingCents);
  const defaulted = new Float64Array(cohorts.months);
  const smmOf = prepaymentRate(assumptions, cohorts.months);
  const mdrOf = defaultRate(assumptions, cohorts.months);
  for (let cohort = 0; cohort < cohorts.count; cohort += 1) {
    const run = { months, cohorts, cohort, assumptions, defaulted, smmOf, mdrOf };
    addPerforming(run);
    addDefaulted(run);
  }
  if (assumptions.delinquencyLagMonths > 0 && !assumptions.servicerAdvances) {
    deferLatePayments(months, assumptions);
  }
  return months;
}

/** The assumptions as they stand from a month on. */
function assumptionsFrom(stated: Assumptions, from: number): Assumptions {
  const later = (values: Vector): Vector => values.slice(Math.min(from, values.length - 1));
  return {
    ...stated,
    prepayment: { ...stated.prepayment, values: later(stated.prepayment.values) },
    defaults: { ...stated.defaults, values: later(stated.defaults.values) },
    severity: later(stated.severity),
    delinquency: later(stated.delinquency),
  };
}

interface CohortRun {
  months: CollateralMonths;
  cohorts: Cohorts;
  cohort: number;
  assumptions: Assumptions;
  smmOf: RateOf;
  mdrOf: RateOf;
  /** Share of the cohort that defaults in each month. */
  defaulted: Float64Array;
}

function add(array: Float64Array, month: number, value: number): void {
  array[month] = (array[month] ?? 0) + value;
}

/** What the loans that still perform pay; the shares that default are left in `defaulted`. */
function addPerforming(run: CohortRun): void {
  const { months, cohorts, cohort, assumptions, defaulted, smmOf, mdrOf } = run;
  const first = cohort * (cohorts.months + 1);
  const age = cohorts.ages[cohort] ?? 0;
  let surviving = 1;
  for (let month = 0; month < cohorts.months; month += 1) {
    const at = first + month;
    const before = cohorts.balances[at] ?? 0;
    const after = cohorts.balances[at + 1] ?? 0;
    const interest = cohorts.interest[at + 1] ?? 0;
    const loans = cohorts.loans[at + 1] ?? 0;
    const mdr = Math.min(1, mdrOf(month, age + month + 1));
    const smm = Math.min(1 - mdr, smmOf(month, age + month + 1));
    const paying = surviving * (1 - mdr);
    const prepaying = surviving * smm;
    defaulted[month] = surviving * mdr;
    add(months.performing, month, surviving * before);
    add(months.accrued, month, surviving * interest);
    add(months.scheduled, month, paying * (before - after));
    add(months.prepaid, month, prepaying * after);
    add(months.interest, month, paying * interest);
    add(months.loansPrepaid, month, prepaying * loans);
    surviving = Math.max(0, paying - prepaying);
    add(months.closing, month, surviving * after);
    add(months.delinquent, month, surviving * after * valueAt(assumptions.delinquency, month));
    add(months.loans, month, surviving * loans);
  }
}

/**
 * Defaulted loans: in the pool until their charge-off, when the severity of the balance at default is
 * lost and the rest is recovered some months later. While they wait the servicer may advance what
 * they were scheduled to pay; the advances come back to it out of the liquidation.
 */
function addDefaulted({ months, cohorts, cohort, assumptions, defaulted }: CohortRun): void {
  const { liquidationLagMonths: lag, recoveryLagMonths, servicerAdvances } = assumptions;
  const first = cohort * (cohorts.months + 1);
  for (let month = 0; month < cohorts.months + lag; month += 1) {
    const at = first + Math.min(month, cohorts.months);
    const before = cohorts.balances[at] ?? 0;
    const after = month < cohorts.months ? (cohorts.balances[at + 1] ?? 0) : 0;
    let waiting = 0;
    let balance = 0;
    for (let since = Math.max(0, month - lag + 1); since <= month; since += 1) {
      const share = since < cohorts.months ? (defaulted[since] ?? 0) : 0;
      waiting += share;
      balance += share * (servicerAdvances ? after : (cohorts.balances[first + since] ?? 0));
    }
    if (lag > 0) {
      add(months.closing, month, balance);
      add(months.delinquent, month, balance);
      if (month < cohorts.months) add(months.loans, month, waiting * (cohorts.loans[at + 1] ?? 0));
      if (servicerAdvances && month < cohorts.months) {
        add(months.scheduled, month, waiting * (before - after));
        add(months.interest, month, waiting * (cohorts.interest[at + 1] ?? 0));
      }
    }
    if (month < lag) continue;
    const since = month - lag;
    const atDefault = (defaulted[since] ?? 0) * (cohorts.balances[first + since] ?? 0);
    const chargedOff = servicerAdvances && lag > 0 ? (defaulted[since] ?? 0) * before : atDefault;
    const lost = Math.min(chargedOff, atDefault * valueAt(assumptions.severity, month));
    add(months.chargedOff, month, chargedOff);
    add(months.recovered, month + recoveryLagMonths, chargedOff - lost);
  }
}

/** Delinquent loans pay some months late: their principal stays in the pool until then. */
function deferLatePayments(months: CollateralMonths, assumptions: Assumptions): void {
  const { scheduled, interest, closing } = months;
  const lag = assumptions.delinquencyLagMonths;
  const latePrincipal = new Float64Array(months.months + lag);
  const lateInterest = new Float64Array(months.months + lag);
  let outstanding = 0;
  for (let month = 0; month < months.months; month += 1) {
    const share = valueAt(assumptions.delinquency, month);
    const principal = share * (scheduled[month] ?? 0);
    latePrincipal[month + lag] = principal;
    lateInterest[month + lag] = share * (interest[month] ?? 0);
    outstanding += principal - (latePrincipal[month] ?? 0);
    add(scheduled, month, (latePrincipal[month] ?? 0) - principal);
    add(interest, month, (lateInterest[month] ?? 0) - share * (interest[month] ?? 0));
    add(closing, month, outstanding);
  }
}
