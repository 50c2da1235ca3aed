import { getCashToken, getChainDeal } from "../chain/chain-deal-queries.ts";
import type { ChainDeal } from "../chain/chain-deal-queries.ts";
import { encodeCall } from "../chain/read-contract.ts";
import { readLedgerHead, readWallet } from "../chain/read-distributor.ts";
import { sendIntended } from "../chain/send-transaction.ts";
import {
  countTransactions,
  findTransaction,
  insertIntent,
  listOpenTransactions,
  type ChainTransaction,
  type Intent,
} from "../chain/transaction-queries.ts";
import { watchEvents } from "../chain/watch-events.ts";
import type { Context } from "../context.ts";
import { withLock } from "../db/with-lock.ts";
import { problem } from "../errors.ts";
import { centsToUnits } from "../lib/money.ts";
import { findNeededFunds } from "./needed-funds.ts";

export interface Funding {
  dealId: string;
  period: number;
  /** What the collections shall hold for the period; what the run on the accepted report distributes. */
  targetCents?: bigint;
}

export interface Funded {
  targetCents: bigint;
  /** What was missing and was paid in; 0 when the cash was there. */
  fundedCents: bigint;
  transaction: ChainTransaction | undefined;
}

/**
 * Pays the period's shortfall into the deal's collections from the servicer's wallet: exactly
 * target less what the deal holds. The same target of the same period is funded once, whatever is
 * killed in between. Approval and funding of one wallet go one after the other, because an approval
 * replaces the one before.
 * @throws Problem report-not-accepted (no target given), period-not-next, wallet-short,
 *   chain-unreachable
 */
export async function fundCollections(context: Context, funding: Funding): Promise<Funded> {
  const sender = await context.chain.servicer.getAddress();
  const funded = await withLock(context.db, `fund:${sender}`, () =>
    fundInTurn(context, funding, sender),
  );
  await watchEvents(context);
  return funded;
}

async function fundInTurn(context: Context, funding: Funding, sender: string): Promise<Funded> {
  const { chain, db } = context;
  const { dealId, period } = funding;
  const deal = await getChainDeal(db, dealId);
  await settleOpenFundings(context, dealId);
  await watchEvents(context);
  const targetCents = funding.targetCents ?? (await acceptedFunds(context, deal, period));
  const { lastPeriod, collections } = await readLedgerHead(chain, deal.chainDealId);
  if (period !== lastPeriod + 1) {
    throw problem("period-not-next", { deal: dealId, period, latest: lastPeriod });
  }
  const missing = targetCents - collections;
  if (missing <= 0n) return { targetCents, fundedCents: 0n, transaction: undefined };

  const fund = `fund:${dealId}:${period}:${targetCents}`;
  await approve(context, { deal, period, sender, cents: missing, fund });
  await intend(context, {
    key: fund,
    kind: "fund",
    dealId,
    period,
    sender,
    recipient: chain.deployment.waterfallDistributor,
    data: encodeCall({
      contract: "waterfallDistributor",
      method: "fund",
      args: [deal.chainDealId, missing],
    }),
  });
  const transaction = await sendIntended(context, fund);
  return { targetCents, fundedCents: missing, transaction };
}

/** What a killed call left on its way counts before the shortfall is taken. */
async function settleOpenFundings(context: Context, dealId: string): Promise<void> {
  for (const row of await listOpenTransactions(context.db)) {
    if (row.deal_id !== dealId || row.kind !== "fund") continue;
    try {
      await sendIntended(context, row.idempotency_key);
    } catch (error) {
      // Refused for good: the shortfall stands, and what follows funds it anew.
      if (!(await hasFailed(context, row.idempotency_key))) throw error;
    }
  }
}

async function hasFailed(context: Context, key: string): Promise<boolean> {
  return (await findTransaction(context.db, key))?.status === "failed";
}

async function acceptedFunds(context: Context, deal: ChainDeal, period: number): Promise<bigint> {
  const needed = await findNeededFunds(context.db, { deal, period });
  if (needed === undefined) throw problem("report-not-accepted", { deal: deal.id, period });
  return needed.cents;
}

interface Approval {
  deal: ChainDeal;
  period: number;
  sender: string;
  cents: bigint;
  /** Key of the funding that it is for. */
  fund: string;
}

/** Approves what this funding takes, unless it is approved: never more than is needed. */
async function approve(context: Context, approval: Approval): Promise<void> {
  const { chain, db } = context;
  const { deal, period, sender, cents, fund } = approval;
  const token = await getCashToken(db, deal.id);
  const units = centsToUnits(cents, deal.terms.cashDecimals);
  const wallet = await readWallet(chain, { token, owner: sender });
  if (wallet.balanceUnits < units) {
    throw problem("wallet-short", { wallet: sender, have: wallet.balanceUnits, need: units });
  }
  if (wallet.allowanceUnits >= units) return;
  // An approval that was mined and then replaced by another deal's is made again, under a new key.
  const attempt = await countTransactions(db, `approve:${fund}:`, "mined");
  const key = `approve:${fund}:${attempt + 1}`;
  await intend(context, {
    key,
    kind: "approve",
    dealId: deal.id,
    period,
    sender,
    recipient: token,
    data: encodeCall({
      contract: "cashToken",
      method: "approve",
      args: [chain.deployment.waterfallDistributor, units],
    }),
  });
  await sendIntended(context, key);
}

async function intend({ clock, db }: Context, intent: Intent): Promise<void> {
  await db.transaction().execute((trx) => insertIntent(trx, intent, clock.now()));
}
