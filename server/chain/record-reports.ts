import type { Insertable, Transaction } from "kysely";
import type { PunctualityChangesTable, ReportMovesTable } from "../db/chain-tables.ts";
import type { Database } from "../db/tables.ts";
import { readTerms } from "../deals/read-terms.ts";
import {
  insertPunctualityChanges,
  insertReportMoves,
  listEventsToRecord,
  type TimedEvent,
} from "./event-queries.ts";

type Move = Insertable<ReportMovesTable>;

/** The move that an event of the registry is. */
const MOVES: Readonly<Record<string, Move["move"]>> = {
  ReportPublished: "published",
  ReportRestated: "restated",
  ReportChallenged: "challenged",
  ChallengeDismissed: "dismissed",
  ReportRejected: "rejected",
};

/** Position = value of the contract's enum. */
export const PUNCTUALITY_STATES: readonly PunctualityChangesTable["state"][] = [
  "on time",
  "late",
  "servicer default",
];

/** Derives the moves of reports and the changes of punctuality from the events that have none yet. */
export async function recordReports(trx: Transaction<Database>): Promise<void> {
  const moves = await listEventsToRecord(trx, {
    names: Object.keys(MOVES),
    table: "report_moves",
  });
  await insertReportMoves(trx, moves.map(buildMove));
  const changes = await listEventsToRecord(trx, {
    names: ["PunctualityChanged"],
    table: "punctuality_changes",
  });
  await insertPunctualityChanges(trx, changes.map(buildChange));
}

function placeOf(event: TimedEvent) {
  if (event.deal_id === null) throw new Error(`the event ${event.name} has no deal`);
  return {
    deal_id: event.deal_id,
    period: Number(event.args["period"]),
    transaction_hash: event.transaction_hash,
    block_number: event.block_number,
    log_index: event.log_index,
  };
}

/** A version is final when the terms' window has passed; a challenge names its own time. */
function finalAt({ name, args, mined_at, terms }: TimedEvent): Date {
  if (name === "ReportChallenged") return new Date(Number(args["finalAt"]) * 1_000);
  const isBrought = name === "ReportPublished" || name === "ReportRestated";
  const { challengeSeconds } = readTerms(terms).reporting;
  return isBrought ? new Date(mined_at.getTime() + challengeSeconds * 1_000) : mined_at;
}

/** The row of one move. */
function buildMove(event: TimedEvent): Move {
  const { args } = event;
  const move = MOVES[event.name];
  if (move === undefined) throw new Error(`${event.name} is no move of a report`);
  const textOf = (name: string) => (args[name] as string | undefined) ?? null;
  return {
    ...placeOf(event),
    version: Number(args["version"]),
    move,
    report_hash: textOf("reportHash"),
    figures: args["figures"] === undefined ? null : JSON.stringify(args["figures"]),
    party: textOf("by"),
    backing_cents: textOf("backing"),
    reason: textOf("reason"),
    moved_at: event.mined_at,
    final_at: finalAt(event),
  };
}

function buildChange(event: TimedEvent): Insertable<PunctualityChangesTable> {
  const state = PUNCTUALITY_STATES[Number(event.args["state"])];
  if (state === undefined) throw new RangeError("PunctualityChanged: an unknown state");
  return { ...placeOf(event), state, changed_at: event.mined_at };
}
