/** Rates to units of 1e-12 a year. */
import { RATE_UNIT } from "../canonical-fields.ts";
import type { RateUnit } from "../formats/tape-format.ts";
import { LONGEST_NUMBER, noted, readAs, refused, UNREADABLE } from "./cell-reader.ts";
import type { CellReader, Explained } from "./cell-reader.ts";
import { scaleDecimal } from "./scale-decimal.ts";

/** Decimals that one unit of the rate has in units of 1e-12, and how often it is paid in a year. */
const UNITS: Readonly<Record<RateUnit, { places: number; times: number }>> = {
  fraction: { places: 12, times: 1 },
  percent: { places: 10, times: 1 },
  "basis points": { places: 8, times: 1 },
  "fraction a month": { places: 12, times: 12 },
  "percent a month": { places: 10, times: 12 },
};

const PERCENT_SIGN = 37;
const POINT = 46;
const COMMA = 44;
const ZERO = 48;
const MOST_DECIMALS = 8;
const POWERS = Array.from({ length: 13 }, (_, power) => 10 ** power);
/** Whole digits that stay exact in units of 1e-12. */
const MOST_DIGITS = 3;

export interface RateStyle {
  unit: RateUnit;
  decimalComma: boolean;
  /** A rate outside 0 to 100 % is noted instead of refused: fees are stated in any unit. */
  lenient: boolean;
}

export function rateReader(style: RateStyle): CellReader {
  const point = style.decimalComma ? COMMA : POINT;
  const own = UNITS[style.unit];

  function read(bytes: Buffer, start: number, end: number): number {
    // With its sign a percentage is one in any unit.
    const isPercent = bytes[end - 1] === PERCENT_SIGN;
    const { places, times } = isPercent ? UNITS.percent : own;
    const last = isPercent ? end - 1 : end;
    let value = 0;
    let decimals = -1;
    for (let i = start; i < last; i += 1) {
      const digit = (bytes[i] as number) - ZERO;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        if (decimals >= 0) decimals += 1;
      } else if (bytes[i] === point && decimals < 0 && i > start && i - start <= MOST_DIGITS) {
        decimals = 0;
      } else {
        return UNREADABLE;
      }
    }
    if (last === start || decimals > MOST_DECIMALS) return UNREADABLE;
    if (decimals < 0 && last - start > MOST_DIGITS) return UNREADABLE;
    const units = value * (POWERS[places - Math.max(0, decimals)] as number) * times;
    return units < RATE_UNIT ? units : UNREADABLE;
  }

  return { read, explain: (text) => explainRate(text, style) };
}

const DECIMAL = /^(?<sign>[+-])?(?<whole>\d*)(?:[.,](?<fraction>\d*))?\s*(?<percent>%)?$/;
/** Above this a rate cannot be stored: nine times the balance a year. */
const MOST_RATE = BigInt(RATE_UNIT) * 9n;

function explainRate(text: string, { unit, decimalComma, lenient }: RateStyle): Explained {
  const parts = DECIMAL.exec(text)?.groups;
  const { whole = "", fraction = "", percent, sign } = parts ?? {};
  const isWrong = text.includes(decimalComma ? "." : ",") || text.length > LONGEST_NUMBER;
  if (parts === undefined || isWrong || whole.length + fraction.length === 0) {
    return refused(text, "type", "a decimal number such as 0.109");
  }
  const { places, times } = UNITS[percent === undefined ? unit : "percent"];
  const digits = fraction.replace(/0+$/, "");
  const units = scaleDecimal({ whole, fraction: digits }, places) * BigInt(times);
  const isNegative = sign === "-" && units > 0n;
  if (isNegative || units >= BigInt(RATE_UNIT)) {
    const expected = `a rate as a ${unit}, ${RANGES[unit]}`;
    const isStorable = lenient && !isNegative && units <= MOST_RATE;
    if (!isStorable) return refused(text, "rate-range", expected);
    return { ...noted(Number(units), "rate-range", expected), severity: "note" };
  }
  return digits.length > MOST_DECIMALS
    ? noted(Number(units), "float-noise", "at most 8 decimals; rounded")
    : readAs(Number(units));
}

const RANGES: Readonly<Record<RateUnit, string>> = {
  fraction: "from 0 to below 1",
  percent: "from 0 to below 100",
  "basis points": "from 0 to below 10000",
  "fraction a month": "from 0 to below 1 / 12",
  "percent a month": "from 0 to below 100 / 12",
};
