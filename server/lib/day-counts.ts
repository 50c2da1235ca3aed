/**
 * Day counts under their market names. Each gives an exact fraction of a year: the numerator between
 * two dates and a denominator that is fixed per convention, so that nothing rounds before the cent.
 */
import { addMonths, civilDate, epochDay, isLastDayOfFebruary, isLeapYear } from "./dates.ts";
import type { EpochDay } from "./dates.ts";

export const DAY_COUNTS = [
  "30/360",
  "30/360 US",
  "30E/360",
  "30E/360 ISDA",
  "30E+/360",
  "ACT/360",
  "ACT/364",
  "ACT/365F",
  "ACT/365A",
  "ACT/365L",
  "NL/365",
  "ACT/ACT ISDA",
  "ACT/ACT ICMA",
] as const;

export type DayCount = (typeof DAY_COUNTS)[number];

/** 365 * 366 carries leap and other years exactly. */
const LEAP_AND_OTHER = 365 * 366;
/** Months from one coupon to the next. */
export const COUPON_MONTHS = [1, 2, 3, 6, 12] as const;
export type CouponMonths = (typeof COUPON_MONTHS)[number];

/** By a coupon period's months, the least common multiple of the days that such a period can have. */
const COUPON_LENGTHS: Readonly<Record<CouponMonths, number>> = {
  1: 377_580, // 28 to 31 days
  2: 6_694_140, // 59 to 62
  3: 33_529_860, // 89 to 92
  6: 554_611_512, // 181 to 184
  12: 133_590, // 365 and 366
};

/** Denominator of each convention; of ACT/ACT ICMA with monthly coupons. */
export const DAY_COUNT_DENOMINATORS: Readonly<Record<DayCount, number>> = {
  "30/360": 360,
  "30/360 US": 360,
  "30E/360": 360,
  "30E/360 ISDA": 360,
  "30E+/360": 360,
  "ACT/360": 360,
  "ACT/364": 364,
  "ACT/365F": 365,
  "ACT/365A": LEAP_AND_OTHER,
  "ACT/365L": LEAP_AND_OTHER,
  "NL/365": 365,
  "ACT/ACT ISDA": LEAP_AND_OTHER,
  "ACT/ACT ICMA": 12 * COUPON_LENGTHS[1],
};

/** Denominator of a convention where coupons lie so many months apart. */
export function dayCountDenominator(dayCount: DayCount, months: CouponMonths): number {
  if (dayCount !== "ACT/ACT ICMA") return DAY_COUNT_DENOMINATORS[dayCount];
  return (12 / months) * COUPON_LENGTHS[months];
}

export interface AccrualPeriod {
  /** First day, included. */
  start: EpochDay;
  /** Last day, excluded. */
  end: EpochDay;
  /** Termination date, where 30E/360 ISDA does not move a last day of February. */
  termination?: EpochDay;
  /** Months from one coupon to the next, which ACT/ACT ICMA divides a year by; 1 when not given. */
  months?: CouponMonths;
}

/**
 * Numerator of the accrual period's year fraction.
 * Source: ISDA 2006 Definitions 4.16 (f), (g), (h), (b), (d), (e); FIX tag 1950 for 30/360 US,
 * 30E+/360, ACT/365A, ACT/365L and NL/365; ICMA Rule 251 for ACT/ACT ICMA.
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
    case "30E+/360":
      return thirty360(period, plusDays);
    case "ACT/ACT ISDA":
      return actualActualIsda(period);
    case "ACT/ACT ICMA":
      return actualActualIcma(period);
    case "ACT/365A":
      return daysOverYear(period, leapDays(period) > 0);
    case "ACT/365L":
      return daysOverYear(period, isLeapYear(civilDate(period.end).year));
    case "NL/365":
      return period.end - period.start - leapDays(period);
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

/** A last day 31 counts as the first of the next month: 30 more than day 1 of its own. */
function plusDays({ d1, d2 }: Days): [number, number] {
  return [Math.min(d1, 30), d2]; // 30 * months + 31 - 30 is the same day as the 1st of the next
}

/** How many 29 Februaries lie after the first day, up to and with the last. */
function leapDays({ start, end }: AccrualPeriod): number {
  let count = 0;
  for (let { year } = civilDate(start); year <= civilDate(end).year; year += 1) {
    if (!isLeapYear(year)) continue;
    const leapDay = epochDay({ year, month: 2, day: 29 });
    if (leapDay > start && leapDay <= end) count += 1;
  }
  return count;
}

/** Days over a year of 366 or of 365 days, as a numerator over 365 * 366. */
function daysOverYear({ start, end }: AccrualPeriod, ofLeapYear: boolean): number {
  return (end - start) * (ofLeapYear ? 365 : 366);
}

/**
 * Days over the days of the coupon period that they lie in times the coupons of a year; coupon
 * periods are counted back from the last day, so that a first period of another length has its own.
 */
function actualActualIcma({ start, end, months = 1 }: AccrualPeriod): number {
  const whole = COUPON_LENGTHS[months];
  if (addMonths(start, months) === end) return whole; // also from 31 January to 28 February
  let numerator = 0;
  for (let coupon = 1, until = end; until > start; coupon += 1) {
    const from = addMonths(end, -coupon * months);
    const days = until - Math.max(from, start);
    numerator += (days * whole) / (until - from);
    until = from;
  }
  return numerator;
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
