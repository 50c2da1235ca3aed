/** Accepted versions of a report as the API shows them. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { nullable } from "../http/nullable.ts";
import { formatCents } from "../lib/money.ts";
import { isFinal, type ReportMove, type VersionLife } from "./report-life.ts";

const text = (description: string) => Type.String({ description });

const Move = Type.Object({
  move: text("published | restated | challenged | dismissed | rejected"),
  at: Type.String(),
  party: nullable(text("who challenged")),
  backing: nullable(text("current principal of the holders who challenge")),
  reason: nullable(text("hash of the document that says why")),
  transaction: Type.String(),
});

export const VersionBody = Type.Object({
  version: Type.Integer(),
  restates: Type.Boolean({ description: "takes the place of a version that was distributed on" }),
  reportHash: Type.String(),
  status: text("standing | challenged | rejected | replaced"),
  acceptedAt: Type.String(),
  finalAt: text("nothing is paid on it before; a challenge without an answer ends then"),
  isFinal: Type.Boolean(),
  moves: Type.Array(Move),
});
export type VersionView = Static<typeof VersionBody>;

function describeMove(move: ReportMove): VersionView["moves"][number] {
  const { backingCents } = move;
  return {
    move: move.move,
    at: move.movedAt.toISOString(),
    party: move.party,
    backing: backingCents === null || backingCents === 0n ? null : formatCents(backingCents),
    reason: move.reason,
    transaction: move.transactionHash,
  };
}

export function describeVersion(life: VersionLife, now: Date): VersionView {
  return {
    version: life.version,
    restates: life.restates,
    reportHash: life.reportHash,
    status: life.status,
    acceptedAt: life.acceptedAt.toISOString(),
    finalAt: life.finalAt.toISOString(),
    isFinal: isFinal(life, now),
    moves: life.moves.map(describeMove),
  };
}
