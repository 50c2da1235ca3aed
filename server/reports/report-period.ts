import type { Kysely } from "kysely";
import type { Database } from "../db/tables.ts";
import { getDeal } from "../deals/deals-queries.ts";
import { readTerms } from "../deals/read-terms.ts";
import { problem } from "../errors.ts";
import type { Problem } from "../errors.ts";
import { formatMonth, parseMonth } from "../lib/dates.ts";
import type { MonthNumber } from "../lib/dates.ts";
import type { ReportKey } from "./report-queries.ts";

/** The last month of a collection period, YYYY-MM. @throws Problem deal-unknown */
export async function getMonth(db: Kysely<Database>, key: ReportKey): Promise<string> {
  const { calendar } = readTerms((await getDeal(db, key.dealId)).terms);
  const row = calendar[key.period - 1];
  if (row === undefined) throw new RangeError(`the calendar has no period ${key.period}`);
  return formatMonth(row.collectionMonth);
}

/**
 * The deal and period that a URL names: `period` there is the collection period's last month,
 * YYYY-MM. The cut-off month has no report.
 * @throws Problem deal-unknown, period-unknown, period-goes-on
 */
export async function getReportKey(
  db: Kysely<Database>,
  params: { deal: string; period: string },
): Promise<ReportKey> {
  const row = await getDeal(db, params.deal);
  const ends = readTerms(row.terms).calendar.map(({ collectionMonth }) => collectionMonth);
  const position = ends.map(formatMonth).indexOf(params.period);
  if (position === -1) throw unknownPeriod(params, ends);
  return { dealId: params.deal, period: position + 1 };
}

/** A month that no collection period ends with: another comes to its end later, or none. */
function unknownPeriod(
  params: { deal: string; period: string },
  ends: readonly MonthNumber[],
): Problem {
  const [first = 0, second = first + 1] = ends;
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(params.period) ? parseMonth(params.period) : 0;
  const end = ends.find((last) => last > month);
  if (end !== undefined && month > 2 * first - second) {
    return problem("period-goes-on", { ...params, end: formatMonth(end) });
  }
  const last = formatMonth(ends.at(-1) ?? first);
  return problem("period-unknown", { ...params, first: formatMonth(first), last });
}
