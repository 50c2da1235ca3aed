import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Contract } from "ethers";
import { getFeeds } from "../../../server/chain/chain-deal-queries.ts";
import type { DealRecord } from "../../../server/chain/deal-record.ts";
import { fixIndicesJob } from "../../../server/chain/fixing-jobs.ts";
import { publishReport } from "../../../server/chain/publish-report.ts";
import { readDealRecord } from "../../../server/chain/read-deal-record.ts";
import type { Context } from "../../../server/context.ts";
import { fundCollections } from "../../../server/distributions/fund-collections.ts";
import { openDistribution } from "../../../server/distributions/open-distribution.ts";
import { formatReplay } from "../../../server/history/format-replay.ts";
import { compareBooksOfPeriod } from "../../../server/history/reconcile-period.ts";
import { replayDeal } from "../../../server/history/replay-deal.ts";
import { runDueJobs } from "../../../server/jobs/run-due-jobs.ts";
import { runInputsOf } from "../../../server/waterfall/run-inputs-queries.ts";
import { DEAL, startDealStage, withoutWindow, type DealStage } from "../reports/deal-stage.ts";

const DAY = 86_400;
/** 1.35 %, which is not what the feed says in any round. */
const INITIAL_RATE = 135n * 10n ** 14n;
const FEED_ABI = [
  "function setRound(uint80 roundId, int256 answer, uint256 updatedAt)",
  "function setDown(bool down)",
];
const INITIAL = "initial rate of the terms, taken because the feed gave none in time";
const BEFORE = "rate of the period before, taken because the feed gave none in time";

let stage: DealStage;
let context: Context;
let feed: Contract;

before(async () => {
  const index = {
    name: "SOFR30",
    feedDecimals: 8,
    unit: "percent",
    maxAgeSeconds: 7 * DAY,
    initialRateWad: INITIAL_RATE,
  } as const;
  stage = await startDealStage({ indices: [index], edit: withoutWindow });
  context = stage.server.context;
  const [address = ""] = await getFeeds(context.db, DEAL);
  feed = new Contract(address, FEED_ABI, context.chain.servicer);
});
after(() => stage?.server.close());

async function tellFeed(method: string, args: readonly unknown[]): Promise<void> {
  await feed.getFunction(method)(...args);
  await context.chain.mine?.();
}

const fixingTime = (period: number) => stage.times(period).determination - 5 * DAY;
const lateTime = (period: number) =>
  stage.times(period).payment + stage.compiled.terms.graceSeconds;
const iso = (seconds: number) => new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");
const fix = () => runDueJobs(context, [fixIndicesJob]);
const keyOf = (period: number) => `${DEAL}:${period}:0`;

/** Why the job failed for a period; periods whose fixing times have come since may fail too. */
async function failureOf(period: number): Promise<string> {
  const { failed } = await fix();
  return failed.find(({ key }) => key === keyOf(period))?.error ?? "";
}

/** The periods that the job fixed. */
const fixed = async () => (await fix()).ran.map(({ key }) => key);

async function rateOf(period: number): Promise<bigint | undefined> {
  const inputs = await runInputsOf(context.db, {
    dealId: DEAL,
    period,
    terms: stage.compiled.terms,
  });
  return inputs.extras[0];
}

async function ask(url: string, method: "GET" | "POST" = "GET") {
  const { request, users } = stage.server;
  return request(users.servicer, { method, url: `/v1/deals/${DEAL}/periods/${url}` });
}

