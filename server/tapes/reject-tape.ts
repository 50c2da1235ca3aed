import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { findStandings } from "./acceptances-queries.ts";
import { dropTapeVersion } from "./partitions-queries.ts";
import { getTapeDeal } from "./tape-deal-queries.ts";
import { deleteTape, getTapeById, insertTapeRejection, lockTapesOfDeal } from "./tapes-queries.ts";

/**
 * Drops a proposed version with its rows; that it was there, stays, and so does what was ever accepted.
 * @throws Problem tape-unknown, tape-not-proposed
 */
export async function rejectTape(
  { db, log, clock }: Pick<Context, "db" | "log" | "clock">,
  { dealId, tapeId, rejectedBy }: { dealId: string; tapeId: string; rejectedBy: string },
): Promise<void> {
  const deal = await getTapeDeal(db, dealId);
  await db.transaction().execute(async (trx) => {
    await lockTapesOfDeal(trx, dealId);
    const tape = await getTapeById(trx, dealId, tapeId);
    const { period, version } = tape;
    if ((await findStandings(trx, [tape])).get(tape.id)?.state !== "proposed") {
      throw problem("tape-not-proposed", { tape: tapeId, version });
    }
    await dropTapeVersion(trx, { dealKey: deal.key, period, version });
    await deleteTape(trx, { dealId, id: tapeId });
    await insertTapeRejection(trx, {
      ...{ deal_id: dealId, period, version },
      ...{ content_hash: tape.content_hash, tree_hash: tape.tree_hash },
      ...{ rejected_by: rejectedBy, rejected_at: clock.now() },
    });
    const facts = { deal: dealId, period, version, contentHash: tape.content_hash, rejectedBy };
    log.info(facts, "a proposed tape was rejected");
  });
}
