/** What the values of one column are, from a sample of rows. */
import type { DatePattern } from "../formats/tape-format.ts";
import { dateMatcher, SWAPPABLE_PATTERNS } from "../reading/date-patterns.ts";
import { DATE_PATTERNS } from "../tape-words.ts";

/** Values listed of a column with few different ones. */
const FEW_VALUES = 60;

const SAMPLES = 5;

/** Spellings of "not reported" that are looked for; those with digits only where they stand out. */
const MISSING =
  /^(-+|\.|n\/?a|#n\/a|null|none|nan|nd[1-5](-\d{4}-\d{2}-\d{2})?|unknown|not available|xx|\?)$/i;

/** A number as people write it: signs, currency, thousands, percent. */
const NUMBER = /^\(?[+-]?\s*[$£€¥]?\s*[+-]?(\d{1,3}([,'\u00a0 ]\d{3})+|\d+)?(\.\d*)?\s*%?-?\)?$/;
/** Three digits after a comma may be thousands: they say nothing. */
const COMMA_NUMBER = /^[+-]?(\d{1,3}(\.\d{3})+|\d+),(\d{1,2}|\d{4,})\s*%?$/;

export interface ColumnProfile {
  name: string;
  /** Place in the file, from 0. */
  place: number;
  /** Rows looked at, and those with a value. */
  rows: number;
  filled: number;
  samples: readonly string[];
  /** Different values, and how often each stands when they are few; null when they are many. */
  distinct: number;
  values: ReadonlyMap<string, number> | null;
  missing: readonly string[];
  /** Shares of the filled cells, 0 to 1. */
  numeric: number;
  whole: number;
  percentSigns: number;
  decimalCommas: number;
  /** Of the numbers, sorted; empty when few cells are numbers. */
  numbers: readonly number[];
  /** The pattern that most cells have, and the share of them; null when none has half. */
  date: { pattern: DatePattern; share: number; ambiguous: boolean } | null;
}

/** @param cells of the sampled rows; null where a row has none */
export function profileColumn(
  name: string,
  place: number,
  cells: readonly (string | null)[],
): ColumnProfile {
  const texts = cells.filter((cell) => cell !== null && cell !== "") as string[];
  const missing = [...new Set(texts.filter((text) => MISSING.test(text)))];
  const filled = texts.filter((text) => !MISSING.test(text));
  const counts = countValues(filled);
  const share = (test: (text: string) => boolean): number =>
    filled.length === 0 ? 0 : filled.filter(test).length / filled.length;
  const decimalCommas = share((text) => COMMA_NUMBER.test(text));
  const numbers = filled.map((text) => numberOf(text, decimalCommas > 0.5)).filter(Number.isFinite);
  return {
    ...{ name, place, rows: cells.length, filled: filled.length, missing, decimalCommas },
    samples: [...counts.keys()].slice(0, SAMPLES),
    distinct: counts.size,
    values: counts.size <= FEW_VALUES ? counts : null,
    numeric: filled.length === 0 ? 0 : numbers.length / filled.length,
    whole: share((text) => /^[+-]?\d+$/.test(text)),
    percentSigns: share((text) => text.endsWith("%")),
    numbers: numbers.toSorted((a, b) => a - b),
    date: findPattern(filled),
  };
}

/** The middle one of sorted numbers; null when there is none. */
export function medianOf(numbers: readonly number[]): number | null {
  return numbers[Math.floor(numbers.length / 2)] ?? null;
}

/** NaN for what is no number: the proposal looks at distributions, no money comes of it. */
export function numberOf(text: string, decimalComma: boolean): number {
  const plain = decimalComma ? text.replaceAll(".", "").replace(",", ".") : text;
  if (!/\d/.test(plain) || !NUMBER.test(plain)) return Number.NaN;
  const isNegative = /^\(.*\)$|^[^\d]*-|-$/.test(plain);
  const value = Number(plain.replaceAll(/[^\d.]/g, ""));
  return isNegative ? -value : value;
}

function countValues(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return new Map([...counts].toSorted(([, a], [, b]) => b - a));
}

/** A year that a loan's date can have. */
const isLikelyYear = (year: number): boolean => year >= 1960 && year <= 2080;

function findPattern(texts: readonly string[]): ColumnProfile["date"] {
  let best: ColumnProfile["date"] = null;
  const cells = texts.map((text) => Buffer.from(text));
  for (const pattern of DATE_PATTERNS) {
    const matches = dateMatcher(pattern, 50);
    const found = { year: 0, month: 0, day: 0 };
    let matched = 0;
    let highestDay = 0;
    for (const cell of cells) {
      if (!matches(cell, 0, cell.length, found) || !isDay(found)) continue;
      matched += 1;
      highestDay = Math.max(highestDay, found.day);
    }
    const share = cells.length === 0 ? 0 : matched / cells.length;
    if (share <= Math.max(0.5, best?.share ?? 0)) continue;
    best = { pattern, share, ambiguous: SWAPPABLE_PATTERNS.has(pattern) && highestDay <= 12 };
  }
  return best;
}

function isDay({ year, month, day }: { year: number; month: number; day: number }): boolean {
  return isLikelyYear(year) && month >= 1 && month <= 12 && day <= 31;
}
