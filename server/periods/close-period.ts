/** Step 5: the pool's figures of a period, frozen from one version of its tape. */
import type { Kysely } from "kysely";
import type { Context } from "../context.ts";
import type { Database } from "../db/tables.ts";
import { problem } from "../errors.ts";
import { canonicalJson } from "../lib/canonical-json.ts";
import { keccak256 } from "../lib/keccak.ts";
import { readTapeRows } from "../tapes/loans-queries.ts";
import { versionTable } from "../tapes/partitions-queries.ts";
import { sourceLoanOf } from "../tapes/source-loan.ts";
import { comparePair } from "../tapes/tape-checks-queries.ts";
import { getTapeDeal } from "../tapes/tape-deal-queries.ts";
import { monthOfPeriod, periodOfMonth } from "../tapes/tape-deal.ts";
import type { TapeDeal } from "../tapes/tape-deal.ts";
import * as tapes from "../tapes/tapes-queries.ts";
import type { Tape } from "../tapes/tapes-queries.ts";
import { startProblemList } from "../tapes/tape-problem.ts";
import { validateTapePair } from "../tapes/validate-tape-pair.ts";
import { startPoolStatistics } from "./calculate-pool-statistics.ts";
import type { PoolStatistics } from "./calculate-pool-statistics.ts";
import * as queries from "./periods-queries.ts";
import type { ClosedPeriod } from "./periods-queries.ts";
import { parseStatedFigures } from "./parse-stated-figures.ts";
import type { WrittenFigures } from "./parse-stated-figures.ts";
import { poolFigures } from "./pool-figures.ts";
import { parseAmounts, statisticsJson } from "./statistics-json.ts";

export interface PeriodClose {
  dealId: string;
  /** The collection month, YYYY-MM. */
  month: string;
  /** The tape to close over; the newest when not given. */
  tapeVersion?: number | undefined;
  /** Why it is closed again; needed for every version but the first. */
  reason?: string | undefined;
  /** The figures that the servicer states, by name; needed where the deal has such. */
  figures?: WrittenFigures | undefined;
  /** User id. */
  closedBy: string;
}

/**
 * Closes a period over a tape. The same tape again answers the closed period that is there; another
 * tape version, other stated figures, or a period before that was closed anew, gives a new version and
 * needs a reason. Of a period that was distributed on, the new version is the ground of a restatement.
 * @throws Problem deal-unknown, period-unknown, period-without-tape, period-out-of-order,
 *   period-open-problems, period-not-contiguous, figure-out-of-bounds, identity-broken,
 *   figures-invalid, close-reason-missing
 */
export async function closePeriod(
  context: Context,
  close: PeriodClose,
): Promise<{ closed: ClosedPeriod; created: boolean }> {
  const deal = await getTapeDeal(context.db, close.dealId);
  const { ordinal } = periodOfMonth(deal, close.month);
  if (ordinal === 0) {
    const last = monthOfPeriod(deal, deal.periods);
    const first = monthOfPeriod(deal, 1);
    throw problem("period-unknown", { deal: deal.id, period: close.month, first, last });
  }
  return await context.db.transaction().execute(async (trx) => {
    await tapes.lockTapesOfDeal(trx, deal.id);
    const key = { dealId: deal.id, period: ordinal, version: close.tapeVersion };
    const tape = await tapes.findTape(trx, key);
    if (tape === undefined) throw problem("period-without-tape", { period: close.month });
    const before = await getPeriodBefore(trx, deal, ordinal);
    const stateFigures = () => parseStatedFigures(deal.figures, close.figures ?? {});
    const existing = await queries.findClosedPeriod(trx, deal.id, ordinal);
    if (existing !== undefined) {
      const sameBasis =
        existing.tape_id === tape.id &&
        existing.statistics.previousCloseHash === before.closeHash &&
        (close.figures === undefined || isSame(existing.stated_figures, stateFigures()));
      if (sameBasis) return { closed: existing, created: false };
      if (close.reason === undefined) {
        throw problem("close-reason-missing", { period: close.month, version: existing.version });
      }
    }
    const stated = stateFigures();
    // The cut-off tape is closed with the first period, by the same rule.
    if (before.closed === null) await requireReasons(trx, before.tape, deal.cutOffMonth);
    await requireReasons(trx, tape, close.month);
    await requireContiguity(trx, deal, { previous: before.tape, tape, month: close.month });
    const statistics = await readStatistics(trx, deal, { tape, before });
    const closed = {
      ...freeze(deal, { tape, before, statistics, stated }),
      version: (existing?.version ?? 0) + 1,
      closed_by: close.closedBy,
      closed_at: context.clock.now(),
      reason: close.reason ?? null,
    };
    await queries.insertClosedPeriod(trx, closed);
    return { closed, created: true };
  });
}

