/** Amounts to exact cents. */
import { MOST_CENTS } from "../canonical-fields.ts";
import { LONGEST_NUMBER, noted, readAs, refused, UNREADABLE } from "./cell-reader.ts";
import type { CellReader, Explained } from "./cell-reader.ts";
import { scaleDecimal } from "./scale-decimal.ts";

export interface AmountStyle {
  /** Rounds parts of a cent, half away from zero. */
  rounds: boolean;
  /** The decimal sign is a comma, and a full stop marks thousands. */
  decimalComma: boolean;
}

const MINUS = 45;
const PLUS = 43;
const ZERO = 48;

/** More whole digits than this are above MOST_CENTS. */
const MOST_DIGITS = 13;
/** More decimals than this are float noise. */
const MOST_DECIMALS = 8;

export function amountReader(style: AmountStyle): CellReader {
  const point = style.decimalComma ? 44 : 46;
  const { rounds } = style;

  /** Sign, digits, decimal sign, at most two decimals that are not zero (or more when it rounds). */
  function read(bytes: Buffer, start: number, end: number): number {
    const sign = bytes[start] as number;
    const from = sign === MINUS || sign === PLUS ? start + 1 : start;
    let value = 0;
    let i = from;
    for (; i < end; i += 1) {
      const digit = (bytes[i] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (i === from || i - from > MOST_DIGITS) return UNREADABLE;
    value *= 100;
    if (i < end) {
      if (bytes[i] !== point || end - i - 1 > MOST_DECIMALS) return UNREADABLE;
      for (let place = 1; place < end - i; place += 1) {
        const digit = (bytes[i + place] as number) - ZERO;
        if (digit < 0 || digit > 9) return UNREADABLE;
        if (place === 1) value += 10 * digit;
        else if (place === 2) value += digit;
        else if (digit !== 0 && !rounds) return UNREADABLE;
        else if (place === 3 && digit >= 5) value += 1;
      }
    }
    if (value > MOST_CENTS) return UNREADABLE;
    return sign === MINUS && value !== 0 ? -value : value;
  }

  return { read, explain: (text) => explainAmount(text, style) };
}

/** Currency signs and codes before or after the digits. */
const CURRENCY = String.raw`(?:[$£€¥]|USD|EUR|GBP|CHF)`;
/** Of a line: an amount does not go on in the next one. */
const BLANK = String.raw`[ \u00a0\u2009\u202f]`;
/**
 * Blanks stand only behind what begins with no blank: so there is one way to match them, and a cell of
 * blanks without end costs no more than its length.
 */
const STYLED = new RegExp(
  String.raw`^(?:(?<open>\()${BLANK}*)?(?:(?<sign>[+-])${BLANK}*)?(?:${CURRENCY}${BLANK}*)?` +
    String.raw`(?:(?<inner>[+-])${BLANK}*)?(?<digits>(?:[\d.,'’](?:[\d.,'’]|${BLANK}(?!${BLANK}))*)?\d[.,]?)` +
    `(?:${BLANK}*${CURRENCY})?(?:${BLANK}*(?<after>-))?(?:${BLANK}*(?<close>\\)))?$`,
  "i",
);
const GROUPED = new RegExp(String.raw`^\d{1,3}(?:(?<mark>[,'’]|${BLANK})\d{3})(?:\k<mark>\d{3})*$`);
const WHOLE = /^\d*$/;

function explainAmount(text: string, { rounds, decimalComma }: AmountStyle): Explained {
  const expected = `an amount such as ${decimalComma ? "1234,56" : "1234.56"}`;
  if (text.length > LONGEST_NUMBER) return refused(text, "type", expected);
  const parts = STYLED.exec(text.trim())?.groups;
  const decimal = parts === undefined ? null : plainDecimal(parts["digits"] ?? "", decimalComma);
  if (parts === undefined || decimal === null) return refused(text, "type", expected);
  const signs = [parts["open"], parts["sign"], parts["inner"], parts["after"]];
  const isClosed = (parts["open"] === undefined) === (parts["close"] === undefined);
  if (!isClosed || signs.filter((sign) => sign !== undefined).length > 1) {
    return refused(text, "type", expected);
  }
  const negative = signs.some((sign) => sign === "(" || sign === "-");
  return amountOf(text, decimal, { negative, rounds });
}

interface Decimal {
  whole: string;
  /** Without zeros at its end. */
  fraction: string;
}

/** Digits without thousands marks, which must stand before each three of them. */
function plainDecimal(digits: string, decimalComma: boolean): Decimal | null {
  const point = decimalComma ? "," : ".";
  const [before = "", after = "", ...more] = digits.split(point);
  const marked = decimalComma ? before.replaceAll(".", ",") : before;
  if (more.length > 0 || !WHOLE.test(after)) return null;
  if (!WHOLE.test(marked) && !GROUPED.test(marked)) return null;
  return { whole: marked.replaceAll(/\D/g, ""), fraction: after.replace(/0+$/, "") };
}

const PLAIN = /^[+-]?\d+(?:[.,]\d*)?$/;

function amountOf(
  text: string,
  { whole, fraction }: Decimal,
  { negative, rounds }: { negative: boolean; rounds: boolean },
): Explained {
  const noise = fraction.length > MOST_DECIMALS;
  // Noise sits behind the eighth decimal: what is left without it must be exact to the cent.
  const settled = noise ? scaleDecimal({ whole, fraction }, MOST_DECIMALS) : null;
  const exact = settled === null ? fraction.length <= 2 : settled % 1_000_000n === 0n;
  if (!exact && !rounds) return refused(text, "decimals", "at most 2 decimals");
  const cents = scaleDecimal({ whole, fraction }, 2);
  if (cents > BigInt(MOST_CENTS)) {
    return refused(text, "amount-too-large", "at most 5 trillion");
  }
  const value = negative && cents !== 0n ? -Number(cents) : Number(cents);
  if (noise) return noted(value, "float-noise", "at most 8 decimals; rounded to the cent");
  return PLAIN.test(text)
    ? readAs(value)
    : noted(value, "amount-style", "an amount without signs of currency and thousands");
}

/** The last character of a zoned amount carries its last digit and the sign: A is +1, J is -1. */
const ZONED = /^(\d*)([{A-I}J-R])$/;
const ZONES = "{ABCDEFGHI}JKLMNOPQR";

/** Zoned cents without a decimal sign: 0000500000A is 50,000.01 and 0000000099J is -9.91. */
export function zonedAmountReader(): CellReader {
  return {
    read: () => UNREADABLE,
    explain(text) {
      const [, digits = "", last = ""] = ZONED.exec(text) ?? [];
      const zone = last === "" ? -1 : ZONES.indexOf(last);
      const cents = Number(`${digits}${zone % 10}`);
      if (zone < 0) return refused(text, "type", "zoned cents such as 0000500000A");
      if (cents > MOST_CENTS) return refused(text, "amount-too-large", "at most 5 trillion");
      return readAs(zone >= 10 && cents !== 0 ? -cents : cents);
    },
  };
}
