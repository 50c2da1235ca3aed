import type { Selectable } from "kysely";
import { findAcceptedReport, getChainDeal, type ChainDeal } from "../chain/chain-deal-queries.ts";
import { refusalOf } from "../chain/decode-revert.ts";
import { encodeCall, readContract } from "../chain/read-contract.ts";
import { readLedgerHead } from "../chain/read-distributor.ts";
import { sendIntended } from "../chain/send-transaction.ts";
import { insertIntent } from "../chain/transaction-queries.ts";
import { watchEvents } from "../chain/watch-events.ts";
import type { Context } from "../context.ts";
import type { DistributionsTable } from "../db/chain-tables.ts";
import { problem } from "../errors.ts";
import type { ReportMessage } from "../reports/report-message.ts";
import type { ReportKey } from "../reports/report-queries.ts";
import { findDistribution } from "./distribution-queries.ts";

export type Distribution = Selectable<DistributionsTable>;

/**
 * Runs the period's priority of payments on chain, over the accepted report and escrowed cash, and
 * reads the result back. A period that ran already (anyone may run it) is answered as it is.
 * @returns the distribution, and whether this call brought it about
 * @throws Problem report-not-accepted, payment-not-due, collections-short, period-not-next,
 *   deal-not-open ..., chain-unreachable
 */
export async function openDistribution(
  context: Context,
  { dealId, period }: ReportKey,
): Promise<{ distribution: Distribution; created: boolean }> {
  const { chain, db } = context;
  const deal = await getChainDeal(db, dealId);
  await watchEvents(context);
  const { lastPeriod } = await readLedgerHead(chain, deal.chainDealId);
  const created = period > lastPeriod;
  if (created) {
    const accepted = await findAcceptedReport(db, { deal, period });
    if (accepted === undefined) throw problem("report-not-accepted", { deal: dealId, period });
    await simulate(context, accepted.message);
    await intend(context, { deal, period, message: accepted.message });
    await sendUnlessRun(context, { deal, period });
    await watchEvents(context);
  }
  const distribution = await findDistribution(db, { dealId, period });
  // The chain says that it ran and its event is read: a row that is missing is a bug.
  if (distribution === undefined) throw new Error(`${dealId} ${period}: run without its event`);
  return { distribution, created };
}

/** One intent per period: the contract runs each once. */
export function distributionKey({ dealId, period }: ReportKey): string {
  return `distribute:${dealId}:${period}`;
}

function callOf(message: ReportMessage) {
  return { contract: "waterfallDistributor", method: "distribute", args: [message] } as const;
}

async function simulate({ chain }: Context, message: ReportMessage): Promise<void> {
  const from = await chain.servicer.getAddress();
  const address = chain.deployment.waterfallDistributor;
  try {
    await readContract(chain, { ...callOf(message), address, from });
  } catch (error) {
    throw refusalOf(error);
  }
}

async function intend(
  { chain, clock, db }: Context,
  run: { deal: ChainDeal; period: number; message: ReportMessage },
): Promise<void> {
  const { deal, period, message } = run;
  const sender = await chain.servicer.getAddress();
  await db.transaction().execute((trx) =>
    insertIntent(
      trx,
      {
        key: distributionKey({ dealId: deal.id, period }),
        kind: "distribute",
        dealId: deal.id,
        period,
        sender,
        recipient: chain.deployment.waterfallDistributor,
        data: encodeCall(callOf(message)),
      },
      clock.now(),
    ),
  );
}

/** Anyone may run it: when another's transaction came first, ours is refused and all is well. */
async function sendUnlessRun(
  context: Context,
  { deal, period }: { deal: ChainDeal; period: number },
): Promise<void> {
  try {
    await sendIntended(context, distributionKey({ dealId: deal.id, period }));
  } catch (error) {
    const { lastPeriod } = await readLedgerHead(context.chain, deal.chainDealId);
    if (lastPeriod < period) throw error;
  }
}
