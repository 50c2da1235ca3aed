import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { findTapeProblem, getTapeById, updateProblemAcceptance } from "./tapes-queries.ts";
import type { StoredProblem } from "./tapes-queries.ts";

export interface Acceptance {
  dealId: string;
  tapeId: string;
  ordinal: number;
  reason: string;
  /** User id. */
  acceptedBy: string;
}

/**
 * The servicer gives the reason for a problem that needs one. The same reason again changes nothing.
 * @throws Problem tape-unknown, tape-problem-unknown, tape-problem-settled
 */
export async function acceptProblem(
  context: Context,
  acceptance: Acceptance,
): Promise<{ problem: StoredProblem; created: boolean }> {
  const { dealId, tapeId, ordinal, reason } = acceptance;
  const key = { dealId, tapeId, ordinal };
  await getTapeById(context.db, dealId, tapeId);
  const updated = await updateProblemAcceptance(context.db, key, {
    reason,
    accepted_by: acceptance.acceptedBy,
    accepted_at: context.clock.now(),
  });
  const found = await findTapeProblem(context.db, key);
  if (found === undefined) throw problem("tape-problem-unknown", { tape: tapeId, ordinal });
  if (updated) return { problem: found, created: true };
  if (found.reason === reason) return { problem: found, created: false };
  const state = found.severity === "note" ? "a note" : "accepted for another reason";
  throw problem("tape-problem-settled", { ordinal, state });
}
