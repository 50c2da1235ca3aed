import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openProvider } from "../../../server/chain/connect-chain.ts";
import { contractAt, send } from "../../../server/chain/deploy-contract.ts";
import { prepareReport } from "../../../server/chain/prepare-report.ts";
import { publishReport } from "../../../server/chain/publish-report.ts";
import { readLedgerHead } from "../../../server/chain/read-distributor.ts";
import { prepareReportJob, publishReportJob } from "../../../server/chain/report-jobs.ts";
import { resumeTransactionsJob, watchEventsJob } from "../../../server/chain/chain-jobs.ts";
import { resumeTransactions } from "../chain/resume-transactions.ts";
import {
  findTransaction,
  listOpenTransactions,
} from "../../../server/chain/transaction-queries.ts";
import { watchEvents } from "../../../server/chain/watch-events.ts";
import type { Context } from "../../../server/context.ts";
import {
  fundCollectionsJob,
  openDistributionJob,
} from "../../../server/distributions/distribution-jobs.ts";
import { fundCollections } from "../../../server/distributions/fund-collections.ts";
import { openDistribution } from "../../../server/distributions/open-distribution.ts";
import { Problem } from "../../../server/errors.ts";
import { runDueJobs } from "../../../server/jobs/run-due-jobs.ts";
import { messageFromRow } from "../../../server/reports/report-codec.ts";
import { REPORT_TYPES, reportDomain } from "../../../server/reports/report-message.ts";
import type { WaterfallRun } from "../../../server/waterfall/run-waterfall.ts";
import { runToDeath } from "../chain/run-to-death.ts";
import { DEAL, startDealStage, type DealStage } from "../reports/deal-stage.ts";

let stage: DealStage;
let context: Context;

before(async () => {
  stage = await startDealStage();
  context = stage.server.context;
});
after(() => stage?.server.close());

function isProblem(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Problem && error.code === code;
}

const at = (period: number) => ({ dealId: DEAL, period });

function ledger() {
  return readLedgerHead(context.chain, stage.chainDeal.dealId);
}

/** Closes, approves and publishes a period, and moves to its payment time. */
async function bringToPayment(period: number): Promise<WaterfallRun> {
  await stage.moveTo(stage.times(period).determination);
  const run = await stage.closePeriod(period);
  await stage.approve(period);
  await publishReport(context, at(period));
  await stage.moveTo(stage.times(period).payment);
  return run;
}

