import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Contract } from "ethers";
import { getFeeds } from "../../../server/chain/chain-deal-queries.ts";
import { embeddedAccount } from "../../../server/chain/connect-chain.ts";
import { deleteAbove } from "../../../server/chain/event-queries.ts";
import { fixIndicesJob } from "../../../server/chain/fixing-jobs.ts";
import { publishReport } from "../../../server/chain/publish-report.ts";
import { readDealRecord } from "../../../server/chain/read-deal-record.ts";
import { watchEvents } from "../../../server/chain/watch-events.ts";
import type { Context } from "../../../server/context.ts";
import { fundCollections } from "../../../server/distributions/fund-collections.ts";
import { openDistribution } from "../../../server/distributions/open-distribution.ts";
import { readHistoryPeriod } from "../../../server/history/read-history.ts";
import { compareBooksOfPeriod } from "../../../server/history/reconcile-period.ts";
import { replayDeal } from "../../../server/history/replay-deal.ts";
import { runDueJobs } from "../../../server/jobs/run-due-jobs.ts";
import { getReport } from "../../../server/reports/report-queries.ts";
import { previewWaterfall } from "../../../server/waterfall/preview-waterfall.ts";
import { readWords } from "../../../server/waterfall/read-words.ts";
import { runInputsOf } from "../../../server/waterfall/run-inputs-queries.ts";
import { DEAL, startDealStage, withoutWindow, type DealStage } from "../reports/deal-stage.ts";

const DAY = 86_400;
const FEED_ABI = [
  "function setRound(uint80 roundId, int256 answer, uint256 updatedAt)",
  "function setDown(bool down)",
];
const round = (phase: bigint, number: bigint) => (phase << 64n) | number;

let stage: DealStage;
let context: Context;
let feed: Contract;

before(async () => {
  const index = {
    name: "SOFR30",
    feedDecimals: 8,
    unit: "percent",
    maxAgeSeconds: 7 * DAY,
    initialRateWad: 0n,
  } as const;
  stage = await startDealStage({
    edit: withoutWindow,
    indices: [index],
    notices: [
      { name: "waiver", payee: 0, kind: "once" },
      { name: "acceleration", payee: 0, kind: "standing" },
    ],
  });
  context = stage.server.context;
  const [address = ""] = await getFeeds(context.db, DEAL);
  feed = new Contract(address, FEED_ABI, context.chain.servicer);
});
after(() => stage?.server.close());

async function send(contract: Contract, method: string, args: readonly unknown[]): Promise<void> {
  await contract.getFunction(method)(...args);
  await context.chain.mine?.();
}

/** Answers of the feed: round and unix seconds; the rate in percent with 8 decimals. */
async function answer(roundId: bigint, updatedAt: number, rate: bigint): Promise<void> {
  await send(feed, "setRound", [roundId, rate, updatedAt]);
}

const fixingTime = (period: number) => stage.times(period).determination - 5 * DAY;
const fix = () => runDueJobs(context, [fixIndicesJob]);
const inputsOf = (period: number) =>
  runInputsOf(context.db, { dealId: DEAL, period, terms: stage.compiled.terms });

