import { getCashToken } from "../chain/chain-deal-queries.ts";
import { readDealBooks, readHistoryHash, type DealPlace } from "../chain/read-deal-books.ts";
import { getDealOnChain, type DealOnChain } from "../claims/get-deal-on-chain.ts";
import { recordClaims } from "../claims/record-claims.ts";
import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import type { Job } from "../jobs/job.ts";
import { centsToUnits } from "../lib/money.ts";
import { newComparison, type Difference } from "./compare-books.ts";
import { compareRun, compareStanding } from "./compare-period.ts";
import { loadBooks, type PostgresBooks } from "./books-queries.ts";
import { listUnreconciled, storeReconciliation } from "./reconciliation-queries.ts";

/** What a comparison of Postgres, chain and engine found. */
export interface Reconciliation {
  dealId: string;
  period: number;
  /** Height at which the chain was read: the last block whose events are stored. */
  block: number;
  /** How many values were compared. */
  compared: number;
  /** Empty when the books agree to the last unit. */
  differences: Difference[];
  reconciledAt: Date;
}

async function placeOf({ chain, db }: Context, deal: DealOnChain): Promise<DealPlace> {
  return {
    dealId: deal.chainDealId,
    factory: chain.deployment.dealFactory,
    distributor: chain.deployment.waterfallDistributor,
    cashToken: await getCashToken(db, deal.dealId),
    unitsPerCent: centsToUnits(1n, deal.terms.cashDecimals),
    tokens: deal.tokens,
  };
}

/** Another process may store events at any time: what it stored is recorded before it is compared. */
async function loadRecordedBooks(
  context: Context,
  { dealId, terms }: DealOnChain,
  period: number,
): Promise<PostgresBooks | undefined> {
  for (;;) {
    const books = await loadBooks(context.db, { dealId, period, terms });
    if (books?.unrecorded === undefined) return books;
    await recordClaims(context);
  }
}

/**
 * Compares the books of one distribution to the last unit: Postgres against the chain at the block
 * up to which its events are stored, and both against the engine run again on the stored report.
 * For the last distribution also where everything stands: state, cash, holdings, claims. Changes nothing but
 * that stored events are taken over into holdings and claims.
 * @throws Problem deal-unknown, deal-not-on-chain, period-not-distributed
 */
export async function compareBooksOfPeriod(
  context: Context,
  dealId: string,
  period: number,
): Promise<Reconciliation> {
  const deal = await getDealOnChain(context, dealId);
  const postgres = await loadRecordedBooks(context, deal, period);
  const distribution = postgres?.distributions.find((found) => found.period === period);
  if (postgres === undefined || distribution === undefined) {
    throw problem("period-not-distributed", { deal: dealId, period });
  }
  const place = await placeOf(context, deal);
  const chain = { provider: context.chain.provider, block: postgres.block };
  const { terms, termsHash, tokens, chainDealId } = deal;
  const books = { terms, termsHash, chainDealId, tokens, postgres };
  const comparison = newComparison();
  const historyHash = await readHistoryHash(chain, place);
  compareRun(comparison, books, { distribution, historyHash });
  if (distribution === postgres.distributions.at(-1)) {
    const holders = tokens.map((token) => postgres.everHeld.get(token.toLowerCase()) ?? []);
    compareStanding(comparison, books, await readDealBooks(chain, place, holders));
  }
  return {
    dealId,
    period,
    block: postgres.block,
    ...comparison,
    reconciledAt: context.clock.now(),
  };
}

/**
 * Compares a distribution's books and stores what was found; a difference is an alarm: an error in
 * the structured log (`alarm: "reconciliation"`) and a metric, never a correction.
 */
export async function reconcilePeriod(
  context: Context,
  dealId: string,
  period: number,
): Promise<Reconciliation> {
  const found = await compareBooksOfPeriod(context, dealId, period);
  await storeReconciliation(context.db, found);
  const facts = { deal: dealId, period, block: found.block, compared: found.compared };
  if (found.differences.length > 0) {
    const { differences } = found;
    context.log.error({ alarm: "reconciliation", ...facts, differences }, "the books differ");
  } else {
    context.log.info(facts, "the books agree");
  }
  return found;
}

/** Due after each distribution, once. */
export const reconcilePeriodJob: Job = {
  name: "reconcile-period",
  async due({ db }) {
    const periods = await listUnreconciled(db);
    return periods.map(({ deal_id, period, transaction_hash }) => ({
      key: `${deal_id}:${period}:${transaction_hash}`,
      data: { dealId: deal_id, period },
    }));
  },
  async run(context, data) {
    const { dealId, period } = data as { dealId: string; period: number };
    await reconcilePeriod(context, dealId, period);
  },
};
