/** The dates of a period as an inputs file states them, beside the deal's calendar. */
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { formatDate, formatMonth, SECONDS_PER_DAY } from "../../server/lib/dates.ts";
import type { BoundPeriod } from "./bind-inputs.ts";

/** A date or a number of days that is not the calendar's. */
export interface DateDifference {
  period: string;
  key: string;
  expected: string;
  got: string;
}

/** Keys of `dates` that can be compared; what else a file states there is not. */
export const COMPARED_DATES = [
  "paymentDate",
  "recordDate",
  "determinationDate",
  "collectionMonth",
  "days",
] as const;

/** Every stated date of a period that the calendar has otherwise. */
export function compareDates(terms: DealTerms, bound: BoundPeriod): DateDifference[] {
  const row = terms.calendar[bound.period - 1];
  if (row === undefined) return [];
  const dayOf = (time: number) => formatDate(Math.floor(time / SECONDS_PER_DAY));
  const calendar = {
    paymentDate: formatDate(row.paymentDay),
    recordDate: dayOf(row.recordTime),
    determinationDate: dayOf(row.determinationTime),
    collectionMonth: formatMonth(row.collectionMonth),
  };
  const { days = {}, ...dates } = bound.dates;
  const compared = Object.entries(calendar).map(([key, got]) => ({
    key: `dates.${key}`,
    expected: dates[key as keyof typeof calendar] ?? got,
    got,
  }));
  const accrued = Object.entries(days).map(([name, expected]) => {
    const basis = terms.classes.find((entry) => entry.name === name)?.basis ?? 0;
    const got = String(row.numerators[basis] ?? 0);
    return { key: `dates.days.${name}`, expected: String(expected), got };
  });
  return [...compared, ...accrued]
    .filter(({ expected, got }) => expected !== got)
    .map((difference) => ({ period: String(bound.period), ...difference }));
}