async function countEvents(name: string): Promise<number> {
  await watchEvents(context);
  const { count } = await context.db
    .selectFrom("chain_events")
    .select((select) => select.fn.countAll<bigint>().as("count"))
    .where("name", "=", name)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The row, the lines and the event's words are the TypeScript engine's, to the cent. */
async function assertEquals(period: number, run: WaterfallRun): Promise<void> {
  const row = await context.db
    .selectFrom("distributions")
    .selectAll()
    .where("deal_id", "=", DEAL)
    .where("period", "=", period)
    .executeTakeFirstOrThrow();
  assert.equal(row.result_hash, run.resultHash);
  assert.deepEqual(row.words, run.words.map(String));
  const lines = await context.db
    .selectFrom("waterfall_lines")
    .selectAll()
    .where("deal_id", "=", DEAL)
    .where("period", "=", period)
    .orderBy("step")
    .execute();
  assert.deepEqual(
    lines.map((line) => [line.operation, line.due_cents, line.paid_cents]),
    run.records.map((record) => [record.operation, record.demand, record.paid]),
  );
}

async function gasOf(key: string): Promise<bigint | null | undefined> {
  return (await findTransaction(context.db, key))?.gas_used;
}

test("without an accepted report nothing is funded or distributed", async () => {
  await assert.rejects(fundCollections(context, at(1)), isProblem("report-not-accepted"));
  await assert.rejects(openDistribution(context, at(1)), isProblem("report-not-accepted"));
});

let first: WaterfallRun;

test("before the payment time there is no distribution, whoever asks", async () => {
  await stage.moveTo(stage.times(1).determination);
  first = await stage.closePeriod(1);
  await stage.approve(1);
  await publishReport(context, at(1));
  await assert.rejects(openDistribution(context, at(1)), isProblem("payment-not-due"));
});

test("[R1] without the cash there is no distribution: it says what is held and what is needed", async () => {
  await stage.moveTo(stage.times(1).payment);
  await assert.rejects(openDistribution(context, at(1)), (error) => {
    assert.ok(error instanceof Problem && error.code === "collections-short");
    // 3,171.87 of principal and 2,547.75 of interest.
    assert.deepEqual([error.extra["have"], error.extra["need"]], ["0", "571962"]);
    return true;
  });
  assert.equal((await ledger()).lastPeriod, 0);
});

test("the servicer's wallet funds what is missing, to the cent and once", async () => {
  const { servicer } = stage.server.users;
  const url = `/v1/deals/${DEAL}/periods/2017-10/funding`;
  const part = await stage.server.request(servicer, {
    method: "POST",
    url,
    payload: { amount: "1000.00" },
  });
  assert.equal(part.statusCode, 201, part.body);
  assert.equal(part.json().funded, "1000.00");
  const rest = await stage.server.request(servicer, { method: "POST", url, payload: {} });
  assert.equal(rest.statusCode, 201, rest.body);
  assert.equal(rest.json().funded, "4719.62");
  const again = await stage.server.request(servicer, { method: "POST", url, payload: {} });
  assert.equal(again.statusCode, 200);
  assert.equal(again.json().funded, "0.00");
  assert.equal((await ledger()).collections, 571_962n);
});

test("the run on chain is the TypeScript engine's, word for word, and runs once", async () => {
  const { servicer } = stage.server.users;
  const url = `/v1/deals/${DEAL}/periods/2017-10/distribution`;
  const ran = await stage.server.request(servicer, { method: "POST", url });
  assert.equal(ran.statusCode, 201, ran.body);
  assert.equal(ran.json().resultHash, first.resultHash);
  await assertEquals(1, first);
  const again = await stage.server.request(servicer, { method: "POST", url });
  assert.equal(again.statusCode, 200);
  assert.deepEqual(again.json(), ran.json());
  assert.equal(await countEvents("WaterfallRun"), 1);
  assert.equal(await countEvents("ResultMismatch"), 0);
  await assert.rejects(fundCollections(context, at(1)), isProblem("period-not-next"));
});

test("a second period follows the first", async () => {
  const run = await bringToPayment(2);
  await assert.rejects(openDistribution(context, at(3)), isProblem("report-not-accepted"));
  await fundCollections(context, at(2));
  await openDistribution(context, at(2));
  await assertEquals(2, run);
  console.log(
    `gas: publish ${await gasOf(`publish:${DEAL}:2:1.1`)}, ` +
      `fund ${await gasOf(`fund:${DEAL}:2:466931`)}, ` +
      `distribute period 1 ${await gasOf(`distribute:${DEAL}:1`)}, ` +
      `period 2 ${await gasOf(`distribute:${DEAL}:2`)}`,
  );
});

test("a distributed period that is closed again makes a restatement, which needs its own approval", async () => {
  await stage.moveTo(stage.times(2).payment + 60);
  await stage.closePeriod(2, { figures: { chargeOffs: 1n } });
  await assert.rejects(publishReport(context, at(2)), isProblem("approval-missing"));
  const { report, accepted } = await prepareReport(context, at(2));
  assert.deepEqual([report.version, report.restates, accepted?.used], [2, true, true]);
});

test("the jobs do it all: build, publish, fund and distribute when it is due, and nothing before", async () => {
  const jobs = [
    resumeTransactionsJob,
    watchEventsJob,
    prepareReportJob,
    publishReportJob,
    fundCollectionsJob,
    openDistributionJob,
  ];
  const names = async () => {
    const { ran, failed } = await runDueJobs(context, jobs);
    assert.deepEqual(failed, []);
    return ran.map(({ name }) => name).filter((name) => name !== "watch-events");
  };
  await stage.moveTo(stage.times(3).determination);
  assert.deepEqual(await names(), []);
  await stage.closePeriod(3);
  assert.deepEqual(await names(), ["prepare-report"]);
  await stage.approve(3);
  assert.deepEqual(await names(), ["publish-report"]);
  assert.deepEqual(await names(), []);
  // Closed again: the accepted report is not paid on, its successor is.
  await stage.moveTo(stage.times(3).payment);
  const corrected = await stage.closePeriod(3, { figures: { chargeOffs: 1n } });
  assert.deepEqual(await names(), ["prepare-report"]);
  await stage.approve(3);
  assert.deepEqual(await names(), ["publish-report"]);
  // The successor too can be challenged for a day: nothing is paid, and nothing fails, before.
  await stage.moveTo(stage.times(3).payment + 23 * 3_600);
  assert.deepEqual(await names(), []);
  await stage.moveTo(stage.times(3).payment + 25 * 3_600);
  assert.deepEqual(await names(), ["fund-collections", "open-distribution"]);
  assert.deepEqual(await names(), []);
  await assertEquals(3, corrected);
});

test("a wallet that is short is told so; nothing is approved or funded", async () => {
  await bringToPayment(4);
  const { chain } = context;
  const sender = { signer: chain.servicer, mine: chain.mine };
  const cash = await contractAt(sender, "MockStablecoin", chain.deployment.cashToken ?? "");
  const servicer = await chain.servicer.getAddress();
  const balance = (await cash.getFunction("balanceOf")(servicer)) as bigint;
  await send(sender, cash, "transfer", [stage.trustee.wallet.address, balance]);
  await assert.rejects(fundCollections(context, at(4)), isProblem("wallet-short"));
  const back = { signer: stage.trustee.wallet, mine: chain.mine };
  const theirs = await contractAt(back, "MockStablecoin", chain.deployment.cashToken ?? "");
  await send(back, theirs, "transfer", [servicer, balance]);
  assert.equal((await ledger()).collections, 0n);
});

test("with the node down nothing is sent; with the node up the distribution runs", async () => {
  const provider = openProvider("http://127.0.0.1:9", context.chain.chainId);
  const down: Context = { ...context, chain: { ...context.chain, provider } };
  await assert.rejects(fundCollections(down, at(4)), isProblem("chain-unreachable"));
  await fundCollections(context, at(4));
  await assert.rejects(openDistribution(down, at(4)), isProblem("chain-unreachable"));
  provider.destroy();
  const { created } = await openDistribution(context, at(4));
  assert.equal(created, true);
});

test("a distribution that somebody else ran is read back like our own", async () => {
  const run = await bringToPayment(5);
  await fundCollections(context, at(5));
  const { chain, db } = context;
  const report = await db
    .selectFrom("reports")
    .select("message")
    .where("period", "=", 5)
    .executeTakeFirstOrThrow();
  const anyone = { signer: stage.trustee.wallet, mine: chain.mine };
  const distributor = await contractAt(
    anyone,
    "WaterfallDistributor",
    chain.deployment.waterfallDistributor,
  );
  await send(anyone, distributor, "distribute", [messageFromRow(report.message)]);
  const { created } = await openDistribution(context, at(5));
  assert.equal(created, false);
  await assertEquals(5, run);
});

const DEATHS = [
  { when: "before", method: "eth_estimateGas", line: "after deciding, before signing" },
  { when: "before", method: "eth_sendRawTransaction", line: "after storing the signed bytes" },
  { when: "after", method: "eth_sendRawTransaction", line: "after sending" },
  { when: "after", method: "eth_getTransactionReceipt", line: "before settling" },
] as const;

for (const [i, { when, method, line }] of DEATHS.entries()) {
  const period = 6 + i;
  test(`[R6] funding and distribution killed ${line} go on after a restart, once`, async () => {
    const run = await bringToPayment(period);
    const fundings = await countEvents("CollectionsFunded");
    // The first process dies in the approval, the second in the funding itself.
    for (const kind of ["approve", "fund"]) {
      await runToDeath(stage.server, { step: "fund", when, method, ...at(period) });
      const [open] = await listOpenTransactions(context.db);
      assert.equal(open?.kind, kind);
      assert.equal((await resumeTransactions(context)).length, 1);
      await watchEvents(context);
    }
    await fundCollections(context, at(period));
    assert.equal(await countEvents("CollectionsFunded"), fundings + 1);

    await runToDeath(stage.server, { step: "distribute", when, method, ...at(period) });
    await resumeTransactions(context);
    await openDistribution(context, at(period));
    await assertEquals(period, run);
    assert.equal(await countEvents("WaterfallRun"), period);
    assert.equal((await ledger()).collections, 0n);
  });
}

test("the servicer's wallet pays no figures that are not the server's own, whoever signed them", async () => {
  const period = 10;
  await stage.moveTo(stage.times(period).determination);
  await stage.closePeriod(period);
  const report = await stage.approve(period);
  const { chain } = context;
  const own = messageFromRow(report.message);
  // Two attesters agree outside the server on the same close with twice the cash, as interest.
  const [funds = 0n, , interest = 0n] = own.figures.slice(3);
  const figures = own.figures.with(3, 2n * funds).with(5, interest + funds);
  const foreign = { ...own, figures };
  const domain = { chainId: chain.chainId, registry: chain.deployment.reportRegistry };
  const wallets = [stage.approver.wallet, stage.trustee.wallet].toSorted((a, b) =>
    BigInt(a.address) < BigInt(b.address) ? -1 : 1,
  );
  const signatures = await Promise.all(
    wallets.map((wallet) => wallet.signTypedData(reportDomain(domain), REPORT_TYPES, foreign)),
  );
  const sender = { signer: stage.trustee.wallet, mine: chain.mine };
  const registry = await contractAt(sender, "ReportRegistry", chain.deployment.reportRegistry);
  const signers = wallets.map(({ address }) => address);
  await send(sender, registry, "publishReport", [foreign, signers, signatures]);
  await stage.moveTo(stage.times(period).payment);
  await watchEvents(context);
  const { ran, failed } = await runDueJobs(context, [fundCollectionsJob]);
  assert.deepEqual([ran, failed], [[], []]);
  assert.equal((await ledger()).collections, 0n);
});
