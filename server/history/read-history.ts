import type { Context } from "../context.ts";
import { getDealTerms } from "../claims/get-deal-on-chain.ts";
import { describeRun, type HistoryPeriod } from "./describe-run.ts";
import { findDistribution, listDistributions, listLines } from "./history-queries.ts";

/**
 * Every distribution of a deal as the chain recorded it, in words of the deal.
 * @throws Problem deal-unknown
 */
export async function readHistory(
  context: Context,
  dealId: string,
  page: { after?: number | undefined; limit?: number | undefined } = {},
): Promise<HistoryPeriod[]> {
  const terms = await getDealTerms(context, dealId);
  const distributions = await listDistributions(context.db, dealId, page);
  const periods = distributions.map(({ period }) => period);
  const byPeriod = Map.groupBy(
    await listLines(context.db, dealId, periods),
    ({ period }) => period,
  );
  return distributions.map((distribution) =>
    describeRun(terms, distribution, byPeriod.get(distribution.period) ?? []),
  );
}

/** The distribution of one period; null when it has not happened. @throws Problem deal-unknown */
export async function readHistoryPeriod(
  context: Context,
  dealId: string,
  period: number,
): Promise<HistoryPeriod | null> {
  const terms = await getDealTerms(context, dealId);
  const distribution = await findDistribution(context.db, dealId, period);
  if (distribution === undefined) return null;
  return describeRun(terms, distribution, await listLines(context.db, dealId, [period]));
}
