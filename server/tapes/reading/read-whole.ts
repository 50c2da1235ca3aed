/** Whole numbers of days, months and points. */
import { noted, readAs, refused, UNREADABLE } from "./cell-reader.ts";
import type { CellReader } from "./cell-reader.ts";

const MINUS = 45;
const PLUS = 43;
const ZERO = 48;
const MOST_DIGITS = 8;

/** Zeros behind a decimal sign are what a float leaves of a whole number. */
const WHOLE = /^([+-]?\d{1,8})\.0+$/;

export const WHOLE_READER: CellReader = {
  read(bytes, start, end) {
    const sign = bytes[start] as number;
    const from = sign === MINUS || sign === PLUS ? start + 1 : start;
    if (from === end || end - from > MOST_DIGITS) return UNREADABLE;
    let value = 0;
    for (let i = from; i < end; i += 1) {
      const digit = (bytes[i] as number) - ZERO;
      if (digit < 0 || digit > 9) return UNREADABLE;
      value = value * 10 + digit;
    }
    return sign === MINUS && value !== 0 ? -value : value;
  },
  explain(text) {
    const digits = WHOLE.exec(text)?.[1];
    return digits === undefined
      ? refused(text, "type", "a whole number")
      : readAs(Number(digits) + 0);
  },
};

const NO_SCORE = "a score from 1 to 999";

/** Scores are texts in most layouts: what is no score ("NONE") says that there is none. */
export function scoreReader(): CellReader {
  const inRange = (value: number): boolean => value >= 1 && value <= 999;
  return {
    read(bytes, start, end) {
      const value = WHOLE_READER.read(bytes, start, end);
      return inRange(value) ? value : UNREADABLE;
    },
    explain(text) {
      const { value } = WHOLE_READER.explain(text);
      if (value !== null && inRange(value)) return readAs(value);
      return { ...noted(Number.NaN, "type", NO_SCORE), severity: "note" };
    },
  };
}
