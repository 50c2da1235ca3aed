/**
 * Calendar days as whole numbers: an epoch day counts from 1970-01-01 and has no time of day and no
 * time zone, so that a payment date is the same date everywhere. `Date` is used in UTC only.
 */

export type EpochDay = number;

/** Months counted as year * 12 + (month - 1): 2017-10 -> 24213. */
export type MonthNumber = number;

export const SECONDS_PER_DAY = 86_400;

export interface CivilDate {
  year: number;
  /** 1..12 */
  month: number;
  /** 1..31 */
  day: number;
}

/** The epoch day of a date; a day past the month's end is not accepted here. */
export function epochDay({ year, month, day }: CivilDate): EpochDay {
  return Date.UTC(year, month - 1, day) / (SECONDS_PER_DAY * 1000);
}

export function civilDate(day: EpochDay): CivilDate {
  const date = new Date(day * SECONDS_PER_DAY * 1000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** "2017-10-18" -> epoch day. @throws RangeError naming the value when there is no such date. */
export function parseDate(text: string): EpochDay {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) throw new RangeError(`"${text}" is not a date such as 2017-10-18`);
  const day = epochDay({ year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) });
  if (formatDate(day) !== text) throw new RangeError(`"${text}" is not a day of the calendar`);
  return day;
}

/** Epoch day -> "2017-10-18". */
export function formatDate(day: EpochDay): string {
  return new Date(day * SECONDS_PER_DAY * 1000).toISOString().slice(0, 10);
}

/** "2017-10" -> month number. @throws RangeError naming the value. */
export function parseMonth(text: string): MonthNumber {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (match === null) throw new RangeError(`"${text}" is not a month such as 2017-10`);
  return Number(match[1]) * 12 + Number(match[2]) - 1;
}

/** Month number -> "2017-10". */
export function formatMonth(month: MonthNumber): string {
  const year = Math.floor(month / 12);
  return `${String(year).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;
}

export function monthOf(day: EpochDay): MonthNumber {
  const { year, month } = civilDate(day);
  return year * 12 + month - 1;
}

/** The day `dayOfMonth` of a month, or the month's last day when it is shorter. */
export function dayInMonth(month: MonthNumber, dayOfMonth: number): EpochDay {
  const year = Math.floor(month / 12);
  const lastDay = new Date(Date.UTC(year, (month % 12) + 1, 0)).getUTCDate();
  return epochDay({ year, month: (month % 12) + 1, day: Math.min(dayOfMonth, lastDay) });
}

/** The same day `count` months later (or earlier), at most the last day of that month. */
export function addMonths(day: EpochDay, count: number): EpochDay {
  return dayInMonth(monthOf(day) + count, civilDate(day).day);
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function isLastDayOfFebruary(day: EpochDay): boolean {
  return civilDate(day).month === 2 && civilDate(day + 1).month === 3;
}

/** Whole years from `from` that have passed by `to` (anniversaries reached), at least 0. */
export function fullYearsBetween(from: EpochDay, to: EpochDay): number {
  let years = Math.max(0, civilDate(to).year - civilDate(from).year);
  while (years > 0 && addMonths(from, 12 * years) > to) years -= 1;
  return years;
}

/** A holiday list; Saturdays and Sundays are never business days. */
export type Holidays = ReadonlySet<EpochDay>;

export const BUSINESS_DAY_RULES = [
  "following",
  "modified following",
  "preceding",
  "unadjusted",
] as const;
export type BusinessDayRule = (typeof BUSINESS_DAY_RULES)[number];

export function isBusinessDay(day: EpochDay, holidays: Holidays): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7; // 1970-01-01 was a Thursday; 0 is Sunday
  return weekday !== 0 && weekday !== 6 && !holidays.has(day);
}

function nextGoodDay(day: EpochDay, step: 1 | -1, holidays: Holidays): EpochDay {
  let good = day;
  while (!isBusinessDay(good, holidays)) good += step;
  return good;
}

/**
 * The business day that a date falls on under the rule (ACTUS terms SCF, SCMF, SCP); `unadjusted`
 * leaves every date where it is.
 */
export function toBusinessDay(day: EpochDay, rule: BusinessDayRule, holidays: Holidays): EpochDay {
  if (rule === "unadjusted") return day;
  if (rule === "preceding") return nextGoodDay(day, -1, holidays);
  const following = nextGoodDay(day, 1, holidays);
  if (rule === "following" || monthOf(following) === monthOf(day)) return following;
  return nextGoodDay(day, -1, holidays);
}

/** The n-th business day strictly before (n >= 1) a day. */
export function businessDaysBefore(day: EpochDay, count: number, holidays: Holidays): EpochDay {
  let result = day;
  for (let i = 0; i < count; i += 1) result = nextGoodDay(result - 1, -1, holidays);
  return result;
}

/** "14:00Z" -> seconds since midnight UTC. @throws RangeError naming the value. */
export function parseTimeOfDay(text: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)Z$/.exec(text);
  if (match === null) throw new RangeError(`"${text}" is not a UTC time of day such as 14:00Z`);
  return Number(match[1]) * 3600 + Number(match[2]) * 60;
}

/** Seconds since midnight UTC -> "14:00Z"; whole minutes only. */
export function formatTimeOfDay(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor((seconds % 3600) / 60))}Z`;
}
