import type { DealEvent, DealRecord, InputEvent, WaterfallRun } from "../chain/deal-record.ts";
import { readDealCode } from "../deals/read-deal-code.ts";
import { readTerms } from "../deals/read-terms.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import { AVAILABLE_FUNDS } from "../deals/terms-format.ts";
import { formatMonth } from "../lib/dates.ts";
import { keccak256 } from "../lib/keccak.ts";
import { hashHistory } from "../waterfall/hash-history.ts";
import { hashWords } from "../waterfall/hash-words.ts";
import { runWaterfall } from "../waterfall/run-waterfall.ts";
import { openingState, type WaterfallState } from "../waterfall/waterfall-state.ts";
import { compareBooks, newComparison, type Comparison, type Difference } from "./compare-books.ts";
import { compareWords } from "./compare-words.ts";
import {
  isReportEvent,
  newReportsReplay,
  replayReportEvent,
  takeFigures,
  type ReportsReplay,
} from "./replay-reports.ts";
import {
  newCashReplay,
  replayCashEvent,
  replayRunCash,
  settleCash,
  type CashReplay,
} from "./replay-cash.ts";

import {
  compareLastRates,
  newInputsReplay,
  replayInputEvent,
  takeInputs,
  type InputsReplay,
} from "./replay-inputs.ts";

/** One period as the chain ran it and as it was computed again. */
export interface ReplayedPeriod {
  period: number;
  /** Collection month, YYYY-MM. */
  month: string;
  phase: string;
  reportVersion: number | null;
  /** Differences of restatements that the run took beside its report, in words. */
  carried: string[];
  /** Rates of indices that no round of a feed gave, in words. */
  lastRates: string[];
  /** Keccak of the words as computed again. */
  resultHash: string;
  compared: number;
  differences: Difference[];
}

export interface Replay {
  deal: string;
  dealId: bigint;
  periods: ReplayedPeriod[];
  /** Cash, entitlements, claims and the ledger at the block that was read. */
  books: Comparison;
  /** Over all periods and books. */
  differenceCount: number;
}

interface Walk {
  record: DealRecord;
  terms: DealTerms;
  state: WaterfallState;
  reports: ReportsReplay;
  inputs: InputsReplay;
  periods: ReplayedPeriod[];
  cash: CashReplay;
  books: Comparison;
}

function replayRun(walk: Walk, event: WaterfallRun): void {
  const { terms } = walk;
  const comparison = newComparison();
  const report = walk.reports.byHash.get(event.reportHash);
  const row = terms.calendar[event.period - 1];
  const replayed: ReplayedPeriod = {
    period: event.period,
    month: row === undefined ? "none" : formatMonth(row.collectionMonth),
    phase: terms.phases[walk.state.phase]?.name ?? `phase ${walk.state.phase}`,
    reportVersion: report?.version ?? null,
    carried: [],
    lastRates: compareLastRates(comparison, walk.inputs, { terms, period: event.period }),
    resultHash: "none",
    compared: 0,
    differences: [],
  };
  walk.periods.push(replayed);
  compareBooks(comparison, "report accepted for the period", {
    chain: event.period,
    replay: report?.period,
  });
  compareBooks(comparison, "period", { chain: event.period, replay: walk.state.lastPeriod + 1 });
  walk.inputs.isInDefault = walk.reports.isInDefault;
  const inputs = takeInputs(walk.inputs, terms, event.period);
  compareBooks(comparison, "every index fixed", { chain: true, replay: inputs !== undefined });
  const isNext = event.period === walk.state.lastPeriod + 1;
  if (report !== undefined && row !== undefined && inputs !== undefined && isNext) {
    const { figures, carried } = takeFigures(walk.reports, comparison, { event, report, terms });
    replayed.carried = carried;
    const run = runWaterfall({
      ...inputs,
      terms,
      state: walk.state,
      period: event.period,
      figures,
      chainDealId: walk.record.dealId,
    });
    replayed.resultHash = run.resultHash;
    compareBooks(comparison, "result hash", {
      chain: event.resultHash,
      "chain words": hashWords(event.words),
      replay: replayed.resultHash,
    });
    compareWords(comparison, terms, { chain: event.words, replay: run.words });
    walk.state = run.state;
    replayRunCash(walk.cash, {
      at: event.at,
      period: event.period,
      words: run.words,
      availableFundsCents: figures[AVAILABLE_FUNDS] ?? 0n,
    });
  }
  replayed.compared = comparison.compared;
  replayed.differences = comparison.differences;
}

const INPUTS = new Set<string>([
  "IndexFixed",
  "LastRateTaken",
  "LoansOffered",
  "NoticeGiven",
  "NoticeWithdrawn",
]);

function isInput(event: DealEvent): event is InputEvent {
  return INPUTS.has(event.name);
}

function replayEvent(walk: Walk, event: DealEvent): void {
  if (isReportEvent(event)) replayReportEvent(walk.reports, event);
  else if (event.name === "WaterfallRun") replayRun(walk, event);
  else if (isInput(event)) replayInputEvent(walk.inputs, event);
  else replayCashEvent(walk.cash, event);
}

/**
 * Computes a deal's whole life again from what the chain alone says: every run of the priority of
 * payments with this engine, on the report that the run named; every cent of cash from funding to
 * claim; every holder's entitlement by the plain rule of record dates. Lists what does not agree,
 * to the last unit, in words of the deal.
 * @throws RangeError when the deal's code does not hold terms of a known format
 */
export function replayDeal(record: DealRecord): Replay {
  const code = readDealCode(record.code);
  const terms = readTerms(code.terms);
  const books = newComparison();
  const walk: Walk = {
    record,
    terms,
    state: openingState(terms),
    reports: newReportsReplay(record, terms, books),
    inputs: newInputsReplay(),
    periods: [],
    cash: newCashReplay(terms, books),
    books,
  };
  const { created } = record;
  compareBooks(books, "terms hash", {
    event: created.termsHash,
    code: `0x${keccak256(code.terms).toString("hex")}`,
  });
  compareBooks(books, "addresses of cash token, classes, payees and feeds", {
    event: [created.cashToken, ...created.tokens, ...created.payees, ...created.feeds]
      .join(" ")
      .toLowerCase(),
    code: [code.cashToken, ...code.tokens, ...code.payees, ...code.feeds].join(" "),
  });
  for (const event of record.events) replayEvent(walk, event);
  const hashes = walk.periods.map(({ resultHash }) => resultHash);
  compareBooks(books, "history hash, over the result hashes of all runs", {
    chain: record.books.historyHash,
    replay: hashes.includes("none") ? "none" : hashHistory(created.termsHash, hashes),
  });
  settleCash(walk.cash, { books: record.books, state: walk.state });
  const inPeriods = walk.periods.reduce((sum, { differences }) => sum + differences.length, 0);
  return {
    deal: terms.dealId,
    dealId: record.dealId,
    periods: walk.periods,
    books,
    differenceCount: inPeriods + books.differences.length,
  };
}
