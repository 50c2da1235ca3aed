import { Type } from "typebox";
import { BOOKKEEPERS } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { pageOf } from "../http/page.ts";
import { getTapeDeal } from "../tapes/tape-deal-queries.ts";
import { periodOfMonth } from "../tapes/tape-deal.ts";
import { closePeriod } from "./close-period.ts";
import { PeriodSchema, viewPeriod } from "./period-views.ts";
import type { PeriodView } from "./period-views.ts";
import { findClosedPeriod, listClosedPeriods } from "./periods-queries.ts";

const PeriodParams = Type.Object({
  deal: Type.String(),
  period: Type.String({ description: "collection month, YYYY-MM" }),
});

const closeSchema = {
  summary: "Closes a period over its tape",
  description:
    "Without a body over the newest tape. The same tape again answers 200 with the close that is " +
    "there; another version of it, or other stated figures, close the period anew, and ask for a reason. " +
    "What was distributed on is so restated: its report is built, signed and published like any other.",
  tags: ["periods"],
  params: PeriodParams,
  body: Type.Object({
    tapeVersion: Type.Optional(
      Type.Integer({ minimum: 1, description: "the newest tape when absent" }),
    ),
    figures: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description:
          'the figures that the servicer states, by name, each in its unit: an amount as "123.45", a rate ' +
          'in percent as "4.35066", a count as "12", a flag as "0" or "1"',
      }),
    ),
    reason: Type.Optional(
      Type.String({
        pattern: "\\S",
        maxLength: 1000,
        description: "why it is closed again; needed for every version but the first",
      }),
    ),
  }),
  response: { 200: PeriodSchema, 201: PeriodSchema },
};

const listSchema = {
  summary: "Lists the deal's collection periods with their state",
  tags: ["periods"],
  params: Type.Object({ deal: Type.String() }),
  querystring: Type.Object({
    cursor: Type.Optional(Type.String({ pattern: "^\\d{1,6}$" })),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 120 }),
  }),
  response: { 200: pageOf(PeriodSchema) },
};

const readSchema = {
  summary: "A period's state, figures and pool statistics",
  tags: ["periods"],
  params: PeriodParams,
  response: { 200: PeriodSchema },
};

/** Step 5: periods are closed, and what they came to is read. */
export async function periodsRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.post(
    "/deals/:deal/periods/:period/close",
    {
      config: {
        access: ["servicer"],
        problems: [
          "period-unknown",
          "period-goes-on",
          "period-without-tape",
          "period-out-of-order",
          "period-open-problems",
          "period-not-contiguous",
          "close-reason-missing",
          "figures-invalid",
          "figure-out-of-bounds",
          "identity-broken",
        ],
      },
      schema: closeSchema,
    },
    async ({ params, body, user }, reply) => {
      const { closed, created } = await closePeriod(context, {
        dealId: params.deal,
        month: params.period,
        tapeVersion: body.tapeVersion,
        reason: body.reason,
        figures: body.figures,
        closedBy: user.id,
      });
      const deal = await getTapeDeal(context.db, params.deal);
      const view = await viewPeriod(context.db, deal, closed.period, closed);
      return await reply.status(created ? 201 : 200).send(view);
    },
  );

  app.get(
    "/deals/:deal/periods",
    { config: { access: BOOKKEEPERS }, schema: listSchema },
    async ({ params, query }) => {
      const deal = await getTapeDeal(context.db, params.deal);
      const closed = await listClosedPeriods(context.db, deal.id);
      const byPeriod = new Map(closed.map((period) => [period.period, period]));
      const first = Number(query.cursor ?? 0) + 1;
      const last = Math.min(deal.periods, first + query.limit - 1);
      const items: PeriodView[] = [];
      for (let ordinal = first; ordinal <= last; ordinal += 1) {
        items.push(await viewPeriod(context.db, deal, ordinal, byPeriod.get(ordinal)));
      }
      return { items, next: last < deal.periods ? String(last) : null };
    },
  );

  app.get(
    "/deals/:deal/periods/:period",
    {
      config: { access: BOOKKEEPERS, problems: ["period-unknown", "period-goes-on"] },
      schema: readSchema,
    },
    async ({ params }) => {
      const deal = await getTapeDeal(context.db, params.deal);
      const { ordinal } = periodOfMonth(deal, params.period);
      const closed = await findClosedPeriod(context.db, deal.id, ordinal);
      return await viewPeriod(context.db, deal, ordinal, closed);
    },
  );
}
