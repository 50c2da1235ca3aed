/** One text to one value, exactly: no float on the way, nothing guessed. */
import { formatMonth, parseDate, parseMonth } from "../lib/dates.ts";
import type { ProblemCode } from "./checks/check-codes.ts";
import type { DateFormat, MonthFormat } from "./tape-terms.ts";

export type CellResult<T> = { value: T } | { code: ProblemCode; expected: string };

/** At most 20 digits, 8 of them decimals, in ABS-EE; other tapes carry float noise of 15. */
const DECIMAL = /^([+-]?)(\d{1,20})(?:\.(\d{0,30}))?$/;

interface DecimalParts {
  negative: boolean;
  whole: string;
  fraction: string;
}

function splitDecimal(text: string): DecimalParts | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  return {
    negative: match[1] === "-",
    whole: match[2] ?? "0",
    fraction: (match[3] ?? "").replace(/0+$/, ""),
  };
}

function scaled({ negative, whole, fraction }: DecimalParts, decimals: number): bigint {
  const kept = fraction.slice(0, decimals).padEnd(decimals, "0");
  const roundsUp = fraction.length > decimals && fraction.charAt(decimals) >= "5";
  const magnitude = BigInt(whole + kept) + (roundsUp ? 1n : 0n);
  return negative ? -magnitude : magnitude;
}

/** An amount that must be exact to the cent; trailing zeros beyond it are no decimals. */
export function readMoney(text: string): CellResult<bigint> {
  const parts = splitDecimal(text);
  if (parts === null) return { code: "type", expected: "a decimal number such as 1234.56" };
  if (parts.fraction.length > 2) return { code: "decimals", expected: "at most 2 decimals" };
  return { value: scaled(parts, 2) };
}

/**
 * A scheduled amount, which issuers report unrounded (ABS-EE: up to 8 decimals): to the cent, an exact
 * half away from zero. It is never part of a cash figure.
 */
export function readScheduledMoney(text: string): CellResult<bigint> {
  const parts = splitDecimal(text);
  if (parts === null) return { code: "type", expected: "a decimal number such as 64.36324586" };
  return { value: scaled(parts, 2) };
}

/** An annual rate to an 1e18 integer; the deal says whether 0.109 or 10.9 stands for 10.9 %. */
export function readRate(text: string, unit: "fraction" | "percent"): CellResult<bigint> {
  const parts = splitDecimal(text);
  if (parts === null) return { code: "type", expected: "a decimal number such as 0.109" };
  const wad = scaled(parts, unit === "fraction" ? 18 : 16);
  if (wad < 0n || wad >= 10n ** 18n) {
    const range = unit === "fraction" ? "from 0 to below 1" : "from 0 to below 100";
    return { code: "rate-range", expected: `a rate as a ${unit}, ${range}` };
  }
  return { value: wad };
}

/** A whole number of days or months. */
export function readInteger(text: string): CellResult<number> {
  if (!/^[+-]?\d{1,8}$/.test(text)) return { code: "type", expected: "a whole number" };
  return { value: Number(text) };
}

export function readBoolean(text: string): CellResult<boolean> {
  if (text !== "true" && text !== "false") return { code: "type", expected: "true or false" };
  return { value: text === "true" };
}

/** A day as YYYY-MM-DD; the pattern is the declared one and no other. */
export function readDate(text: string, format: DateFormat): CellResult<string> {
  const refusal = { code: "type", expected: `a date as ${format}` } as const;
  const patterns = {
    "YYYY-MM-DD": /^(?<y>\d{4})-(?<m>\d{2})-(?<d>\d{2})$/,
    "MM-DD-YYYY": /^(?<m>\d{1,2})-(?<d>\d{1,2})-(?<y>\d{4})$/,
    "MM/DD/YYYY": /^(?<m>\d{1,2})\/(?<d>\d{1,2})\/(?<y>\d{4})$/,
  };
  const parts = patterns[format].exec(text)?.groups;
  if (parts === undefined) return refusal;
  const iso = `${parts["y"]}-${parts["m"]?.padStart(2, "0")}-${parts["d"]?.padStart(2, "0")}`;
  try {
    parseDate(iso);
    return { value: iso };
  } catch {
    return refusal;
  }
}

/** A month as YYYY-MM. */
export function readMonth(text: string, format: MonthFormat): CellResult<string> {
  const iso = format === "YYYY-MM" ? text : text.replace(/^(\d{2})\/(\d{4})$/, "$2-$1");
  try {
    return { value: formatMonth(parseMonth(iso)) };
  } catch {
    return { code: "type", expected: `a month as ${format}` };
  }
}
