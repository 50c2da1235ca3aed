/** The text of a workbook's cells: numbers as Excel shows them in full, days as ISO dates. */

/** Digits that Excel keeps of a number. */
const DIGITS = 15;

const DAY_MILLISECONDS = 86_400_000;
const DAY_SECONDS = 86_400;

/** Day 0 of each base; the one of 1900 counts a 29 February 1900 that never was (day 60). */
const BASE_1900 = Date.UTC(1899, 11, 30);
const BASE_1904 = Date.UTC(1904, 0, 1);
const FALSE_LEAP_DAY = 60;
/** 9999-12-31 counted from 1900. */
const LAST_DAY = 2_958_465;

export type NumberShape = "number" | "date" | "time" | "date and time";

/**
 * A number in at most 15 digits and without an exponent: 0.15585000000000002 is 0.15585, 1E-05 is
 * 0.00001. What is no number stays as it is.
 */
export function plainNumber(text: string): string {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return text;
  const [mantissa = "", exponent] = value.toPrecision(DIGITS).split("e");
  const digits = exponent === undefined ? mantissa : moveDot(mantissa, Number(exponent));
  const plain = digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
  return plain === "-0" ? "0" : plain;
}

/** 1.25 moved by 3 is 1250, by -3 0.00125. */
function moveDot(mantissa: string, by: number): string {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const [whole = "", part = ""] = mantissa.replace("-", "").split(".");
  const digits = whole + part;
  const at = whole.length + by;
  if (at <= 0) return `${sign}0.${"0".repeat(-at)}${digits}`;
  if (at >= digits.length) return sign + digits + "0".repeat(at - digits.length);
  return `${sign}${digits.slice(0, at)}.${digits.slice(at)}`;
}

/**
 * A count of days as ISO text, in the parts that its cell shows; what is no day stays a number.
 * Seconds are rounded, as the count has about 15 digits.
 */
export function dateText(text: string, shape: NumberShape, is1904: boolean): string {
  const serial = Number(text);
  const last = is1904 ? LAST_DAY - 1462 : LAST_DAY;
  if (shape === "number" || text.trim() === "" || !(serial >= 0 && serial < last + 1)) {
    return plainNumber(text);
  }
  const seconds = Math.round((serial % 1) * DAY_SECONDS);
  const days = Math.floor(serial) + (seconds === DAY_SECONDS ? 1 : 0);
  const time = new Date((seconds % DAY_SECONDS) * 1000).toISOString().slice(11, 19);
  if (shape === "time" && days === 0) return time;
  const date = dayText(days, is1904);
  const showsTime = shape === "time" || (shape === "date and time" && seconds % DAY_SECONDS !== 0);
  return showsTime ? `${date}T${time}` : date;
}

function dayText(days: number, is1904: boolean): string {
  if (!is1904 && days === FALSE_LEAP_DAY) return "1900-02-29";
  const before = !is1904 && days < FALSE_LEAP_DAY ? 1 : 0;
  const base = is1904 ? BASE_1904 : BASE_1900;
  return new Date(base + (days + before) * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/** Numbers of the formats that every workbook knows without naming them. */
const BUILT_IN: readonly { from: number; to: number; shape: NumberShape }[] = [
  { from: 14, to: 17, shape: "date" },
  { from: 18, to: 21, shape: "time" },
  { from: 22, to: 22, shape: "date and time" },
  { from: 27, to: 31, shape: "date" },
  { from: 32, to: 35, shape: "time" },
  { from: 36, to: 36, shape: "date" },
  { from: 45, to: 47, shape: "time" },
  { from: 50, to: 58, shape: "date" },
];

/** What a built-in number format shows. */
export function shapeOfBuiltIn(id: number): NumberShape {
  return BUILT_IN.find(({ from, to }) => id >= from && id <= to)?.shape ?? "number";
}

/** What a number format shows, from its code for positive numbers; `[h]:mm` is a length of time: a number. */
export function shapeOfCode(code: string): NumberShape {
  const [positive = ""] = code
    .replaceAll(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, "")
    .split(";");
  if (/\[[hms]+\]/i.test(positive) || /general/i.test(positive)) return "number";
  const hasDay = /[yd]/i.test(positive) || /mmm/i.test(positive);
  const hasTime = /[hs]/i.test(positive);
  if (hasDay) return hasTime ? "date and time" : "date";
  if (hasTime) return "time";
  return /m/i.test(positive) && !/[0#?]/.test(positive) ? "date" : "number";
}

/** Number of a column from the reference of a cell (`C7` is 2); -1 when it is none. */
export function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) - 64;
    if (letter < 1 || letter > 26) return i === 0 || i > 3 ? -1 : column - 1;
    column = column * 26 + letter;
  }
  return -1;
}

/** The text of a formula that is nothing but a quoted string (`="0001 - 02"`), or null. */
export function quotedString(formula: string): string | null {
  const match = /^=?\s*"((?:[^"]|"")*)"\s*$/.exec(formula);
  return match === null ? null : (match[1] ?? "").replaceAll('""', '"');
}
