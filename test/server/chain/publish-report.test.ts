import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openProvider } from "../../../server/chain/connect-chain.ts";
import { contractAt, send } from "../../../server/chain/deploy-contract.ts";
import { publishReport } from "../../../server/chain/publish-report.ts";
import { readAccepted } from "../../../server/chain/read-registry.ts";
import { watchEvents } from "../../../server/chain/watch-events.ts";
import type { Context } from "../../../server/context.ts";
import { Problem } from "../../../server/errors.ts";
import { messageFromRow } from "../../../server/reports/report-codec.ts";
import { REPORT_TYPES, reportDomain } from "../../../server/reports/report-message.ts";
import { DEAL, startDealStage, type DealStage } from "../reports/deal-stage.ts";
import { runToDeath } from "./run-to-death.ts";
import { resumeTransactions } from "./resume-transactions.ts";

let stage: DealStage;
let context: Context;
const KEY = { dealId: DEAL, period: 1 };

before(async () => {
  stage = await startDealStage();
  context = stage.server.context;
});
after(() => stage?.server.close());

function isProblem(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Problem && error.code === code;
}

async function accepted() {
  return readAccepted(context.chain, { chainDealId: stage.chainDeal.dealId, period: 1 });
}

async function publications(): Promise<number> {
  await watchEvents(context);
  const { count } = await context.db
    .selectFrom("chain_events")
    .select((select) => select.fn.countAll<bigint>().as("count"))
    .where("name", "=", "ReportPublished")
    .executeTakeFirstOrThrow();
  return Number(count);
}

test("before the collection period has ended the registry takes no report", async () => {
  await stage.closePeriod(1);
  await stage.approve(1);
  await assert.rejects(publishReport(context, KEY), isProblem("report-too-early"));
  await stage.moveTo(stage.times(1).determination);
});

test("the server's signature alone publishes nothing", async () => {
  await stage.closePeriod(1);
  await assert.rejects(publishReport(context, KEY), isProblem("approval-missing"));
});

test("fewer signatures than the deal's threshold are refused with both numbers", async () => {
  const { chain } = context;
  const sender = { signer: chain.servicer, mine: chain.mine };
  const registry = await contractAt(sender, "ReportRegistry", chain.deployment.reportRegistry);
  const [attesters] = await registry.getFunction("attestersOf")(stage.chainDeal.dealId);
  const setThreshold = (threshold: number) =>
    send(sender, registry, "setAttesters", [stage.chainDeal.dealId, [...attesters], threshold]);
  await stage.approve(1);
  await setThreshold(3);
  await assert.rejects(publishReport(context, KEY), (error) => {
    assert.ok(error instanceof Problem && error.code === "signatures-too-few");
    assert.deepEqual([error.extra["have"], error.extra["need"]], ["2", "3"]);
    return true;
  });
  await setThreshold(2);
});

test("an approval does not stand when the approver then uploads a tape of the period", async () => {
  await stage.closePeriod(1);
  await stage.approve(1);
  const tapes = () => context.db.updateTable("tapes").where("period", "=", 1);
  await tapes().set({ uploaded_by: stage.approver.id }).execute();
  await assert.rejects(publishReport(context, KEY), isProblem("approval-missing"));
  await tapes().set({ uploaded_by: stage.maker.id }).execute();
});

test("[R4] a signature over the report of another chain is refused by the registry", async () => {
  await stage.closePeriod(1);
  const report = await stage.approve(1);
  const domain = reportDomain({ chainId: 1n, registry: context.chain.deployment.reportRegistry });
  const message = messageFromRow(report.message);
  const signature = await stage.approver.wallet.signTypedData(domain, REPORT_TYPES, message);
  const swap = (text: string) =>
    context.db
      .updateTable("report_signatures")
      .set({ signature: text })
      .where("digest", "=", report.digest)
      .where("signer", "=", stage.approver.wallet.address)
      .execute();
  await swap(signature);
  await assert.rejects(publishReport(context, KEY), isProblem("signature-refused"));
});

test("a figure outside its bounds and a pool that does not roll forward are refused", async () => {
  await stage.closePeriod(1, { figures: { delinquent60: 30_000_000n } });
  await stage.approve(1);
  await assert.rejects(publishReport(context, KEY), isProblem("report-figure-out-of-bounds"));
  await stage.closePeriod(1, { figures: { poolOpening: -1n } });
  await stage.approve(1);
  await assert.rejects(publishReport(context, KEY), isProblem("opening-mismatch"));
  assert.equal(await accepted(), undefined);
  assert.equal(await publications(), 0);
});

