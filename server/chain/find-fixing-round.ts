import { isError, type Result } from "ethers";
import type { Chain } from "./connect-chain.ts";
import { readContract } from "./read-contract.ts";

/** Rounds of a Chainlink proxy: phase << 64 | round of the phase's aggregator. */
const PHASE_BITS = 64n;
const ROUND_MASK = (1n << PHASE_BITS) - 1n;
/** Rounds that are looked at before the search gives up: a feed that answers hourly has 744 a month. */
const MOST_ROUNDS = 2_000;

interface FeedRound {
  roundId: bigint;
  /** Unix seconds. */
  updatedAt: number;
}

export interface FixingSearch {
  feed: string;
  /** Unix seconds. */
  fixingTime: number;
}

/**
 * `silence`: why the feed cannot have a fixing. `lost`: why it was not found, though the feed may
 * have one.
 */
export type FoundRound = { roundId: bigint } | { silence: string } | { lost: string };

/**
 * The last complete round of a feed at or before the fixing time, found by walking back from the
 * latest one. Whether it is the fixing judges the contract.
 * @throws Problem chain-unreachable
 */
export async function findFixingRound(chain: Chain, search: FixingSearch): Promise<FoundRound> {
  const latest = await askFeed(chain, search.feed, { method: "latestRoundData", args: [] });
  if (latest === undefined) return { silence: "the feed does not answer" };
  let roundId = BigInt(latest["roundId"]);
  for (let looked = 0; looked < MOST_ROUNDS; looked += 1) {
    const round = await readRound(chain, search.feed, roundId);
    if (round !== undefined && round.updatedAt <= search.fixingTime) return { roundId };
    const before = await findRoundBefore(chain, search.feed, roundId);
    if (before === undefined) return { silence: "the feed has no round of that time" };
    roundId = before;
  }
  return { lost: `none of its last ${MOST_ROUNDS} rounds is of that time` };
}

/** A feed's answer; undefined when it refuses. */
async function askFeed(
  chain: Chain,
  feed: string,
  call: { method: string; args: readonly unknown[] },
): Promise<Result | undefined> {
  try {
    return await readContract(chain, { contract: "indexFeed", address: feed, ...call });
  } catch (error) {
    // Reverted, or answered with what is no round.
    if (isError(error, "CALL_EXCEPTION") || isError(error, "BAD_DATA")) return undefined;
    throw error;
  }
}

/** Undefined where there is no such round or it was never answered itself. */
async function readRound(
  chain: Chain,
  feed: string,
  roundId: bigint,
): Promise<FeedRound | undefined> {
  const round = await askFeed(chain, feed, { method: "getRoundData", args: [roundId] });
  if (round === undefined) return undefined;
  const updatedAt = Number(round["updatedAt"]);
  const isComplete = updatedAt > 0 && BigInt(round["answeredInRound"]) >= roundId;
  return isComplete ? { roundId, updatedAt } : undefined;
}

/** The number before, or the last round of the phase before. */
async function findRoundBefore(
  chain: Chain,
  feed: string,
  roundId: bigint,
): Promise<bigint | undefined> {
  if ((roundId & ROUND_MASK) > 1n) return roundId - 1n;
  for (let phase = (roundId >> PHASE_BITS) - 1n; phase > 0n; phase -= 1n) {
    const last = await findLastOfPhase(chain, feed, phase << PHASE_BITS);
    if (last !== undefined) return last;
  }
  return undefined;
}

/** Doubles until there is none, then halves the gap; a phase's rounds count from 1. */
async function findLastOfPhase(
  chain: Chain,
  feed: string,
  base: bigint,
): Promise<bigint | undefined> {
  const exists = async (round: bigint) =>
    (await readRound(chain, feed, base + round)) !== undefined;
  let [low, high] = [0n, 1n];
  while (await exists(high)) [low, high] = [high, high * 2n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (await exists(middle)) low = middle;
    else high = middle;
  }
  return low === 0n ? undefined : base + low;
}