/** Whether these are the stated figures that a close has. */
function isSame(stored: Record<string, string>, stated: ReadonlyMap<string, bigint>): boolean {
  return [...stated].every(([name, value]) => stored[name] === value.toString());
}

/** What a period follows: the closed period before it, or the cut-off tape. */
interface PeriodBefore {
  tape: Tape;
  closeHash: string | null;
  closed: ClosedPeriod | null;
}

async function getPeriodBefore(
  trx: Kysely<Database>,
  deal: TapeDeal,
  ordinal: number,
): Promise<PeriodBefore> {
  const previous = ordinal - 1;
  if (previous === 0) {
    const tape = await tapes.findTape(trx, { dealId: deal.id, period: 0 });
    if (tape === undefined) throw problem("period-without-tape", { period: deal.cutOffMonth });
    return { tape, closeHash: null, closed: null };
  }
  const closed = await queries.findClosedPeriod(trx, deal.id, previous);
  if (closed === undefined) {
    throw problem("period-out-of-order", {
      previous: monthOfPeriod(deal, previous),
      period: monthOfPeriod(deal, ordinal),
    });
  }
  const tape = await tapes.getTapeById(trx, deal.id, closed.tape_id);
  return { tape, closeHash: closed.close_hash, closed };
}

async function requireReasons(trx: Kysely<Database>, tape: Tape, month: string): Promise<void> {
  const key = { dealId: tape.deal_id, id: tape.id };
  const { openReasons } = await tapes.countTapeProblems(trx, key);
  if (openReasons === 0) return;
  throw problem("period-open-problems", {
    count: openReasons,
    version: tape.version,
    period: month,
  });
}

/** The upload checked the chain against the tape of that day; the one that was closed may be another. */
async function requireContiguity(
  trx: Kysely<Database>,
  deal: TapeDeal,
  { previous, tape, month }: { previous: Tape; tape: Tape; month: string },
): Promise<void> {
  const tables = {
    table: versionTable(versionOf(deal, tape)),
    previousTable: versionTable(versionOf(deal, previous)),
  };
  const found = await comparePair(trx, { ...tables, days: 31 * deal.months, cumulative: false });
  const problems = startProblemList();
  validateTapePair(found, problems);
  const count = problems.count("refuse");
  const [first] = problems.listed();
  if (count === 0 || first === undefined) return;
  throw problem("period-not-contiguous", {
    count,
    period: month,
    first: `${first.loanId}: found "${first.value}", expected ${first.expected}`,
  });
}

const versionOf = ({ key }: TapeDeal, { period, version }: Tape) => ({
  dealKey: key,
  period,
  version,
});

async function readStatistics(
  trx: Kysely<Database>,
  deal: TapeDeal,
  { tape, before }: { tape: Tape; before: PeriodBefore },
): Promise<PoolStatistics> {
  const builder = startPoolStatistics({
    terms: deal.terms,
    month: monthOfPeriod(deal, tape.period),
    cutOffBalanceCents: deal.cutOffBalanceCents,
    cumulativeBefore:
      before.closed === null ? null : parseAmounts(before.closed.statistics.cumulative),
  });
  for await (const rows of readTapeRows(trx, versionOf(deal, tape))) {
    for (const row of rows) builder.add(sourceLoanOf(row));
  }
  const statistics = builder.finish();
  const tiesOut =
    statistics.poolOpening === before.tape.closing_balance_cents &&
    statistics.poolClosing === tape.closing_balance_cents &&
    statistics.loanCount === tape.loan_count;
  if (!tiesOut) throw new Error(`the rows of tape ${tape.id} do not sum to its tree`);
  return statistics;
}

interface CloseFacts {
  tape: Tape;
  before: PeriodBefore;
  statistics: PoolStatistics;
  stated: ReadonlyMap<string, bigint>;
}

/** The figures and the hash that the approver signs over. */
function freeze(
  deal: TapeDeal,
  { tape, before, statistics, stated }: CloseFacts,
): Omit<ClosedPeriod, "version" | "closed_by" | "closed_at" | "reason"> {
  const figures = poolFigures(deal, statistics, stated).map(String);
  const statedFigures = Object.fromEntries([...stated].map(([name, value]) => [name, `${value}`]));
  const frozen = { ...statisticsJson(statistics), previousCloseHash: before.closeHash };
  const preimage = canonicalJson({
    schema: "penstock-closed-period/1",
    deal: deal.id,
    period: tape.period,
    tapeContentHash: tape.content_hash,
    treeHash: tape.tree_hash,
    figures,
    // Which of them are the servicer's word; absent where all of them are the tape's.
    ...(stated.size === 0 ? {} : { statedFigures }),
    statistics: frozen,
  });
  return {
    deal_id: deal.id,
    period: tape.period,
    tape_id: tape.id,
    close_hash: `0x${keccak256(Buffer.from(preimage)).toString("hex")}`,
    figures,
    stated_figures: statedFigures,
    statistics: frozen,
  };
}