describe("the job that fixes indices", () => {
  it("waits for the fixing time", async () => {
    await stage.moveTo(fixingTime(1) - 60);
    assert.deepEqual(await fix(), { ran: [], failed: [] });
    await assert.rejects(
      inputsOf(1),
      /fixing-missing: Index SOFR30 is not fixed on chain for period 2017-10/,
    );
  });

  it("says what is missing when the feed has no answer in time", async () => {
    await stage.moveTo(fixingTime(1));
    const url = `/v1/deals/${DEAL}/periods/2017-10`;
    const { request, users } = stage.server;
    const tried = await request(users.servicer, { method: "POST", url: `${url}/fixings` });
    assert.deepEqual([tried.statusCode, tried.json().code], [409, "fixing-unavailable"]);
    assert.match(tried.json().detail, /^Index SOFR30 of period 2017-10 was due at 2017-10-27T/);
    const seen = await request(users.auditor, { url: `${url}/inputs` });
    assert.deepEqual(seen.json().fixings[0].rate, null);
    assert.equal(seen.json().fixings[0].due, new Date(fixingTime(1) * 1_000).toISOString());
    const silent = await fix();
    assert.match(silent.failed[0]?.error ?? "", /SOFR30 of period 2017-10 was due at 2017-1/);
    await answer(1n, fixingTime(1) + 1, 525_000_000n);
    const late = await fix();
    assert.match(late.failed[0]?.error ?? "", /the feed has no round of that time/);
    await send(feed, "setDown", [true]);
    const down = await fix();
    assert.match(down.failed[0]?.error ?? "", /the feed does not answer/);
    await send(feed, "setDown", [false]);
  });

  it("refuses a preview while the index is not fixed", async () => {
    await assert.rejects(
      previewWaterfall(context, { dealId: DEAL, period: 1 }),
      /period-not-closed/,
    );
    await assert.rejects(stage.closePeriod(1), /fixing-missing/);
  });

  it("walks back from the latest round to the last one in time, and fixes it once", async () => {
    const first = fixingTime(1);
    await answer(round(1n, 1n), first - 2 * DAY, 520_000_000n);
    await answer(round(1n, 2n), first - DAY, 525_000_000n);
    // A feed that changed its aggregator since: its rounds begin anew.
    await answer(round(2n, 1n), first + 10, 530_000_000n);
    await answer(round(2n, 2n), first + 20, 531_000_000n);
    const outcome = await fix();
    assert.deepEqual(outcome, { ran: [{ name: "fix-indices", key: `${DEAL}:1:0` }], failed: [] });
    assert.deepEqual(await inputsOf(1), {
      extras: [52_500_000_000_000_000n],
      notices: 0,
      carried: null,
    });
    const [row] = await context.db.selectFrom("index_fixings").selectAll().execute();
    assert.equal(row?.round_id, String(round(1n, 2n)));
    assert.deepEqual(row?.answered_at, new Date((first - DAY) * 1_000));
    assert.deepEqual(await fix(), { ran: [], failed: [] });
  });

  it("names the contract's reason when the round is too old", async () => {
    await stage.moveTo(fixingTime(2));
    const { failed } = await fix();
    assert.match(failed[0]?.error ?? "", /RoundTooOld\(ageSeconds: \d+, maximum: 604800\)/);
    await answer(round(2n, 3n), fixingTime(2) - 7 * DAY, -50_000_000n);
    assert.equal((await fix()).ran.length, 1);
    assert.deepEqual((await inputsOf(2)).extras, [-5_000_000_000_000_000n]);
  });

  it("is content with a fixing that somebody else brought", async () => {
    const third = fixingTime(3);
    await stage.moveTo(third);
    await answer(round(2n, 4n), third, 1n);
    const stranger = embeddedAccount(3, context.chain.provider);
    const inputs = new Contract(
      context.chain.deployment.runInputs,
      ["function fixIndex(uint64 dealId, uint16 period, uint8 index, uint80 roundId)"],
      stranger,
    );
    await send(inputs, "fixIndex", [stage.chainDeal.dealId, 3, 0, round(2n, 4n)]);
    assert.equal((await fix()).failed.length, 0);
    assert.deepEqual((await inputsOf(3)).extras, [10n ** 8n]);
    assert.deepEqual(await fix(), { ran: [], failed: [] });
  });
});

/** The trustee, who is payee 0, gives or withdraws a notice. */
async function notify(method: "giveNotice" | "withdrawNotice", notice: number): Promise<void> {
  const abi = [`function ${method}(uint64 dealId, uint8 notice)`];
  const trustee = embeddedAccount(6, context.chain.provider);
  const inputs = new Contract(context.chain.deployment.runInputs, abi, trustee);
  await send(inputs, method, [stage.chainDeal.dealId, notice]);
  await watchEvents(context);
}

