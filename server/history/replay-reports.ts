/**
 * The life of a deal's reports out of the chain's events in their order: which version stands, from when
 * on it is final, and what restatements carry into the next run.
 */
import type {
  DealEvent,
  DealRecord,
  ReportEvent,
  ReportPublished,
  ReportRestated,
  WaterfallRun,
} from "../chain/deal-record.ts";
import { unitOf, writeValue } from "../deals/deal-notes.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import { formatMonth } from "../lib/dates.ts";
import { hashReport } from "../reports/report-message.ts";
import {
  acceptFigures,
  carryInto,
  newCarry,
  rejectFigures,
  takeDifferences,
  waitingFor,
  type Carry,
} from "../waterfall/carry-differences.ts";
import { compareBooks, type Comparison } from "./compare-books.ts";

type Brought = ReportPublished | ReportRestated;

export interface ReportsReplay {
  record: DealRecord;
  terms: DealTerms;
  books: Comparison;
  /** Accepted reports by hash: a run names the one it used. */
  byHash: Map<string, Brought>;
  /** By "period.version": from when on it is final, unix seconds; null: rejected. */
  finalAt: Map<string, number | null>;
  carry: Carry;
  /** What the registry handed out for the next run. */
  taken: readonly bigint[] | null;
  isInDefault: boolean;
}

export function newReportsReplay(
  record: DealRecord,
  terms: DealTerms,
  books: Comparison,
): ReportsReplay {
  return {
    ...{ record, terms, books, byHash: new Map(), finalAt: new Map(), isInDefault: false },
    ...{ carry: newCarry(terms.figures), taken: null },
  };
}

const NAMES = new Set<string>([
  "ReportPublished",
  "ReportRestated",
  "ReportChallenged",
  "ChallengeDismissed",
  "ReportRejected",
  "DifferencesCarried",
  "PunctualityChanged",
]);

export function isReportEvent(event: DealEvent): event is ReportEvent {
  return NAMES.has(event.name);
}

const keyOf = ({ period, version }: { period: number; version: number }) => `${period}.${version}`;

/** The version's fields as they are signed; the hash binds every one of them. */
function bring(replay: ReportsReplay, event: Brought): void {
  const { record, terms, books } = replay;
  const restates = event.name === "ReportRestated";
  const { period, version, figures } = event;
  compareBooks(books, `${restates ? "restatement" : "report"} ${keyOf(event)} hash`, {
    chain: event.reportHash,
    replay: hashReport({
      ...{ dealId: record.dealId, termsHash: record.created.termsHash, period, version, figures },
      ...{ tapeRoot: event.tapeRoot, closeHash: event.closeHash, resultHash: event.resultHash },
    }),
  });
  replay.byHash.set(event.reportHash, event);
  replay.finalAt.set(keyOf(event), event.at + terms.reporting.challengeSeconds);
  acceptFigures(replay.carry, { period, version, restates, figures });
}

export function replayReportEvent(replay: ReportsReplay, event: ReportEvent): void {
  switch (event.name) {
    case "ReportPublished":
    case "ReportRestated":
      return bring(replay, event);
    case "ReportChallenged":
      return void replay.finalAt.set(keyOf(event), event.finalAt);
    case "ChallengeDismissed":
      return void replay.finalAt.set(keyOf(event), event.at);
    case "ReportRejected":
      replay.finalAt.set(keyOf(event), null);
      return rejectFigures(replay.carry, event);
    case "DifferencesCarried":
      replay.taken = event.differences;
      return;
    default:
      replay.isInDefault ||= event.state === "servicer default";
  }
}

/** Whether neither the report nor a restatement that its run carries could be challenged any more. */
function wasFinal(replay: ReportsReplay, report: Brought, at: number): boolean {
  const waiting = replay.carry.waiting.map((one) => replay.finalAt.get(keyOf(one)));
  return [replay.finalAt.get(keyOf(report)), ...waiting].every(
    (time) => typeof time === "number" && time <= at,
  );
}

/**
 * The figures of a run: its report's with what restatements carry. Compares what the registry handed
 * out with what the restatements leave, and that nothing was paid that could still be challenged.
 */
export function takeFigures(
  replay: ReportsReplay,
  comparison: Comparison,
  { event, report, terms }: { event: WaterfallRun; report: Brought; terms: DealTerms },
): { figures: bigint[]; carried: string[] } {
  const waiting = waitingFor(replay.carry);
  const { figures, differences } = carryInto(report.figures, waiting.differences);
  compareBooks(comparison, "report and restatements final when distributed", {
    chain: true,
    replay: wasFinal(replay, report, event.at),
  });
  terms.figures.forEach(({ name }, i) => {
    const [chain, own] = [replay.taken?.[i] ?? 0n, differences[i] ?? 0n];
    if (chain === 0n && own === 0n) return;
    compareBooks(comparison, `carried ${name}`, { chain, replay: own });
  });
  takeDifferences(replay.carry, differences);
  replay.taken = null;
  const months = (periods: readonly number[]) =>
    periods.map((period) => formatMonth(terms.calendar[period - 1]?.collectionMonth ?? 0));
  const carried = terms.figures.flatMap(({ name }, i) => {
    const difference = differences[i] ?? 0n;
    if (difference === 0n) return [];
    const unit = unitOf(terms, "figures", i) ?? "money";
    const from = months(waiting.periods[i] ?? []).join(", ");
    return [
      `${name}: reported ${writeValue(report.figures[i] ?? 0n, unit)}, carried ` +
        `${writeValue(difference, unit)} from the restatement of ${from}`,
    ];
  });
  return { figures, carried };
}
