/** The tape terms of AmeriCredit 2017-4 and its 40 tapes, as the tests need them. */
import { readFileSync } from "node:fs";
import { dayInMonth, formatDate, formatMonth, parseMonth } from "../../../server/lib/dates.ts";
import type { TapePeriod, TapeTerms } from "../../../server/tapes/tape-terms.ts";

export const AMCAR_TERMS: TapeTerms = {
  format: "absee-auto-loan-xml",
  loanIdPrefix: "0001718362 - ",
  rateUnit: "fraction",
  rollForward: {
    subtract: ["principal", "otherAdjustment", "chargeOff"],
    add: [],
    toleranceCents: 0n,
  },
  availableFunds: ["principal", "interest", "recovery", "liquidationProceeds"],
  chargeOffAgeDays: 120,
  csv: null,
};

const CUT_OFF_MONTH = parseMonth("2017-09");

/** Collection months, the cut-off month first. */
export const AMCAR_MONTHS = Array.from({ length: 40 }, (_, ordinal) =>
  formatMonth(CUT_OFF_MONTH + ordinal),
);

export function amcarTape(month: string): Buffer {
  return readFileSync(
    new URL(`../../golden/amcar-2017-4/tapes/${month}.xml`, import.meta.url),
  );
}

export function amcarPeriod(month: string): TapePeriod {
  const number = parseMonth(month);
  return {
    ordinal: number - CUT_OFF_MONTH,
    begin: formatDate(dayInMonth(number, 1)),
    end: formatDate(dayInMonth(number, 31)),
  };
}
