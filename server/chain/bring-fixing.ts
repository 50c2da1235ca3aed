import type { Context } from "../context.ts";
import { describeLastRate } from "../waterfall/last-rate.ts";
import { getChainDeal, type ChainDeal } from "./chain-deal-queries.ts";
import { chooseFixing, type FixingCall, type FixingKey } from "./choose-fixing.ts";
import { encodeCall, readContract } from "./read-contract.ts";
import { sendIntended } from "./send-transaction.ts";
import { insertIntent } from "./transaction-queries.ts";
import { watchEvents } from "./watch-events.ts";

/** Names of the calls among the chain's transactions. */
const KINDS = { fixIndex: "fix-index", takeLastRate: "take-last-rate" } as const;

/**
 * Fixes an index of a period out of its feed, or by the last rate once the contract takes that in
 * the place of a feed that gave none. Anyone may do it and only one rate is the fixing, so one that
 * is there already is as good.
 * @throws Problem fixing-unavailable, deal-not-on-chain, chain-refused, chain-unreachable
 */
export async function bringFixing(context: Context, key: FixingKey): Promise<void> {
  const deal = await getChainDeal(context.db, key.dealId);
  if (!(await isFixed(context, deal, key))) {
    try {
      await send(context, deal, key);
    } catch (error) {
      if (!(await isFixed(context, deal, key))) throw error;
    }
  }
  await watchEvents(context);
}

async function send(context: Context, deal: ChainDeal, key: FixingKey): Promise<void> {
  const { call, silence } = await chooseFixing(context, deal, key);
  await intend(context, key, call);
  const { kind, hash } = await sendIntended(context, intentKey(key));
  // An earlier call that was still open has gone first.
  if (kind !== KINDS.takeLastRate) return;
  const { dealId, period, position } = key;
  const index = deal.terms.indices[position]?.name;
  const facts = { deal: dealId, period, index, reason: silence, transaction: hash };
  context.log.warn(facts, `the index is fixed without its feed: ${describeLastRate(period)}`);
}

function intentKey({ dealId, period, position }: FixingKey): string {
  return `fix-index:${dealId}:${period}:${position}`;
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

async function intend(
  { chain, clock, db }: Context,
  key: FixingKey,
  call: FixingCall,
): Promise<void> {
  const sender = await chain.servicer.getAddress();
  await db.transaction().execute((trx) =>
    insertIntent(
      trx,
      {
        key: intentKey(key),
        kind: KINDS[call.method],
        dealId: key.dealId,
        period: key.period,
        sender,
        recipient: chain.deployment.runInputs,
        data: encodeCall(call),
      },
      clock.now(),
    ),
  );
}
