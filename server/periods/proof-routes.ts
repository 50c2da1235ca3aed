import type { Kysely } from "kysely";
import { Type } from "typebox";
import type { Database } from "../db/tables.ts";
import { problem } from "../errors.ts";
import { BOOKKEEPERS } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { LoanProofSchema } from "../tapes/loan-proof.ts";
import { proveLoan } from "../tapes/prove-loan.ts";
import { getTapeDeal } from "../tapes/tape-deal-queries.ts";
import { monthOfPeriod, periodOfMonth } from "../tapes/tape-deal.ts";
import type { TapeDeal } from "../tapes/tape-deal.ts";
import { findTape, getTapeById } from "../tapes/tapes-queries.ts";
import type { Tape } from "../tapes/tapes-queries.ts";
import { findClosedPeriod } from "./periods-queries.ts";

const schema = {
  summary: "The proof that a loan's row is in the tape whose root is on chain",
  tags: ["loans"],
  params: Type.Object({ deal: Type.String(), period: Type.String(), loan: Type.String() }),
  querystring: Type.Object({ tapeVersion: Type.Optional(Type.Integer({ minimum: 1 })) }),
  response: { 200: LoanProofSchema },
};

/** For the auditor: from a loan's row to the root that the report committed to. */
export async function proofRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.get(
    "/deals/:deal/periods/:period/loans/:loan/proof",
    {
      config: {
        access: BOOKKEEPERS,
        problems: ["period-unknown", "period-goes-on", "period-without-tape", "loan-unknown"],
      },
      schema,
    },
    async ({ params, query }) => {
      const deal = await getTapeDeal(context.reader, params.deal);
      const { ordinal } = periodOfMonth(deal, params.period);
      const tape = await getProvenTape(context.reader, deal, ordinal, query.tapeVersion);
      return await proveLoan(context.reader, { deal, tape }, params.loan);
    },
  );
}

/** The tape that the period was closed over, or the newest while it is not, or the version named. */
async function getProvenTape(
  db: Kysely<Database>,
  deal: TapeDeal,
  period: number,
  version: number | undefined,
): Promise<Tape> {
  const closed = await findClosedPeriod(db, deal.id, period);
  if (version === undefined && closed !== undefined) {
    return await getTapeById(db, deal.id, closed.tape_id);
  }
  const tape = await findTape(db, { dealId: deal.id, period, version });
  if (tape !== undefined) return tape;
  throw problem("period-without-tape", { period: monthOfPeriod(deal, period) });
}
