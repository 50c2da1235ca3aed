import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { formatMonth } from "../lib/dates.ts";
import { getChainDeal, getFeeds, type ChainDeal } from "./chain-deal-queries.ts";
import { refusalOf } from "./decode-revert.ts";
import { findFixingRound } from "./find-fixing-round.ts";
import { encodeCall, readContract } from "./read-contract.ts";
import { sendIntended } from "./send-transaction.ts";
import { insertIntent } from "./transaction-queries.ts";
import { watchEvents } from "./watch-events.ts";

export interface FixingKey {
  dealId: string;
  /** Ordinal, from 1. */
  period: number;
  /** Among the deal's feed indices. */
  position: number;
}

/**
 * Fixes an index of a period out of its feed. Anyone may do it and only one round is the fixing, so
 * one that is there already is as good.
 * @throws Problem fixing-unavailable, deal-not-on-chain, chain-refused, chain-unreachable
 */
export async function bringFixing(context: Context, key: FixingKey): Promise<void> {
  const deal = await getChainDeal(context.db, key.dealId);
  if (!(await isFixed(context, deal, key))) {
    const roundId = await findRound(context, deal, key);
    const call = callOf(deal, key, roundId);
    await simulate(context, call);
    await intend(context, key, encodeCall(call));
    try {
      await sendIntended(context, intentKey(key));
    } catch (error) {
      if (!(await isFixed(context, deal, key))) throw error;
    }
  }
  await watchEvents(context);
}

function intentKey({ dealId, period, position }: FixingKey): string {
  return `fix-index:${dealId}:${period}:${position}`;
}

function callOf({ chainDealId }: ChainDeal, { period, position }: FixingKey, roundId: bigint) {
  const args = [chainDealId, period, position, roundId];
  return { contract: "runInputs", method: "fixIndex", args } as const;
}

async function isFixed(
  { chain }: Context,
  { chainDealId }: ChainDeal,
  { period, position }: FixingKey,
): Promise<boolean> {
  const [fixing] = await readContract(chain, {
    contract: "runInputs",
    address: chain.deployment.runInputs,
    method: "fixingOf",
    args: [chainDealId, period, position],
  });
  return fixing.isFixed;
}

async function findRound(
  { chain, db }: Context,
  { id, terms }: ChainDeal,
  { period, position }: FixingKey,
): Promise<bigint> {
  const feed = (await getFeeds(db, id))[position];
  const row = terms.calendar[period - 1];
  const [index, fixingTime] = [terms.indices[position]?.name, row?.fixingTimes[position]];
  if (feed === undefined || index === undefined || row === undefined || fixingTime === undefined) {
    throw problem("period-unknown", { deal: id, period, first: 1, last: terms.calendar.length });
  }
  const month = formatMonth(row.collectionMonth);
  return findFixingRound(chain, { feed, fixingTime, index, period: month });
}

async function simulate({ chain }: Context, call: ReturnType<typeof callOf>): Promise<void> {
  try {
    await readContract(chain, { ...call, address: chain.deployment.runInputs });
  } catch (error) {
    throw refusalOf(error);
  }
}

async function intend({ chain, clock, db }: Context, key: FixingKey, data: string): Promise<void> {
  const sender = await chain.servicer.getAddress();
  await db.transaction().execute((trx) =>
    insertIntent(
      trx,
      {
        key: intentKey(key),
        kind: "fix-index",
        dealId: key.dealId,
        period: key.period,
        sender,
        recipient: chain.deployment.runInputs,
        data,
      },
      clock.now(),
    ),
  );
}