describe("an index whose feed fixes nothing", () => {
  it("waits for the payment time although the last round is too old, and says so", async () => {
    const { payment } = stage.times(1);
    await stage.moveTo(fixingTime(1));
    await tellFeed("setRound", [1n, 520_000_000n, fixingTime(1) - 8 * DAY]);
    const words =
      "RoundTooOld(ageSeconds: 691200, maximum: 604800). That round is the last one in time: " +
      `the initial rate of the terms is taken from ${iso(payment)} on.`;
    const error = await failureOf(1);
    assert.ok(error.endsWith(words), error);
    await stage.moveTo(payment - 10);
    const tried = await ask("2017-10/fixings", "POST");
    assert.deepEqual([tried.statusCode, tried.json().code], [409, "fixing-unavailable"]);
    assert.ok(tried.json().detail.endsWith(words), tried.body);
  });

  it("takes the initial rate from then on, with that round as the proof, and logs it", async (t) => {
    const warn = t.mock.method(context.log, "warn");
    await stage.moveTo(stage.times(1).payment);
    assert.deepEqual(await fixed(), [keyOf(1)]);
    assert.equal(await rateOf(1), INITIAL_RATE);
    const [facts, message] = (warn.mock.calls[0]?.arguments ?? []) as unknown[];
    const { transaction, ...told } = { transaction: "none", ...(facts as object) };
    assert.match(transaction, /^0x[0-9a-f]{64}$/);
    const reason = "RoundTooOld(ageSeconds: 691200, maximum: 604800)";
    assert.deepEqual(told, { deal: DEAL, period: 1, index: "SOFR30", reason });
    assert.equal(message, `the index is fixed without its feed: ${INITIAL}`);
    assert.deepEqual(await fix(), { ran: [], failed: [] });
  });

  it("stores the event, read by its ABI", async () => {
    const event = await context.db
      .selectFrom("chain_events")
      .select(["deal_id", "period", "args"])
      .where("name", "=", "LastRateTaken")
      .executeTakeFirst();
    const args = { dealId: "1", period: "1", index: "0", rate: `${INITIAL_RATE}`, isProven: true };
    assert.deepEqual(event, { deal_id: DEAL, period: 1, args });
  });

  it("shows the words in the place of a round and its time", async () => {
    const [fixing] = (await ask("2017-10/inputs")).json().fixings;
    const { rate, source, round, answeredAt } = fixing;
    assert.deepEqual([rate, source, round, answeredAt], ["1.35", INITIAL, null, null]);
    await stage.closePeriod(1);
    const told = (await ask("2017-10/explanations/indices.SOFR30")).json();
    const [kind, words] = [told.explanation.source.kind, told.explanation.source.words];
    assert.equal(kind, "index fixing");
    assert.ok(words.startsWith(`${INITIAL}, fixed in transaction 0x`), words);
  });

  it("takes nothing without a proof before the deal is late", async () => {
    await tellFeed("setDown", [true]);
    const words =
      "the feed does not answer. Unless a round fixes it until then, " +
      `the rate of the period before is taken after ${iso(lateTime(2))}.`;
    for (const time of [fixingTime(2), stage.times(2).payment, lateTime(2) - 10]) {
      await stage.moveTo(time);
      const error = await failureOf(2);
      assert.ok(error.endsWith(words), error);
    }
  });

  it("takes the rate of the period before when it is", async () => {
    await stage.moveTo(lateTime(2) + 1);
    assert.deepEqual(await fixed(), [keyOf(2)]);
    assert.equal(await rateOf(2), INITIAL_RATE);
    assert.equal((await ask("2017-11/inputs")).json().fixings[0].source, BEFORE);
    await tellFeed("setDown", [false]);
  });

  it("is no reason for the last rate when the search gave up: the feed may have the round", async () => {
    const third = fixingTime(3);
    await stage.moveTo(lateTime(3) + 1);
    await tellFeed("setRound", [2n, 530_000_000n, third]);
    await tellFeed("setRound", [5_000n, 540_000_000n, third + 1]);
    assert.match(
      await failureOf(3),
      /none of its last 2000 rounds is of that time\. Whoever knows/,
    );
    await tellFeed("setRound", [2_500n, 530_000_000n, third]);
    await tellFeed("setRound", [2_501n, 540_000_000n, third + 1]);
    assert.deepEqual(await fixed(), [keyOf(3)]);
    assert.equal(await rateOf(3), 53n * 10n ** 15n);
    const [fixing] = (await ask("2017-12/inputs")).json().fixings;
    assert.match(fixing.source, /^round 2500 of the feed, answered at 2017-12-/);
    assert.equal(fixing.round, "2500");
  });
});

describe("a run at the last rate", () => {
  const item = `fixing of SOFR30: ${INITIAL}`;
  let record: DealRecord;

  before(async () => {
    const key = { dealId: DEAL, period: 1 };
    await stage.approve(1);
    await publishReport(context, key);
    await fundCollections(context, key);
    await openDistribution(context, key);
    const { dealId } = stage.chainDeal;
    record = await readDealRecord(context.chain.provider, { dealId });
  });

  it("is reconciled with what the rate is taken from", async () => {
    const items = async () =>
      (await compareBooksOfPeriod(context, DEAL, 1)).differences.map((found) => found.item);
    assert.deepEqual(await items(), []);
    const setRate = (rate: bigint) =>
      context.db
        .updateTable("index_fixings")
        .set({ rate_wad: `${rate}` })
        .where("period", "=", 1)
        .execute();
    await setRate(INITIAL_RATE + 1n);
    assert.ok((await items()).includes(item), (await items()).join());
    await setRate(INITIAL_RATE);
  });

  it("is replayed from the chain alone, which says where the rate came from", () => {
    const replay = replayDeal(record);
    assert.equal(replay.differenceCount, 0);
    const words = `SOFR30 1.35 %: ${INITIAL} (its last round was proved too old)`;
    assert.deepEqual(replay.periods[0]?.lastRates, [words]);
    assert.ok(formatReplay(replay).includes(`2017-10  ${words}\n`), formatReplay(replay));
  });

  it("differs in the replay from a rate that is not the one before", () => {
    const events = record.events.map((event) =>
      event.name === "LastRateTaken" ? { ...event, rateWad: 1n } : event,
    );
    const [period] = replayDeal({ ...record, events }).periods;
    assert.deepEqual(period?.differences, [
      { item, books: { chain: `${INITIAL_RATE}`, event: "1", replay: `${INITIAL_RATE}` } },
    ]);
  });
});