test("two signatures publish the report once; the same again changes nothing", async () => {
  await stage.closePeriod(1);
  const report = await stage.approve(1);
  const first = await publishReport(context, KEY);
  assert.equal(first.created, true);
  assert.equal(first.transaction?.status, "mined");
  assert.deepEqual(await accepted(), {
    reportHash: report.report_hash,
    version: 1,
    used: false,
    status: "standing",
    restatement: null,
  });
  const again = await publishReport(context, KEY);
  assert.equal(again.created, false);
  assert.deepEqual(again.transaction, first.transaction);
  assert.equal(await publications(), 1);
  console.log(`gas: report with two signatures ${first.transaction?.gas_used}`);
});

test("over HTTP the servicer publishes, an auditor does not; the answer names the transaction", async () => {
  const { auditor, servicer } = stage.server.users;
  const url = `/v1/deals/${DEAL}/periods/2017-10/report/publication`;
  const refused = await stage.server.request(auditor, { method: "POST", url });
  assert.equal(refused.statusCode, 403);
  assert.equal(refused.json().code, "role-forbidden");
  const answer = await stage.server.request(servicer, { method: "POST", url });
  assert.equal(answer.statusCode, 200, answer.body);
  assert.equal(answer.json().transaction.status, "mined");
  assert.equal(answer.json().report.version, 1);
});

test("[R2] a period that is closed again before its distribution is published as version 2", async () => {
  await stage.closePeriod(1, { figures: { chargeOffs: 1n } });
  await assert.rejects(publishReport(context, KEY), isProblem("approval-missing"));
  const report = await stage.approve(1);
  assert.equal(report.version, 2);
  await publishReport(context, KEY);
  assert.deepEqual(await accepted(), {
    reportHash: report.report_hash,
    version: 2,
    used: false,
    status: "standing",
    restatement: null,
  });
});

test("with the node down nothing is decided; with the node up the report goes out", async () => {
  await stage.closePeriod(1);
  await stage.approve(1);
  const provider = openProvider("http://127.0.0.1:9", context.chain.chainId);
  const down: Context = { ...context, chain: { ...context.chain, provider } };
  await assert.rejects(publishReport(down, KEY), isProblem("chain-unreachable"));
  provider.destroy();
  await publishReport(context, KEY);
  assert.equal((await accepted())?.version, 3);
});

test("a report that somebody else published is taken as published", async () => {
  await stage.closePeriod(1);
  const report = await stage.approve(1);
  const { chain, db } = context;
  const rows = await db
    .selectFrom("report_signatures")
    .selectAll()
    .where("digest", "=", report.digest)
    .execute();
  const sorted = rows.toSorted((a, b) => (BigInt(a.signer) < BigInt(b.signer) ? -1 : 1));
  const sender = { signer: stage.trustee.wallet, mine: chain.mine };
  const registry = await contractAt(sender, "ReportRegistry", chain.deployment.reportRegistry);
  await send(sender, registry, "publishReport", [
    messageFromRow(report.message),
    sorted.map((row) => row.signer),
    sorted.map((row) => row.signature),
  ]);
  const published = await publishReport(context, KEY);
  assert.equal(published.created, false);
  assert.equal(published.transaction, undefined);
});

const DEATHS = [
  { when: "before", method: "eth_estimateGas", line: "after deciding, before signing" },
  { when: "before", method: "eth_sendRawTransaction", line: "after storing the signed bytes" },
  { when: "after", method: "eth_sendRawTransaction", line: "after sending" },
  { when: "after", method: "eth_getTransactionReceipt", line: "before settling" },
  { when: "before", method: "eth_getLogs", line: "after settling" },
] as const;

for (const { when, method, line } of DEATHS) {
  test(`[R6] a publication killed ${line} goes on after a restart, once`, async () => {
    await stage.closePeriod(1);
    const report = await stage.approve(1);
    const published = await publications();
    await runToDeath(stage.server, { step: "publish", ...KEY, when, method });
    await resumeTransactions(context);
    const { transaction } = await publishReport(context, KEY);
    assert.equal(transaction?.status, "mined");
    assert.equal((await accepted())?.reportHash, report.report_hash);
    assert.equal(await publications(), published + 1);
  });
}
