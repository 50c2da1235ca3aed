/** What the tapes and the periods need to know of a deal. */
import { dayInMonth, formatDate, formatMonth, parseMonth } from "../lib/dates.ts";
import type { FigureUnit } from "../deals/deal-file.ts";
import { problem } from "../errors.ts";
import type { TapePeriod, TapeTerms } from "./tape-terms.ts";

/** A figure of the deal's reports. */
export interface DealFigure {
  name: string;
  unit: FigureUnit;
  /** Summed from the tape, or stated by the servicer when the period is closed. */
  source: "tape" | "servicer";
  minimum: bigint;
  maximum: bigint;
}

export interface TapeDeal {
  id: string;
  terms: TapeTerms;
  /** YYYY-MM of the cut-off tape, period 0. */
  cutOffMonth: string;
  cutOffBalanceCents: bigint;
  cutOffLoans: number;
  /** Number of collection periods after it. */
  periods: number;
  /** The report's figures in their order. */
  figures: readonly DealFigure[];
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
