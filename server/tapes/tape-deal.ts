/** What the tapes and the periods need to know of a deal. */
import { dayInMonth, formatDate, formatMonth, parseMonth } from "../lib/dates.ts";
import { problem } from "../errors.ts";
import type { TapePeriod, TapeTerms } from "./tape-terms.ts";

export interface TapeDeal {
  id: string;
  terms: TapeTerms;
  /** YYYY-MM of the cut-off tape, period 0. */
  cutOffMonth: string;
  cutOffBalanceCents: bigint;
  cutOffLoans: number;
  /** Number of collection periods after it. */
  periods: number;
  /** Names of the report's figures, in their order, with the bounds of each. */
  figures: readonly { name: string; minimum: bigint; maximum: bigint }[];
}

/** YYYY-MM of a period of the deal. */
export function monthOfPeriod(deal: TapeDeal, ordinal: number): string {
  return formatMonth(parseMonth(deal.cutOffMonth) + ordinal);
}

/**
 * The period of a collection month.
 * @throws Problem period-unknown when it lies outside the deal's calendar
 */
export function periodOfMonth(deal: TapeDeal, month: string): TapePeriod {
  const ordinal = /^\d{4}-(0[1-9]|1[0-2])$/.test(month)
    ? parseMonth(month) - parseMonth(deal.cutOffMonth)
    : -1;
  if (ordinal < 0 || ordinal > deal.periods) {
    throw problem("period-unknown", {
      deal: deal.id,
      period: month,
      first: deal.cutOffMonth,
      last: monthOfPeriod(deal, deal.periods),
    });
  }
  const number = parseMonth(month);
  return {
    ordinal,
    begin: formatDate(dayInMonth(number, 1)),
    end: formatDate(dayInMonth(number, 31)),
  };
}