describe("the inputs of a run", () => {
  const KEY = { dealId: DEAL, period: 1 };
  const rate = 52_500_000_000_000_000n;

  it("have the notices that stand, of the chain's events", async () => {
    const seen: number[] = [];
    for (const [method, notice] of [
      ["giveNotice", 0],
      ["giveNotice", 1],
      ["withdrawNotice", 0],
    ] as const) {
      await notify(method, notice);
      seen.push((await inputsOf(1)).notices);
    }
    assert.deepEqual(seen, [0b01, 0b11, 0b10]);
  });

  it("change the preview, and so the report, of a close that stands", async () => {
    await stage.closePeriod(1);
    const { input, run } = await previewWaterfall(context, KEY);
    assert.deepEqual([input.notices, input.extras], [0b10, [rate]]);
    assert.equal(run.notices, 0b10);
    const first = await stage.approve(1);
    await notify("giveNotice", 0);
    const second = await stage.approve(1);
    assert.notEqual(second.digest, first.digest);
    await notify("withdrawNotice", 0);
    assert.equal((await stage.approve(1)).digest, first.digest);
    await notify("giveNotice", 0);
    await stage.approve(1);
    await publishReport(context, KEY);
    assert.equal((await getReport(context.db, KEY)).digest, second.digest);
  });

  it("are those of the run on chain, which spends a notice that counts once", async () => {
    await fundCollections(context, KEY);
    const { run } = await previewWaterfall(context, KEY);
    const { distribution } = await openDistribution(context, KEY);
    assert.equal(distribution.result_hash, run.resultHash);
    const words = distribution.words.map((word) => BigInt(word));
    const { extras, notices } = readWords(stage.compiled.terms, words);
    assert.deepEqual({ extras, notices }, { extras: [rate], notices: 0b11 });
    assert.deepEqual(await inputsOf(1), { extras: [rate], notices: 0b11, carried: null });
    assert.equal((await inputsOf(2)).notices, 0b10);
    const books = await compareBooksOfPeriod(context, DEAL, 1);
    assert.deepEqual(books.differences, []);
    const history = await readHistoryPeriod(context, DEAL, 1);
    const url = `/v1/deals/${DEAL}/periods/2017-10`;
    const { request, users } = stage.server;
    const fixed = await request(users.servicer, { method: "POST", url: `${url}/fixings` });
    assert.equal(fixed.statusCode, 200, fixed.body);
    const seen = await request(users.auditor, { url: `${url}/inputs` });
    assert.deepEqual(seen.json(), fixed.json());
    const [fixing] = seen.json().fixings;
    assert.deepEqual([fixing.index, fixing.rate], ["SOFR30", "5.25"]);
    assert.equal(seen.json().purchaseList, null);
    assert.deepEqual(
      seen.json().notices.map((found: { inForce: boolean }) => found.inForce),
      [true, true],
    );
    assert.deepEqual(history?.inputs, {
      fixings: [{ index: "SOFR30", rate: "5.25" }],
      purchasePrice: null,
      notices: ["waiver", "acceleration"],
      carried: [],
    });
  });

  it("are read again from the chain alone", async () => {
    await notify("giveNotice", 0);
    const { dealId } = stage.chainDeal;
    const record = await readDealRecord(context.chain.provider, { dealId });
    const replay = replayDeal(record);
    assert.deepEqual([replay.differenceCount, replay.periods.length], [0, 1]);
    const without = record.events.filter(({ name }) => name !== "NoticeGiven");
    const changed = replayDeal({ ...record, events: without });
    const items = changed.periods.flatMap(({ differences }) => differences.map(({ item }) => item));
    assert.ok(items.includes("header: notices"), items.join());
    const unfixed = record.events.filter(({ name }) => name !== "IndexFixed");
    const [period] = replayDeal({ ...record, events: unfixed }).periods;
    assert.deepEqual(
      period?.differences.map(({ item }) => item),
      ["every index fixed"],
    );
  });

  it("are taken back by a re-org", async () => {
    const tables = ["index_fixings", "notices"] as const;
    const count = async () =>
      Promise.all(
        tables.map(
          async (table) => (await context.db.selectFrom(table).selectAll().execute()).length,
        ),
      );
    const whole = await count();
    assert.deepEqual(whole, [3, 7]);
    const ancestor = BigInt(context.chain.deployment.deployBlock);
    await context.db.transaction().execute((trx) => deleteAbove(trx, ancestor));
    assert.deepEqual(await count(), [0, 0]);
    await watchEvents(context);
    assert.deepEqual(await count(), whole);
  });
});
