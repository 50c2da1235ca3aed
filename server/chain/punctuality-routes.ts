import { Type } from "typebox";
import { EVERYBODY } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { nullable } from "../http/nullable.ts";
import { formatMonth } from "../lib/dates.ts";
import { getChainDeal } from "./chain-deal-queries.ts";
import { isPaused, listPunctualityChanges } from "./punctuality-queries.ts";
import { readPunctuality } from "./read-punctuality.ts";

const STATE = "on time | late | servicer default";

const PunctualityBody = Type.Object({
  deal: Type.String(),
  state: Type.String({ description: `as it was last declared: ${STATE}` }),
  period: nullable(Type.Integer({ description: "whose report is to come; null: none is" })),
  month: nullable(Type.String({ description: "collection month, YYYY-MM" })),
  dueAt: nullable(Type.String({ description: "after this time the report is late; null: never" })),
  defaultAt: nullable(
    Type.String({ description: "after this time the servicer is in default; null: never" }),
  ),
  isOverdue: Type.Boolean({ description: "the due time has passed, declared or not" }),
  isPaused: Type.Boolean({ description: "the registry takes no reports, and nobody gets late" }),
  changes: Type.Array(
    Type.Object({
      period: Type.Integer(),
      state: Type.String({ description: STATE }),
      at: Type.String(),
      transaction: Type.String(),
    }),
  ),
});

const timeText = (seconds: number | null) =>
  seconds === null ? null : new Date(seconds * 1_000).toISOString();

/** Whether the reports of a deal are in time, and what follows when they are not. */
export async function punctualityRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.get(
    "/deals/:deal/punctuality",
    {
      config: {
        access: EVERYBODY,
        problems: ["deal-not-on-chain", "chain-unreachable"],
      },
      schema: {
        summary: "Whether the deal's reports are in time: state, due time, servicer default",
        tags: ["reports"],
        params: Type.Object({ deal: Type.String() }),
        response: { 200: PunctualityBody },
      },
    },
    async ({ params }) => {
      const { chain, clock, db } = context;
      const deal = await getChainDeal(db, params.deal);
      const found = await readPunctuality(chain, deal.chainDealId);
      const changes = await listPunctualityChanges(db, deal.id);
      const row = deal.terms.calendar[(found.period ?? 0) - 1];
      return {
        deal: deal.id,
        state: found.state,
        period: found.period,
        month: row === undefined ? null : formatMonth(row.collectionMonth),
        dueAt: timeText(found.dueAt),
        defaultAt: timeText(found.defaultAt),
        isOverdue: found.dueAt !== null && clock.now().getTime() > found.dueAt * 1_000,
        isPaused: await isPaused(db, deal.id),
        changes: changes.map(({ period, state, changed_at, transaction_hash }) => ({
          ...{ period, state, at: changed_at.toISOString() },
          transaction: transaction_hash,
        })),
      };
    },
  );
}
