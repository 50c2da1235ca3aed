import type { Kysely } from "kysely";
import type { Database } from "../db/tables.ts";
import { getDeal } from "../deals/deals-queries.ts";
import { readTerms } from "../deals/read-terms.ts";
import { problem } from "../errors.ts";
import { formatMonth } from "../lib/dates.ts";
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
  const months = readTerms(row.terms).calendar.map((entry) => formatMonth(entry.collectionMonth));
  const position = months.indexOf(params.period);
  if (position === -1) {
    const [first = "", last = ""] = [months[0], months.at(-1)];
    const end = months.find((month) => month > params.period);
    const isInside = /^\d{4}-(0[1-9]|1[0-2])$/.test(params.period) && params.period > first;
    if (isInside && end !== undefined) throw problem("period-goes-on", { ...params, end });
    throw problem("period-unknown", { ...params, first, last });
  }
  return { dealId: params.deal, period: position + 1 };
}
