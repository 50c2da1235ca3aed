import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import type { ProblemCode } from "./checks/check-codes.ts";
import { countProblemsOfCode, getTapeById, updateProblemAcceptances } from "./tapes-queries.ts";

export interface CodeAcceptance {
  dealId: string;
  tapeId: string;
  code: ProblemCode;
  reason: string;
  /** User id. */
  acceptedBy: string;
}

/**
 * The servicer gives one reason for all open problems of a code. What has a reason keeps it: the same again
 * changes nothing.
 * @returns how many it was given to
 * @throws Problem tape-unknown, tape-code-unknown
 */
export async function acceptProblems(
  context: Context,
  { dealId, tapeId, code, reason, acceptedBy }: CodeAcceptance,
): Promise<number> {
  const key = { dealId, tapeId, code };
  await getTapeById(context.db, dealId, tapeId);
  const accepted = await updateProblemAcceptances(context.db, key, {
    reason,
    accepted_by: acceptedBy,
    accepted_at: context.clock.now(),
  });
  if (accepted === 0 && (await countProblemsOfCode(context.db, key)) === 0) {
    throw problem("tape-code-unknown", { tape: tapeId, code });
  }
  return accepted;
}
