/** Step 5: the pool's figures of a period, frozen from one version of its tape. */
import type { Kysely } from "kysely";
import type { Context } from "../context.ts";
import type { Database } from "../db/tables.ts";
import { problem } from "../errors.ts";
import { parseMonth } from "../lib/dates.ts";
import { getTapeDeal } from "../tapes/tape-deal-queries.ts";
import { monthOfPeriod, periodOfMonth } from "../tapes/tape-deal.ts";
import type { TapeDeal } from "../tapes/tape-deal.ts";
import * as tapes from "../tapes/tapes-queries.ts";
import type { Tape } from "../tapes/tapes-queries.ts";
import { buildPoolPicture } from "./build-pool-statistics.ts";
import type { StatisticsBasis } from "./build-pool-statistics.ts";
import { freezePeriod } from "./freeze-period.ts";
import * as queries from "./periods-queries.ts";
import type { ClosedPeriod } from "./periods-queries.ts";
import { parseStatedFigures } from "./parse-stated-figures.ts";
import type { WrittenFigures } from "./parse-stated-figures.ts";
import { describeFirstFault, readPoolCells, readPoolSpread } from "./pool-statistics-queries.ts";
import type { VersionKey } from "./pool-statistics-queries.ts";
import type { PoolPicture } from "./pool-statistics.ts";
import { parseAmounts } from "./statistics-json.ts";
import { insertPoolPicture, listVintages } from "./statistics-queries.ts";

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
  return await context.db.transaction().execute((trx) => closePeriodWithin(trx, context, close));
}

/** The same inside a transaction that does more: a tape version that is accepted closes its period anew. */
export async function closePeriodWithin(
  trx: Kysely<Database>,
  { clock }: Pick<Context, "clock">,
  close: PeriodClose,
): Promise<{ closed: ClosedPeriod; created: boolean }> {
  const deal = await getTapeDeal(trx, close.dealId);
  const { ordinal } = periodOfMonth(deal, close.month);
  if (ordinal === 0) {
    const last = monthOfPeriod(deal, deal.periods);
    const first = monthOfPeriod(deal, 1);
    throw problem("period-unknown", { deal: deal.id, period: close.month, first, last });
  }
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
  const picture = await readPicture(trx, deal, { tape, before });
  const closed = {
    ...freezePeriod(deal, { tape, previousCloseHash: before.closeHash, picture, stated }),
    version: (existing?.version ?? 0) + 1,
    closed_by: close.closedBy,
    closed_at: clock.now(),
    reason: close.reason ?? null,
  };
  await queries.insertClosedPeriod(trx, closed);
  const { period, version } = closed;
  await insertPoolPicture(trx, { dealKey: deal.key, period, version }, picture);
  return { closed, created: true };
}

/** Whether these are the stated figures that a close has. */
function isSame(stored: Record<string, string>, stated: ReadonlyMap<string, bigint>): boolean {
  return [...stated].every(([name, value]) => stored[name] === value.toString());
}

/** What a period follows: the closed period before it, or the cut-off tape. */
interface PeriodBefore {
  tape: Tape;
  closeHash: string;
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
    // Nobody closes the cut-off: what the first period was closed over shows in the tape's root.
    return { tape, closeHash: tape.tree_hash, closed: null };
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

const versionOf = (deal: TapeDeal, { period, version }: Tape): VersionKey => ({
  dealKey: deal.key,
  period,
  version,
});

/**
 * What the tape says of the pool. The upload checked the chain of months against the tape of that day;
 * the one that was closed may be another, so the same join that adds up looks for breaks.
 * @throws Problem period-not-contiguous
 */
async function readPicture(
  trx: Kysely<Database>,
  deal: TapeDeal,
  { tape, before }: { tape: Tape; before: PeriodBefore },
): Promise<PoolPicture> {
  const month = monthOfPeriod(deal, tape.period);
  const pair = {
    previous: versionOf(deal, before.tape),
    current: versionOf(deal, tape),
    month: parseMonth(month),
    terms: deal.terms,
  };
  const cells = await readPoolCells(trx, pair);
  const count = Number(cells.reduce((sum, { faults }) => sum + faults, 0n));
  if (count > 0) {
    const first = await describeFirstFault(trx, pair);
    throw problem("period-not-contiguous", { count, period: month, first });
  }
  const spread = await readPoolSpread(trx, pair.current);
  const picture = buildPoolPicture(
    { cells, spread },
    {
      terms: deal.terms,
      month: pair.month,
      months: deal.months,
      cutOffBalanceCents: deal.cutOffBalanceCents,
      before: await readBefore(trx, deal, before.closed),
    },
  );
  const { poolOpening, poolClosing, loanCount } = picture.statistics;
  const tiesOut =
    poolOpening === before.tape.closing_balance_cents &&
    poolClosing === tape.closing_balance_cents &&
    loanCount === tape.loan_count;
  if (!tiesOut) throw new Error(`the rows of tape ${tape.id} do not sum to its tree`);
  return picture;
}

/** What the period before left to be carried on. */
async function readBefore(
  trx: Kysely<Database>,
  deal: TapeDeal,
  closed: ClosedPeriod | null,
): Promise<StatisticsBasis["before"]> {
  if (closed === null) return null;
  const { period, version, statistics } = closed;
  const vintages = await listVintages(trx, { dealKey: deal.key, period, version });
  return { cumulative: parseAmounts(statistics.cumulative), vintages };
}
