/**
 * Day counts under their market names. Each gives an exact fraction of a year: the numerator between
 * two dates and a denominator that is fixed per convention, so that nothing rounds before the cent.
 */
import { civilDate, epochDay, isLastDayOfFebruary, isLeapYear } from "./dates.ts";
import type { EpochDay } from "./dates.ts";

export const DAY_COUNTS = [
  "30/360",
  "30/360 US",
  "30E/360",
  "30E/360 ISDA",
  "ACT/360",
  "ACT/364",
  "ACT/365F",
  "ACT/ACT ISDA",
] as const;

export type DayCount = (typeof DAY_COUNTS)[number];

/** Denominator of each convention; 133,590 = 365 * 366 carries leap and other years exactly. */
export const DAY_COUNT_DENOMINATORS: Readonly<Record<DayCount, number>> = {
  "30/360": 360,
  "30/360 US": 360,
  "30E/360": 360,
  "30E/360 ISDA": 360,
  "ACT/360": 360,
  "ACT/364": 364,
  "ACT/365F": 365,
  "ACT/ACT ISDA": 365 * 366,
};

export interface AccrualPeriod {
  /** First day, included. */
  start: EpochDay;
  /** Last day, excluded. */
  end: EpochDay;
  /** Termination date, where 30E/360 ISDA does not move a last day of February. */
  termination?: EpochDay;
}

/**
 * Numerator of the accrual period's year fraction.
 * Source: ISDA 2006 Definitions 4.16 (f), (g), (h), (b), (d), (e); FIX tag 1950 for 30/360 US.
 */
export function dayCountNumerator(dayCount: DayCount, period: AccrualPeriod): number {
  switch (dayCount) {
    case "30/360":
      return thirty360(period, bondBasisDays);
    case "30/360 US":
      return thirty360(period, usDays);
    case "30E/360":
      return thirty360(period, ({ d1, d2 }) => [Math.min(d1, 30), Math.min(d2, 30)]);
    case "30E/360 ISDA":
      return thirty360(period, isdaDays);
    case "ACT/ACT ISDA":
      return actualActualIsda(period);
    default:
      return period.end - period.start;
  }
}

interface Days {
  d1: number;
  d2: number;
  period: AccrualPeriod;
}

function thirty360(period: AccrualPeriod, adjust: (days: Days) => [number, number]): number {
  const start = civilDate(period.start);
  const end = civilDate(period.end);
  const [d1, d2] = adjust({ d1: start.day, d2: end.day, period });
  return 360 * (end.year - start.year) + 30 * (end.month - start.month) + (d2 - d1);
}

function bondBasisDays({ d1, d2 }: Days): [number, number] {
  const first = Math.min(d1, 30);
  return [first, first === 30 ? Math.min(d2, 30) : d2];
}

function usDays({ d1, d2, period }: Days): [number, number] {
  if (!isLastDayOfFebruary(period.start)) return bondBasisDays({ d1, d2, period });
  const bothFebruary = isLastDayOfFebruary(period.end);
  return bondBasisDays({ d1: 30, d2: bothFebruary ? 30 : d2, period });
}

function isdaDays({ d1, d2, period }: Days): [number, number] {
  const first = isLastDayOfFebruary(period.start) ? 30 : Math.min(d1, 30);
  const moves = isLastDayOfFebruary(period.end) && period.end !== period.termination;
  return [first, moves ? 30 : Math.min(d2, 30)];
}

/** Days in other years * 366 + days in leap years * 365, over 365 * 366. */
function actualActualIsda({ start, end }: AccrualPeriod): number {
  let numerator = 0;
  for (let from = start; from < end;) {
    const { year } = civilDate(from);
    const until = Math.min(end, epochDay({ year: year + 1, month: 1, day: 1 }));
    numerator += (until - from) * (isLeapYear(year) ? 365 : 366);
    from = until;
  }
  return numerator;
}
