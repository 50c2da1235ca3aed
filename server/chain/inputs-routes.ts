import { BOOKKEEPERS } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { getReportKey } from "../reports/report-period.ts";
import { PeriodParams } from "../reports/reports-routes.ts";
import { bringFixing } from "./bring-fixing.ts";
import { getDealTerms } from "./chain-deal-queries.ts";
import { listFixed } from "./input-event-queries.ts";
import { SENDING_PROBLEMS } from "./sending-problems.ts";
import { InputsBody, viewInputs } from "./view-inputs.ts";

const tags = ["inputs"];

/** Fixings, purchase lists and notices: what a run reads beside its report. */
export async function inputsRoutes(app: App, { context }: RouteOptions): Promise<void> {
  const { db } = context;

  app.get(
    "/deals/:deal/periods/:period/inputs",
    {
      config: {
        access: BOOKKEEPERS,
        problems: ["period-unknown", "period-goes-on"],
      },
      schema: {
        summary: "What the period's run reads beside its report: fixings, purchase list, notices",
        description: "Before the run as it would read them now, after it as it read them.",
        tags,
        params: PeriodParams,
        response: { 200: InputsBody },
      },
    },
    async ({ params }) => {
      const key = await getReportKey(db, params);
      return viewInputs(db, { ...key, terms: await getDealTerms(db, key.dealId) });
    },
  );

  app.post(
    "/deals/:deal/periods/:period/fixings",
    {
      config: {
        access: ["servicer", "administrator"],
        problems: [
          "period-unknown",
          "period-goes-on",
          "deal-not-on-chain",
          "fixing-unavailable",
          ...SENDING_PROBLEMS,
        ],
      },
      schema: {
        summary: "Fixes the period's indices on chain out of their feeds, those that are not fixed",
        description:
          "The server does it by itself when they are due; this says why it could not, and from when " +
          "on the rate of the period before is taken in the place of one that the feed does not give.",
        tags,
        params: PeriodParams,
        response: { 200: InputsBody },
      },
    },
    async ({ params }) => {
      const key = await getReportKey(db, params);
      const { dealId, period } = key;
      const terms = await getDealTerms(db, dealId);
      const fixed = await listFixed(db, { dealId, from: period });
      for (const position of terms.indices.keys()) {
        if (!fixed.has(`${period}:${position}`)) await bringFixing(context, { ...key, position });
      }
      return viewInputs(db, { ...key, terms });
    },
  );
}
