import { Type } from "typebox";
import type { Static } from "typebox";
import type { App, RouteOptions } from "../http/app-type.ts";
import { problem } from "../errors.ts";
import { LoanProofSchema } from "../tapes/loan-proof.ts";
import { proveLoan } from "../tapes/prove-loan.ts";
import { getTapeDeal } from "../tapes/tape-deal-queries.ts";
import { monthOfPeriod, periodOfMonth } from "../tapes/tape-deal.ts";
import type { TapeDeal } from "../tapes/tape-deal.ts";
import { findTape, getTapeById } from "../tapes/tapes-queries.ts";
import type { Tape } from "../tapes/tapes-queries.ts";
import { closePeriod } from "./close-period.ts";
import { findClosedPeriod, listClosedPeriods } from "./periods-queries.ts";
import type { ClosedPeriod } from "./periods-queries.ts";

const READERS = ["servicer", "approver", "trustee", "auditor", "administrator"] as const;

const PeriodParams = Type.Object({ deal: Type.String(), period: Type.String() });
const text = (description: string) => Type.String({ description });
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const PeriodSchema = Type.Object({
  deal: Type.String(),
  period: text("collection month, YYYY-MM"),
  ordinal: Type.Integer({ description: "1 is the first collection period" }),
  state: Type.Union([
    Type.Literal("awaiting tape"),
    Type.Literal("awaiting close"),
    Type.Literal("closed"),
  ]),
  version: orNull(Type.Integer({ description: "of the close" })),
  tape: orNull(Type.Object({ id: Type.String(), version: Type.Integer() })),
  closeHash: orNull(text("what the approver signs over")),
  figures: Type.Array(
    Type.Object({ name: Type.String(), value: text("integer: cents, or a count") }),
  ),
  statistics: orNull(Type.Record(Type.String(), Type.Unknown())),
  closedBy: orNull(Type.String()),
  closedAt: orNull(Type.String()),
});
type PeriodView = Static<typeof PeriodSchema>;

/** Step 5: periods are closed, and what they came to is read. */
export async function periodsRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.post(
    "/deals/:deal/periods/:period/close",
    {
      config: { access: ["servicer"] },
      schema: {
        summary: "Closes a period over its tape",
        tags: ["periods"],
        params: PeriodParams,
        body: Type.Optional(
          Type.Object({ tapeVersion: Type.Optional(Type.Integer({ minimum: 1 })) }),
        ),
        response: { 200: PeriodSchema, 201: PeriodSchema },
      },
    },
    async ({ params, body, user }, reply) => {
      const { closed, created } = await closePeriod(context, {
        dealId: params.deal,
        month: params.period,
        tapeVersion: body?.tapeVersion,
        closedBy: user.id,
      });
      const deal = await getTapeDeal(context.db, params.deal);
      const tape = await getTapeById(context.db, deal.id, closed.tape_id);
      return await reply.status(created ? 201 : 200).send(viewClosed(deal, closed, tape));
    },
  );

  app.get(
    "/deals/:deal/periods",
    {
      config: { access: READERS },
      schema: {
        summary: "Lists the deal's collection periods with their state",
        tags: ["periods"],
        params: Type.Object({ deal: Type.String() }),
        querystring: Type.Object({
          cursor: Type.Optional(Type.String({ pattern: "^\\d{1,6}$" })),
          limit: Type.Integer({ minimum: 1, maximum: 500, default: 120 }),
        }),
        response: {
          200: Type.Object({ items: Type.Array(PeriodSchema), next: orNull(Type.String()) }),
        },
      },
    },
    async ({ params, query }) => {
      const deal = await getTapeDeal(context.db, params.deal);
      const closed = await listClosedPeriods(context.db, deal.id);
      const byPeriod = new Map(closed.map((period) => [period.period, period]));
      const first = Number(query.cursor ?? 0) + 1;
      const last = Math.min(deal.periods, first + query.limit - 1);
      const items: PeriodView[] = [];
      for (let ordinal = first; ordinal <= last; ordinal += 1) {
        items.push(await viewPeriod(deal, ordinal, byPeriod.get(ordinal)));
      }
      return { items, next: last < deal.periods ? String(last) : null };
    },
  );

  app.get(
    "/deals/:deal/periods/:period",
    {
      config: { access: READERS },
      schema: {
        summary: "A period's state, figures and pool statistics",
        tags: ["periods"],
        params: PeriodParams,
        response: { 200: PeriodSchema },
      },
    },
    async ({ params }) => {
      const deal = await getTapeDeal(context.db, params.deal);
      const { ordinal } = periodOfMonth(deal, params.period);
      return viewPeriod(deal, ordinal, await findClosedPeriod(context.db, deal.id, ordinal));
    },
  );

  app.get(
    "/deals/:deal/periods/:period/loans/:loan/proof",
    {
      config: { access: READERS },
      schema: {
        summary: "The proof that a loan's row is in the tape whose root is on chain",
        tags: ["loans"],
        params: Type.Object({ ...PeriodParams.properties, loan: Type.String() }),
        querystring: Type.Object({ tapeVersion: Type.Optional(Type.Integer({ minimum: 1 })) }),
        response: { 200: LoanProofSchema },
      },
    },
    async ({ params, query }) => {
      const deal = await getTapeDeal(context.db, params.deal);
      const { ordinal } = periodOfMonth(deal, params.period);
      const tape = await getProvenTape(deal, ordinal, query.tapeVersion);
      return await proveLoan(context.db, tape, params.loan);
    },
  );

  /** The tape that the period was closed over, or the newest while it is not, or the version named. */
  async function getProvenTape(deal: TapeDeal, period: number, version?: number): Promise<Tape> {
    const closed = await findClosedPeriod(context.db, deal.id, period);
    if (version === undefined && closed !== undefined) {
      return await getTapeById(context.db, deal.id, closed.tape_id);
    }
    const tape = await findTape(context.db, { dealId: deal.id, period, version });
    if (tape !== undefined) return tape;
    throw problem("period-without-tape", { period: monthOfPeriod(deal, period) });
  }

  async function viewPeriod(
    deal: TapeDeal,
    ordinal: number,
    closed: ClosedPeriod | undefined,
  ): Promise<PeriodView> {
    if (closed !== undefined) {
      return viewClosed(deal, closed, await getTapeById(context.db, deal.id, closed.tape_id));
    }
    const tape = await findTape(context.db, { dealId: deal.id, period: ordinal });
    return {
      deal: deal.id,
      period: monthOfPeriod(deal, ordinal),
      ordinal,
      state: tape === undefined ? "awaiting tape" : "awaiting close",
      version: null,
      tape: tape === undefined ? null : { id: tape.id, version: tape.version },
      closeHash: null,
      figures: [],
      statistics: null,
      closedBy: null,
      closedAt: null,
    };
  }
}

function viewClosed(deal: TapeDeal, closed: ClosedPeriod, tape: Tape): PeriodView {
  return {
    deal: deal.id,
    period: monthOfPeriod(deal, closed.period),
    ordinal: closed.period,
    state: "closed",
    version: closed.version,
    tape: { id: tape.id, version: tape.version },
    closeHash: closed.close_hash,
    figures: deal.figures.map(({ name }, index) => ({ name, value: closed.figures[index] ?? "" })),
    statistics: { ...closed.statistics },
    closedBy: closed.closed_by,
    closedAt: closed.closed_at.toISOString(),
  };
}
