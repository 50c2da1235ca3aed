import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TypedDataDomain, TypedDataField } from "ethers";
import { DEAL, startDealStage, type DealStage } from "../reports/deal-stage.ts";
import { close, upload } from "../tapes/amcar-2017-4.ts";

let stage: DealStage;

before(async () => {
  stage = await startDealStage();
  await upload(stage.server, { month: "2017-09" });
});
after(() => stage?.server.close());

/** What the schedule does when an administrator lets it run; nothing may fail. */
async function runJobs(): Promise<string[]> {
  const { administrator } = stage.server.users;
  const answer = await stage.server.request(administrator, { method: "POST", url: "/v1/jobs/run" });
  const { ran, failed } = answer.json<{ ran: { name: string }[]; failed: unknown[] }>();
  assert.deepEqual(failed, []);
  return ran.map(({ name }) => name);
}

/** The approver signs what the server answers, with a wallet of their own. */
async function approve(month: string): Promise<void> {
  const url = `/v1/deals/${DEAL}/periods/${month}/report`;
  const report = await stage.server.request(stage.approver, { method: "GET", url });
  const { typedData } = report.json<{
    typedData: {
      domain: TypedDataDomain;
      types: Record<string, TypedDataField[]>;
      message: Record<string, unknown>;
    };
  }>();
  const { EIP712Domain: _domain, ...types } = typedData.types;
  const { wallet } = stage.approver;
  const signature = await wallet.signTypedData(typedData.domain, types, typedData.message);
  const answer = await stage.server.request(stage.approver, {
    method: "POST",
    url: `${url}/signatures`,
    payload: { signature },
  });
  assert.equal(answer.statusCode, 201, answer.body);
}

/** Available funds of the golden tapes, in cents: principal, interest, recoveries, proceeds. */
const MONTHS = [
  { month: "2017-10", period: 1, availableFunds: "571962" },
  { month: "2017-11", period: 2, availableFunds: "466931" },
];

for (const { month, period, availableFunds } of MONTHS) {
  test(`${month} goes from its tape to the distribution; only the approver's hand is needed`, async () => {
    const { context } = stage.server;
    const { determination, payment } = stage.times(period);
    await stage.moveTo(determination);
    const uploaded = await upload(stage.server, { month });
    assert.equal(uploaded.statusCode, 201, uploaded.body);
    const closed = await close(stage.server, month);
    assert.equal(closed.statusCode, 201, closed.body);
    assert.ok((await runJobs()).includes("prepare-report"));
    await approve(month);
    assert.ok((await runJobs()).includes("publish-report"));
    await stage.moveTo(payment);
    const ran = await runJobs();
    assert.ok(ran.includes("fund-collections") && ran.includes("open-distribution"));
    assert.ok(ran.includes("reconcile-period"));

    const row = await context.db
      .selectFrom("distributions as done")
      .innerJoin("waterfall_previews as preview", (join) =>
        join
          .onRef("preview.deal_id", "=", "done.deal_id")
          .onRef("preview.period", "=", "done.period"),
      )
      .select(["done.result_hash", "preview.result_hash as previewed"])
      .where("done.period", "=", period)
      .executeTakeFirstOrThrow();
    assert.equal(row.result_hash, row.previewed);
    const books = await context.db
      .selectFrom("reconciliations")
      .select("differences")
      .where("period", "=", period)
      .executeTakeFirstOrThrow();
    assert.deepEqual(books.differences, []);
    const funded = await context.db
      .selectFrom("chain_events")
      .select("args")
      .where("name", "=", "CollectionsFunded")
      .orderBy("block_number", "desc")
      .executeTakeFirstOrThrow();
    assert.equal(funded.args["cents"], availableFunds);
  });
}
