import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { previewWaterfall } from "../../../server/waterfall/preview-waterfall.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { close, uploadMonths } from "../tapes/amcar-2017-4.ts";
import { readGoldenJson, readGoldenText } from "./golden-deals.ts";

const DEAL = "amcar-2017-4";

interface ExpectedPeriod {
  payees: Record<string, string>;
  balances: Record<string, string>;
}

describe("the waterfall preview", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ startAt: new Date("2017-12-05T12:00:00Z") });
    const { administrator, servicer, approver } = server.users;
    const stored = await server.request(administrator, {
      method: "POST",
      url: "/v1/deals",
      headers: { "content-type": "application/yaml" },
      payload: readGoldenText(`${DEAL}/deal.yaml`),
    });
    assert.equal(stored.statusCode, 201, stored.body);
    await server.joinDeal(servicer, DEAL);
    await server.joinDeal(approver, DEAL);
    await uploadMonths(server, ["2017-09", "2017-10", "2017-11"]);
  });
  after(() => server.close());

  const preview = (month: string) =>
    server.request(server.users.approver, { url: `/v1/deals/${DEAL}/periods/${month}/waterfall` });

  test("a period that is not closed has no preview", async () => {
    const answer = await preview("2017-10");
    assert.deepEqual([answer.statusCode, answer.json().code], [404, "period-not-closed"]);
    assert.equal((await preview("2031-01")).json().code, "period-unknown");
  });

  test("the first period runs from the opening state, every amount explained", async () => {
    const closed = await close(server, "2017-10");
    assert.equal(closed.statusCode, 201, closed.body);
    const answer = await preview("2017-10");
    assert.equal(answer.statusCode, 200, answer.body);
    const body = answer.json();
    const expected = readGoldenJson<{ periods: ExpectedPeriod[] }>(`${DEAL}/expected.json`)
      .periods[0];
    const payees = Object.fromEntries(
      body.payees.map(({ payee, paid }: Record<string, string>) => [payee, paid]),
    );
    assert.deepEqual(payees, expected?.payees);
    assert.deepEqual([body.attestable, body.flags, body.phase], [true, [], "amortising"]);
    const fee = body.accruals.find(({ name }: { name: string }) => name === "servicingFee");
    assert.deepEqual(fee, {
      name: "servicingFee",
      kind: "fee",
      formula: "239,568.99 x 2.25 % x 30/360 = 449.19",
      due: "449.19",
      paid: "449.19",
      short: "0.00",
    });
    const target = body.steps.find(({ label }: { label: string }) => label === "ocT");
    assert.equal(target.due, "4727.94");
    assert.deepEqual(target.numbers, [
      { name: "p.poolClosing", value: "236,397.12" },
      { name: "k.ocCurrent", value: "2 %" },
      { name: "k.cutOffBalance", value: "239,568.99" },
      { name: "k.ocFloor", value: "1 %" },
    ]);
    const interest = body.steps.find(({ words }: { words: string }) => words.includes("class A"));
    assert.deepEqual(interest.payments, [
      { kind: "interest", to: "A", amount: "573.33", component: "current" },
    ]);
  });

  test("the preview is stored once per close version and changes nothing when repeated", async () => {
    const rows = () =>
      server.context.db.selectFrom("waterfall_previews").selectAll().orderBy("period").execute();
    const stored = await rows();
    assert.equal(stored.length, 1);
    const again = await previewWaterfall(server.context, { dealId: DEAL, period: 1 });
    assert.deepEqual(await rows(), stored);
    assert.equal(stored[0]?.result_hash, again.run.resultHash);
    assert.deepEqual(stored[0]?.words.map(BigInt), again.run.words);
    assert.deepEqual([stored[0]?.flags, stored[0]?.close_version], [0, 1]);
  });

  test("a later period waits for the distribution before it and starts from its words", async () => {
    const closed = await close(server, "2017-11");
    assert.equal(closed.statusCode, 201, closed.body);
    const early = await preview("2017-11");
    assert.deepEqual([early.statusCode, early.json().code], [409, "preview-out-of-order"]);
    const { run } = await previewWaterfall(server.context, { dealId: DEAL, period: 1 });
    await recordDistribution(run.words, run.resultHash);
    const answer = await preview("2017-11");
    assert.equal(answer.statusCode, 200, answer.body);
    const golden = readGoldenJson<{ periods: ExpectedPeriod[] }>(`${DEAL}/expected.json`)
      .periods[1];
    const balances = Object.fromEntries(
      answer
        .json()
        .classes.map((entry: Record<string, string>) => [entry["class"], entry["balance"]]),
    );
    assert.deepEqual(balances, golden?.balances);
  });

  /** The row that the chain's watcher writes when the run of period 1 was mined. */
  async function recordDistribution(words: bigint[], resultHash: string): Promise<void> {
    const hash = `0x${"0".repeat(64)}`;
    await server.context.db
      .insertInto("distributions")
      .values({
        deal_id: DEAL,
        period: 1,
        phase: "amortising",
        report_hash: hash,
        result_hash: resultHash,
        words: JSON.stringify(words.map((word) => `0x${word.toString(16)}`)),
        transaction_hash: hash,
        block_number: 1n,
        distributed_at: server.clock.now(),
      })
      .execute();
  }

  test("investors have no access to previews", async () => {
    await server.joinDeal(server.users.investor, DEAL);
    const url = `/v1/deals/${DEAL}/periods/2017-10/waterfall`;
    assert.equal((await server.request(server.users.investor, { url })).statusCode, 403);
  });
});
