import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { listTapeAcceptances } from "./acceptances-queries.ts";
import { findTape, findTapeVersion, getTapeById } from "./tapes-queries.ts";
import type { Tape } from "./tapes-queries.ts";

/**
 * What a version is compared with: the version that is named; else, of a proposed one, the tape that stands, and of
 * an accepted one that which stood before it. Null for the first tape of a period.
 * @throws Problem tape-version-unknown
 */
export async function findComparedTape(
  db: Context["db"],
  tape: Tape,
  against: number | undefined,
): Promise<Tape | null> {
  const key = { dealId: tape.deal_id, period: tape.period };
  if (against !== undefined) {
    const named = await findTapeVersion(db, { ...key, version: against });
    if (named !== undefined) return named;
    throw problem("tape-version-unknown", { tape: tape.id, version: against });
  }
  const acceptances = await listTapeAcceptances(db, key);
  const own = acceptances.findLastIndex(({ tape_id }) => tape_id === tape.id);
  if (own === -1) return (await findTape(db, key)) ?? null;
  const before = acceptances[own - 1];
  return before === undefined ? null : await getTapeById(db, tape.deal_id, before.tape_id);
}
