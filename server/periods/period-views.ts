/** Periods as the API shows them. */
import type { Kysely } from "kysely";
import { Type } from "typebox";
import type { Static } from "typebox";
import type { Database } from "../db/tables.ts";
import { nullable } from "../http/nullable.ts";
import { monthOfPeriod } from "../tapes/tape-deal.ts";
import type { TapeDeal } from "../tapes/tape-deal.ts";
import { findTape, getTapeById } from "../tapes/tapes-queries.ts";
import { describeFigures, FigureSchema, orderStatistics } from "./describe-figures.ts";
import type { ClosedPeriod } from "./periods-queries.ts";

const text = (description: string) => Type.String({ description });

export const PeriodSchema = Type.Object({
  deal: Type.String(),
  period: Type.Integer({ description: "1 is the first collection period" }),
  month: text("collection month, YYYY-MM"),
  state: Type.Union([
    Type.Literal("awaiting tape"),
    Type.Literal("awaiting close"),
    Type.Literal("closed"),
  ]),
  version: nullable(Type.Integer({ description: "of the close" })),
  tape: nullable(Type.Object({ id: Type.String(), version: Type.Integer() })),
  closeHash: nullable(text("what the approver signs over")),
  figures: Type.Array(FigureSchema),
  statistics: nullable(Type.Record(Type.String(), Type.Unknown())),
  closedBy: nullable(Type.String()),
  closedAt: nullable(Type.String()),
  reason: nullable(text("why it was closed again")),
});
export type PeriodView = Static<typeof PeriodSchema>;

/** @param closed its newest close, where there is one */
export async function viewPeriod(
  db: Kysely<Database>,
  deal: TapeDeal,
  period: number,
  closed: ClosedPeriod | undefined,
): Promise<PeriodView> {
  const base = { deal: deal.id, period, month: monthOfPeriod(deal, period) };
  if (closed === undefined) {
    const tape = await findTape(db, { dealId: deal.id, period });
    return {
      ...base,
      state: tape === undefined ? "awaiting tape" : "awaiting close",
      version: null,
      tape: tape === undefined ? null : { id: tape.id, version: tape.version },
      closeHash: null,
      figures: [],
      statistics: null,
      closedBy: null,
      closedAt: null,
      reason: null,
    };
  }
  const tape = await getTapeById(db, deal.id, closed.tape_id);
  return {
    ...base,
    state: "closed",
    version: closed.version,
    tape: { id: tape.id, version: tape.version },
    closeHash: closed.close_hash,
    figures: describeFigures(deal.figures, closed.figures),
    statistics: orderStatistics(closed.statistics),
    closedBy: closed.closed_by,
    closedAt: closed.closed_at.toISOString(),
    reason: closed.reason,
  };
}
