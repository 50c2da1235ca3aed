/** A corrected tape takes the place of the one that stood; what was closed over that is closed anew. */
import type { Context } from "../context.ts";
import { insertTapeAcceptance } from "../tapes/acceptances-queries.ts";
import { checkChain } from "../tapes/read-differences.ts";
import type { TapeChain } from "../tapes/read-differences.ts";
import { getTapeDeal } from "../tapes/tape-deal-queries.ts";
import { monthOfPeriod } from "../tapes/tape-deal.ts";
import type { TapeDeal } from "../tapes/tape-deal.ts";
import { findTape, getTapeById, lockTapesOfDeal } from "../tapes/tapes-queries.ts";
import type { Tape } from "../tapes/tapes-queries.ts";
import { closePeriodWithin } from "./close-period.ts";
import { formatFigure } from "./figure-units.ts";
import type { WrittenFigures } from "./parse-stated-figures.ts";
import { findClosedPeriod } from "./periods-queries.ts";
import type { ClosedPeriod } from "./periods-queries.ts";

export interface TapeToAccept {
  dealId: string;
  tapeId: string;
  reason: string;
  /** User id. */
  acceptedBy: string;
}

export interface AcceptedTape {
  deal: TapeDeal;
  tape: Tape;
  /** False when it stood already. */
  created: boolean;
  /** The period as it is closed now; null when it is open. */
  closed: ClosedPeriod | null;
  chain: TapeChain;
}

/**
 * Makes a version of a tape the one that stands for its period. Where the period is closed, it is closed
 * anew over that version in the same transaction, for the same reason and with the figures that were stated:
 * the ground of its report's restatement. The tape that stands already changes nothing.
 * @throws Problem tape-unknown, and what closing the period throws: then the version is not accepted
 */
export async function acceptTape(context: Context, accept: TapeToAccept): Promise<AcceptedTape> {
  const { dealId, tapeId, reason, acceptedBy } = accept;
  const deal = await getTapeDeal(context.db, dealId);
  return await context.db.transaction().execute(async (trx) => {
    await lockTapesOfDeal(trx, dealId);
    const tape = await getTapeById(trx, dealId, tapeId);
    const standing = await findTape(trx, { dealId, period: tape.period });
    const chain = await checkChain(trx, deal, tape);
    const before = (await findClosedPeriod(trx, dealId, tape.period)) ?? null;
    if (standing?.id === tape.id) return { deal, tape, created: false, closed: before, chain };
    const accepted_at = context.clock.now();
    await insertTapeAcceptance(trx, tape, { accepted_by: acceptedBy, accepted_at, reason });
    if (before === null) return { deal, tape, created: true, closed: null, chain };
    const { closed } = await closePeriodWithin(trx, context, {
      dealId,
      month: monthOfPeriod(deal, tape.period),
      tapeVersion: tape.version,
      reason,
      figures: writtenFigures(deal, before),
      closedBy: acceptedBy,
    });
    return { deal, tape, created: true, closed, chain };
  });
}

/** The figures that were stated when the period was closed, as they are written. */
function writtenFigures(deal: TapeDeal, { stated_figures }: ClosedPeriod): WrittenFigures {
  const units = new Map(deal.figures.map(({ name, unit }) => [name, unit]));
  return Object.fromEntries(
    Object.entries(stated_figures).map(([name, value]) => {
      const unit = units.get(name);
      if (unit === undefined) throw new Error(`the deal has no figure ${name}`);
      return [name, String(formatFigure(unit, BigInt(value)))];
    }),
  );
}
