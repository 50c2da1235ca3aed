/** How dates are written, as bytes. */
import type { DatePattern } from "../formats/tape-format.ts";

/** What a pattern found in a cell; day 0 where it has none. One object for all cells. */
export interface FoundDate {
  year: number;
  month: number;
  day: number;
}

/** Whether the cell is written so; the parts go to `found` and may be no day of the calendar. */
export type DateMatcher = (bytes: Buffer, start: number, end: number, found: FoundDate) => boolean;

const ZERO = 48;

/** Parts of a pattern: a number of at least and at most so many digits, a month's name, or a sign. */
type Part =
  | { kind: "year" | "month" | "day"; least: number; most: number }
  | { kind: "name" }
  | { kind: "sign"; code: number };

const year: Part = { kind: "year", least: 4, most: 4 };
const shortYear: Part = { kind: "year", least: 2, most: 2 };
const month: Part = { kind: "month", least: 1, most: 2 };
const fullMonth: Part = { kind: "month", least: 2, most: 2 };
const day: Part = { kind: "day", least: 1, most: 2 };
const fullDay: Part = { kind: "day", least: 2, most: 2 };
const name: Part = { kind: "name" };
const sign = (text: string): Part => ({ kind: "sign", code: text.charCodeAt(0) });

/** One digit stands for two where signs part the numbers, as the schema of ABS-EE has it. */
const PARTS: Readonly<Record<Exclude<DatePattern, "serial" | "serial 1904">, readonly Part[]>> = {
  "YYYY-MM-DD": [year, sign("-"), month, sign("-"), day],
  "MM-DD-YYYY": [month, sign("-"), day, sign("-"), year],
  "MM/DD/YYYY": [month, sign("/"), day, sign("/"), year],
  "DD/MM/YYYY": [day, sign("/"), month, sign("/"), year],
  "DD.MM.YYYY": [day, sign("."), month, sign("."), year],
  YYYYMMDD: [year, fullMonth, fullDay],
  "MM/DD/YY": [month, sign("/"), day, sign("/"), shortYear],
  "DD-Mon-YY": [day, sign("-"), name, sign("-"), shortYear],
  "YYYY-MM": [year, sign("-"), fullMonth],
  "MM/YYYY": [month, sign("/"), year],
  YYYYMM: [year, fullMonth],
  MMYYYY: [fullMonth, year],
  "Mon-YYYY": [name, sign("-"), year],
  MonYYYY: [name, year],
  "Mon-YY": [name, sign("-"), shortYear],
  "ISO time": [year, sign("-"), fullMonth, sign("-"), fullDay],
};

/** Patterns in which day and month could be taken for each other. */
export const SWAPPABLE_PATTERNS: ReadonlySet<DatePattern> = new Set([
  "MM/DD/YYYY",
  "DD/MM/YYYY",
  "MM/DD/YY",
]);

/** @param pivot years of two digits below it are of this century */
export function dateMatcher(pattern: DatePattern, pivot: number): DateMatcher {
  if (pattern === "serial") return matchSerial(SERIAL_ZERO);
  if (pattern === "serial 1904") return matchSerial(SERIAL_ZERO_1904);
  const parts = PARTS[pattern];
  const hasTime = pattern === "ISO time";
  return (bytes, start, end, found) => {
    let at = start;
    found.day = 0;
    for (const part of parts) {
      const next = readPart(part, bytes, at, found);
      if (next < 0 || next > end) return false;
      at = next;
    }
    if (found.year < 100) found.year += found.year < pivot ? 2000 : 1900;
    return at === end || (hasTime && isTime(bytes, at, end));
  };
}

/** Where the part ends; -1 when it is not there. */
function readPart(part: Part, bytes: Buffer, start: number, found: FoundDate): number {
  if (part.kind === "sign") return bytes[start] === part.code ? start + 1 : -1;
  if (part.kind === "name") {
    found.month = monthNamed(bytes, start);
    return found.month === 0 ? -1 : start + 3;
  }
  let value = 0;
  let at = start;
  for (; at < start + part.most; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at - start < part.least) return -1;
  found[part.kind] = value;
  return at;
}

const MONTH_NAMES = "janfebmaraprmayjunjulaugsepoctnovdec";

/** 1 to 12; 0 when the three letters name no month. */
function monthNamed(bytes: Buffer, start: number): number {
  for (let place = 0; place < 12; place += 1) {
    let letter = 0;
    while (
      letter < 3 &&
      ((bytes[start + letter] ?? 0) | 32) === MONTH_NAMES.charCodeAt(3 * place + letter)
    ) {
      letter += 1;
    }
    if (letter === 3) return place + 1;
  }
  return 0;
}

const TIME = /^[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

function isTime(bytes: Buffer, start: number, end: number): boolean {
  return TIME.test(bytes.toString("latin1", start, end));
}

const MS_PER_DAY = 86_400_000;
/** Day 0 of a workbook's count, with the 29 February 1900 that it believes in. */
const SERIAL_ZERO = Date.UTC(1899, 11, 30) / MS_PER_DAY;
const SERIAL_ZERO_1904 = Date.UTC(1904, 0, 1) / MS_PER_DAY;
const SERIAL = /^\d{4,5}(\.\d+)?$/;

function matchSerial(zero: number): DateMatcher {
  return (bytes, start, end, found) => {
    const text = bytes.toString("latin1", start, end);
    if (!SERIAL.test(text)) return false;
    const date = new Date((zero + Math.floor(Number(text))) * MS_PER_DAY);
    found.year = date.getUTCFullYear();
    found.month = date.getUTCMonth() + 1;
    found.day = date.getUTCDate();
    return true;
  };
}
