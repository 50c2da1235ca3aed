/** Which call fixes an index: the round of its feed, or the last rate where the feed gave none in time. */
import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { formatMonth, SECONDS_PER_DAY } from "../lib/dates.ts";
import { nameLastRate } from "../waterfall/last-rate.ts";
import { getFeeds, type ChainDeal } from "./chain-deal-queries.ts";
import { decodeRevert, describeRevert, problemOfRevert, type Revert } from "./decode-revert.ts";
import { findFixingRound } from "./find-fixing-round.ts";
import { readContract } from "./read-contract.ts";

export interface FixingKey {
  dealId: string;
  /** Ordinal, from 1. */
  period: number;
  /** Among the deal's feed indices. */
  position: number;
}

/** A call of RunInputs that the contract accepts now. */
export interface FixingCall {
  contract: "runInputs";
  method: "fixIndex" | "takeLastRate";
  args: readonly [dealId: bigint, period: number, position: number, roundId: bigint];
}

export interface FixingChoice {
  call: FixingCall;
  /** Why the feed cannot fix the index; null when it can. */
  silence: string | null;
}

/** Times in unix seconds. */
interface DueFixing {
  deal: ChainDeal;
  key: FixingKey;
  index: string;
  feed: string;
  month: string;
  fixingTime: number;
  paymentTime: number;
}

/** Why no round is the fixing, and the last round if there is one: it proves that it is too old. */
interface Silence {
  reason: string;
  roundId: bigint;
  isProven: boolean;
}

/** `LEAST_WAIT` of RunInputs: without a proof nobody goes without a fixing earlier. */
const LEAST_WAIT_SECONDS = 3 * SECONDS_PER_DAY;

/** Refusals of the last round in time that leave the feed no other: any other refusal is no reason. */
const NO_FIXING = new Set([
  "RoundTooOld",
  "FeedUnreadable",
  "FeedDecimalsChanged",
  "RateOutOfRange",
]);

/**
 * The call that fixes an index now. The last rate is chosen only where the feed has no fixing and
 * the contract takes it; a search that gave up is no reason.
 * @throws Problem fixing-unavailable, which says what happens and when; period-unknown,
 *   chain-refused, chain-unreachable
 */
export async function chooseFixing(
  context: Context,
  deal: ChainDeal,
  key: FixingKey,
): Promise<FixingChoice> {
  const due = await getDue(context, deal, key);
  const found = await findFixingRound(context.chain, due);
  if ("lost" in found) {
    throw unavailable(due, found.lost, "Whoever knows its round may bring it: RunInputs.fixIndex.");
  }
  if ("silence" in found) {
    return chooseLastRate(context, due, { reason: found.silence, roundId: 0n, isProven: false });
  }
  const { roundId } = found;
  const call = callOf(due, "fixIndex", roundId);
  const refusal = await findRefusal(context, call);
  if (refusal === undefined) return { call, silence: null };
  if (!NO_FIXING.has(refusal.name)) throw problemOfRevert(refusal);
  const reason = describeRevert(refusal);
  return chooseLastRate(context, due, {
    reason,
    roundId,
    isProven: refusal.name === "RoundTooOld",
  });
}

async function chooseLastRate(
  context: Context,
  due: DueFixing,
  silence: Silence,
): Promise<FixingChoice> {
  const call = callOf(due, "takeLastRate", silence.roundId);
  const refusal = await findRefusal(context, call);
  if (refusal === undefined) return { call, silence: silence.reason };
  const now = context.clock.now().getTime() / 1_000;
  throw unavailable(due, silence.reason, foretell(due, { silence, refusal, now }));
}

/** What happens to an index that the feed does not fix, while the contract does not take the last rate. */
function foretell(
  { deal, key, fixingTime, paymentTime }: DueFixing,
  { silence, refusal, now }: { silence: Silence; refusal: Revert; now: number },
): string {
  const late = Math.max(paymentTime + deal.terms.graceSeconds, fixingTime + LEAST_WAIT_SECONDS);
  const from = silence.isProven ? Math.max(paymentTime, fixingTime) : late;
  const rate = nameLastRate(key.period);
  if (now > from && refusal.name !== "FallbackNotDue") {
    return `The ${rate} cannot be taken: ${describeRevert(refusal)}.`;
  }
  return silence.isProven
    ? `That round is the last one in time: the ${rate} is taken from ${formatTime(from)} on.`
    : `Unless a round fixes it until then, the ${rate} is taken after ${formatTime(from)}.`;
}

async function getDue({ db }: Context, deal: ChainDeal, key: FixingKey): Promise<DueFixing> {
  const { id, terms } = deal;
  const { period, position } = key;
  const feed = (await getFeeds(db, id))[position];
  const row = terms.calendar[period - 1];
  const [index, fixingTime] = [terms.indices[position]?.name, row?.fixingTimes[position]];
  if (feed === undefined || index === undefined || row === undefined || fixingTime === undefined) {
    throw problem("period-unknown", { deal: id, period, first: 1, last: terms.calendar.length });
  }
  const month = formatMonth(row.collectionMonth);
  return { deal, key, index, feed, month, fixingTime, paymentTime: row.paymentTime };
}

function callOf(
  { deal, key }: DueFixing,
  method: FixingCall["method"],
  roundId: bigint,
): FixingCall {
  const args = [deal.chainDealId, key.period, key.position, roundId] as const;
  return { contract: "runInputs", method, args };
}

/** Tries a call. Undefined: the contract accepts it. */
async function findRefusal({ chain }: Context, call: FixingCall): Promise<Revert | undefined> {
  try {
    await readContract(chain, { ...call, address: chain.deployment.runInputs });
    return undefined;
  } catch (error) {
    const revert = decodeRevert(error);
    if (revert === undefined) throw error;
    return revert;
  }
}

function unavailable(due: DueFixing, reason: string, next: string) {
  const { index, feed, month: period, fixingTime } = due;
  return problem("fixing-unavailable", {
    ...{ index, period, feed, reason, next },
    due: formatTime(fixingTime),
  });
}

function formatTime(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");
}
