import { Type } from "typebox";
import { getDealTerms } from "../chain/chain-deal-queries.ts";
import type { Context } from "../context.ts";
import { EVERYBODY } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { sendCsv, sheetFormat } from "../http/send-csv.ts";
import { formatMonth } from "../lib/dates.ts";
import { getReportKey } from "../reports/report-period.ts";
import { listVersions } from "../reports/report-life-queries.ts";
import type { ReportKey } from "../reports/report-queries.ts";
import { getTapeDeal } from "../tapes/tape-deal-queries.ts";
import {
  describeRestatements,
  RestatementsBody,
  restatementsSheet,
  type RestatementsView,
} from "./describe-restatements.ts";
import { listDistributions } from "./history-queries.ts";

/** The restatements of a period with both versions of every figure. @throws Problem deal-unknown */
async function readRestatements(context: Context, key: ReportKey): Promise<RestatementsView> {
  const { clock, db } = context;
  const { dealId, period } = key;
  const deal = await getTapeDeal(db, dealId);
  const terms = await getDealTerms(db, dealId);
  const distributions = await listDistributions(db, dealId);
  const monthOf = (of: number) => formatMonth(terms.calendar[of - 1]?.collectionMonth ?? 0);
  return describeRestatements({
    ...{ deal: dealId, period, month: monthOf(period), now: clock.now() },
    figures: deal.figures.map(({ name, unit }, i) => ({
      ...{ name, unit, flow: terms.figures[i]?.flow ?? false },
    })),
    versions: await listVersions(db, key),
    runAfter: (accepted) => {
      const run = distributions.find(
        (one) => one.period > period && one.distributed_at.getTime() > accepted.getTime(),
      );
      return run === undefined ? null : monthOf(run.period);
    },
  });
}

/** What was restated after it had been paid on. */
export async function restatementRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.get(
    "/deals/:deal/periods/:period/restatements",
    {
      config: {
        access: EVERYBODY,
        problems: ["period-unknown", "period-goes-on"],
      },
      schema: {
        summary: "Both versions of a restated period, with the difference of every figure",
        tags: ["history"],
        params: Type.Object({
          deal: Type.String(),
          period: Type.String({ description: "Collection month, YYYY-MM" }),
        }),
        querystring: Type.Object({
          format: sheetFormat,
        }),
        response: { 200: RestatementsBody },
      },
    },
    async (request, reply) => {
      const key = await getReportKey(context.db, request.params);
      const found = await readRestatements(context, key);
      if (request.query.format === "json") return found;
      return sendCsv(reply, restatementsSheet(found)) as never;
    },
  );
}
