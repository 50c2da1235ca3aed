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
  /** The deal's number, first in every key of its loan months. */
  key: number;
  terms: TapeTerms;
  /** Of the mapping in the terms, 0 is the deal file's; null for a public format. */
  mappingVersion: number | null;
  /** Of each collection period. */
  months: number;
  /** YYYY-MM of the cut-off tape, period 0. */
  cutOffMonth: string;
  cutOffBalanceCents: bigint;
  cutOffLoans: number;
  /** Number of collection periods after it. */
  periods: number;
  /** The report's figures in their order. */
  figures: readonly DealFigure[];
  /** Figures that, each with its sign, add up to nothing. */
  identities: readonly (readonly { figure: string; subtracted: boolean }[])[];
}

/** YYYY-MM of the last month of a period of the deal, which names the period and its tape. */
export function monthOfPeriod(deal: TapeDeal, ordinal: number): string {
  return formatMonth(parseMonth(deal.cutOffMonth) + ordinal * deal.months);
}

/**
 * The period of a collection month.
 * @throws Problem period-unknown when it lies outside the deal's calendar; period-goes-on when the
 *   collection period does not end with it
 */
export function periodOfMonth(deal: TapeDeal, month: string): TapePeriod {
  const { months } = deal;
  const since = /^\d{4}-(0[1-9]|1[0-2])$/.test(month)
    ? parseMonth(month) - parseMonth(deal.cutOffMonth)
    : -1;
  const ordinal = Math.ceil(since / months);
  if (since < 0 || ordinal > deal.periods) {
    throw problem("period-unknown", {
      deal: deal.id,
      period: month,
      first: deal.cutOffMonth,
      last: monthOfPeriod(deal, deal.periods),
    });
  }
  if (since % months !== 0) {
    const end = monthOfPeriod(deal, ordinal);
    throw problem("period-goes-on", { deal: deal.id, period: month, end });
  }
  const number = parseMonth(month);
  return {
    ordinal,
    begin: formatDate(dayInMonth(number - months + 1, 1)),
    end: formatDate(dayInMonth(number, 31)),
  };
}
