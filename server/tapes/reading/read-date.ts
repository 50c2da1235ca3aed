/** Cells with dates to epoch days and month numbers: days that the calendar has, in declared patterns. */
import type { DatePattern } from "../formats/tape-format.ts";
import { refused, UNREADABLE } from "./cell-reader.ts";
import type { CellReader, Explained } from "./cell-reader.ts";
import { DATE_PATTERNS } from "../tape-words.ts";
import { dateMatcher, SWAPPABLE_PATTERNS } from "./date-patterns.ts";
import type { FoundDate } from "./date-patterns.ts";

/** What becomes of a date: a day (a month alone is its first or last one) or a month's number. */
export type DateUse = "first day" | "last day" | "month";

export interface DateStyle {
  use: DateUse;
  patterns: readonly DatePattern[];
  /** Years of two digits below it are of this century. */
  pivot: number;
}

/** Of the cells of one column in a pattern in which day and month could be swapped. */
export interface DayRange {
  cells: number;
  least: number;
  most: number;
}

const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;

/** The reader, and what the days of its column were when they cannot be told from months. */
export function dateReader(style: DateStyle): CellReader & { days: DayRange | null } {
  const { use } = style;
  const found: FoundDate = { year: 0, month: 0, day: 0 };
  const matchers = style.patterns.map((pattern) => dateMatcher(pattern, style.pivot));
  const days = style.patterns.some((pattern) => SWAPPABLE_PATTERNS.has(pattern))
    ? { cells: 0, least: 31, most: 0 }
    : null;

  const last = new LastCell();

  function read(bytes: Buffer, start: number, end: number): number {
    if (last.is(bytes, start, end)) {
      if (days !== null) widen(days, found.day);
      return last.value;
    }
    last.value = match(bytes, start, end);
    last.keep(bytes, start, end);
    return last.value;
  }

  function match(bytes: Buffer, start: number, end: number): number {
    for (const matches of matchers) {
      if (!matches(bytes, start, end, found) || !isInCalendar(found)) continue;
      if (days !== null) widen(days, found.day);
      const month = found.year * 12 + found.month - 1;
      if (use === "month") return month;
      if (found.day > 0) return dayNumber(month, found.day);
      return use === "first day" ? dayNumber(month, 1) : dayNumber(month + 1, 1) - 1;
    }
    return UNREADABLE;
  }

  return { read, explain: (text) => explainDate(text, style), days };
}

/** Dates of a column repeat from row to row, those of the period in all of them. */
class LastCell {
  value = UNREADABLE;
  readonly #bytes = Buffer.alloc(16);
  #length = 0;

  is(bytes: Buffer, start: number, end: number): boolean {
    if (end - start !== this.#length) return false;
    // From the end, where dates that are not the same differ soonest.
    for (let i = this.#length - 1; i >= 0; i -= 1) {
      if (bytes[start + i] !== this.#bytes[i]) return false;
    }
    return true;
  }

  keep(bytes: Buffer, start: number, end: number): void {
    const isKept = this.value !== UNREADABLE && end - start <= this.#bytes.length;
    this.#length = isKept ? end - start : 0;
    // A call of Buffer's own copy takes longer than these few bytes.
    for (let i = 0; i < this.#length; i += 1) this.#bytes[i] = bytes[start + i] as number;
  }
}

function widen(range: DayRange, day: number): void {
  range.cells += 1;
  if (day < range.least) range.least = day;
  if (day > range.most) range.most = day;
}

function isInCalendar({ year, month, day }: FoundDate): boolean {
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12) return false;
  return day === 0 || day <= dayNumber(year * 12 + month, 1) - dayNumber(year * 12 + month - 1, 1);
}

/** Epoch day of a day of a month, by the count of days in the years before (Gregorian calendar). */
function dayNumber(month: number, day: number): number {
  // A year that begins in March ends with its leap day.
  const since = month - 2;
  const year = Math.floor(since / 12);
  const monthOfYear = since - year * 12;
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  return year * 365 + leapDays + Math.floor((153 * monthOfYear + 2) / 5) + day - 1 - 719_468;
}

/** `16-Jun` is June 2016 after a workbook saved it, `09:29.3` what is left of a timestamp. */
const DESTROYED = /^(\d{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-\d{2}|\d{1,3}:\d{2}(\.\d+)?|#{2,})$/;

function explainDate(text: string, { patterns, pivot }: DateStyle): Explained {
  const expected = `a date as ${patterns.join(" or ")}`;
  if (DESTROYED.test(text)) {
    return refused(text, "date-destroyed", `${expected}: the original file before it was saved`);
  }
  const bytes = Buffer.from(text);
  const found: FoundDate = { year: 0, month: 0, day: 0 };
  const isStyle = (pattern: DatePattern): boolean =>
    dateMatcher(pattern, pivot)(bytes, 0, bytes.length, found) && isInCalendar(found);
  const isDeclared = patterns.some((pattern) =>
    dateMatcher(pattern, pivot)(bytes, 0, bytes.length, found),
  );
  if (isDeclared) return refused(text, "type", `${expected} that the calendar has`);
  return refused(text, DATE_PATTERNS.some(isStyle) ? "date-style" : "type", expected);
}
