import { watchEvents } from "../chain/watch-events.ts";
import { getDealTerms } from "../claims/get-deal-on-chain.ts";
import type { Context } from "../context.ts";
import { formatMonth } from "../lib/dates.ts";
import type { Difference } from "./compare-books.ts";
import { findLastDistributed } from "./history-queries.ts";
import { compareBooksOfPeriod } from "./reconcile-period.ts";
import { listReconciliations } from "./reconciliation-queries.ts";

export interface ReportedReconciliation {
  period: number;
  month: string;
  block: number;
  compared: number;
  differences: Difference[];
  reconciledAt: string;
}

export interface DealReconciliation {
  /** Null while nothing was compared: nothing is distributed yet. */
  agrees: boolean | null;
  /** The last distribution, compared while the question is answered; null before the first. */
  now: ReportedReconciliation | null;
  /** What was found after each distribution. */
  periods: ReportedReconciliation[];
}

/**
 * The stored comparisons of a deal, and a fresh one of where it stands.
 * @throws Problem deal-unknown, chain-unreachable
 */
export async function readReconciliation(
  context: Context,
  dealId: string,
): Promise<DealReconciliation> {
  const { calendar } = await getDealTerms(context, dealId);
  const monthOf = (period: number): string =>
    formatMonth(calendar[period - 1]?.collectionMonth ?? 0);
  const stored = await listReconciliations(context.db, dealId);
  const periods = stored.map((row) => ({
    period: row.period,
    month: monthOf(row.period),
    block: Number(row.block_number),
    compared: row.compared_count,
    differences: row.differences,
    reconciledAt: row.reconciled_at.toISOString(),
  }));
  // After a restart an embedded chain knows no state older than its head: compare where it is now.
  await watchEvents(context);
  const last = await findLastDistributed(context.db, dealId);
  const now = last === null ? null : await compareNow(context, { dealId, period: last, monthOf });
  const all = now === null ? periods : [now, ...periods];
  const agrees = all.length === 0 ? null : all.every((found) => found.differences.length === 0);
  return { agrees, now, periods };
}

async function compareNow(
  context: Context,
  { dealId, period, monthOf }: { dealId: string; period: number; monthOf: (p: number) => string },
): Promise<ReportedReconciliation> {
  const found = await compareBooksOfPeriod(context, dealId, period);
  return {
    period: found.period,
    month: monthOf(found.period),
    block: found.block,
    compared: found.compared,
    differences: found.differences,
    reconciledAt: found.reconciledAt.toISOString(),
  };
}
