/**
 * `node server/main.ts` over a data folder, killed in the middle of its steps and started again. The
 * deal is the golden one with dates around now, so that real time and the real schedule apply.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { TypedDataDomain, TypedDataField } from "ethers";
import { sql } from "kysely";
import { openApiClient, type ApiClient } from "../../scripts/demo/api-client.ts";
import { embeddedAccount } from "../../server/chain/connect-chain.ts";
import type { DealEvent } from "../../server/chain/deal-record.ts";
import { readDealRecord } from "../../server/chain/read-deal-record.ts";
import { describeProcess } from "../../server/db/process-control.ts";
import type { DescribedClaim } from "../../server/claims/describe-claims.ts";
import type { UnsignedClaim } from "../../server/claims/request-claim.ts";
import type { DealReconciliation } from "../../server/history/read-reconciliation.ts";
import { replayDeal } from "../../server/history/replay-deal.ts";
import { deriveDeal, type DerivedDeal } from "./derive-deal.ts";
import { prepareFolder, type PreparedFolder } from "./prepare-folder.ts";
import {
  BY_HAND,
  EVERY_SECOND,
  runService,
  withChildren,
  type RunningService,
} from "./server-process.ts";

const APPROVER_ACCOUNT = 2;
const SERVICER_ACCOUNT = 0;
/** Of the demo's cast: the initial purchaser. */
const HOLDER_ACCOUNT = 6;
const PATIENCE_MS = 60_000;
/** An intent is written; its signed bytes are stored. Neither says whether it was sent. */
type Moment = "intended" | "signed";

interface ReportToSign {
  typedData: {
    domain: TypedDataDomain;
    types: Record<string, TypedDataField[]>;
    message: Record<string, unknown>;
  };
}

describe("the service, killed and started again", () => {
  let root: string;
  let deal: DerivedDeal;
  let prepared: PreparedFolder;
  let service: RunningService;

  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), "penstock-killed-"));
    deal = await deriveDeal(new Date());
    prepared = await prepareFolder(root, deal);
    service = await runService(prepared.folder, BY_HAND);
  });
  after(async () => {
    await service.end("SIGTERM").catch(() => undefined);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  const as = (role: keyof PreparedFolder["keys"]): ApiClient =>
    openApiClient(service.url, prepared.keys[role]);
  const ofPeriod = (rest: string): string => `/deals/${deal.id}/periods/${deal.month}/${rest}`;

  /** SIGKILL, then a new start on the same folder: what the dead server left running is stopped. */
  async function killAndRestart(cron = BY_HAND): Promise<void> {
    const [, ...leftovers] = service.processes;
    await service.end("SIGKILL");
    for (const pid of leftovers) {
      assert.notEqual(await describeProcess(pid), null, "database and node outlive the kill");
    }
    service = await runService(prepared.folder, cron);
    for (const pid of leftovers) assert.equal(await describeProcess(pid), null);
    assert.equal((await fetch(`${service.url}/health`)).status, 200);
  }

  /** Asks for a step and kills the server as soon as its transaction has come to `moment`. */
  async function killDuring(
    test: TestContext,
    step: { path: string; kind: string; moment: Moment; cron?: string },
  ): Promise<void> {
    const asked = as("servicer")
      .post(step.path)
      .then(
        () => "answered",
        () => "cut off",
      );
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const row = await findTransaction(step.kind);
      if (row !== undefined && (step.moment === "intended" || row.raw !== null)) break;
      if (Date.now() > deadline) assert.fail(`${step.kind} was never ${step.moment}`);
    }
    await killAndRestart(step.cron);
    test.diagnostic(`${step.kind} killed when ${step.moment}: the request was ${await asked}`);
  }

  async function findTransaction(kind: string) {
    return await service.db
      .selectFrom("chain_transactions")
      .select(["status", "raw"])
      .where("kind", "=", kind)
      .where("deal_id", "=", deal.id)
      .executeTakeFirst();
  }

  async function eventsOf(name: DealEvent["name"]): Promise<DealEvent[]> {
    const record = await readDealRecord(service.provider, { dealId: prepared.chainDealId });
    return record.events.filter((event) => event.name === name);
  }

  /** How many transactions of the server's wallet the chain holds. */
  async function servicerNonce(): Promise<number> {
    return await embeddedAccount(SERVICER_ACCOUNT, service.provider).getNonce();
  }

  async function countTransactions(kind: string): Promise<number> {
    const rows = await service.db
      .selectFrom("chain_transactions")
      .select("id")
      .where("kind", "=", kind)
      .where("deal_id", "=", deal.id)
      .execute();
    return rows.length;
  }

  async function countRows(period: number): Promise<Record<string, number>> {
    const { rows } = await sql<Record<string, number>>`
      with the_deal as (select key from deals where id = ${deal.id}),
        the_tapes as (select id from tapes where deal_id = ${deal.id} and period = ${period})
      select (select count(*) from the_tapes)::int as tapes,
        (select count(*) from tape_problems where tape_id in (select id from the_tapes))::int
          as tape_problems,
        (select count(*) from loan_months where deal_key = (select key from the_deal)
          and period = ${period})::int as loan_months,
        (select count(*) from tape_tree_nodes where deal_key = (select key from the_deal)
          and period = ${period})::int as tape_tree_nodes,
        (select count(*) from pg_class where relkind = 'r' and relname
          like 'loan\_months\_' || (select key from the_deal) || '\_' || ${period}::text || '\_%')::int
          as tables
    `.execute(service.db);
    const [counts] = rows;
    if (counts === undefined) throw new Error("counts without a row");
    return counts;
  }

  async function upload(month: string): Promise<{ id: string }> {
    const file = { bytes: await deal.tape(month), type: "application/xml" };
    return await as("servicer").upload(`/deals/${deal.id}/tapes?period=${month}`, file);
  }

  /** Sends the head of a tape, and leaves the server waiting for the rest. */
  async function sendHalf(month: string): Promise<http.ClientRequest> {
    const bytes = await deal.tape(month);
    const target = new URL(`${service.url}/v1/deals/${deal.id}/tapes?period=${month}`);
    const request = http.request(target, {
      method: "POST",
      headers: {
        authorization: `Bearer ${prepared.keys.servicer}`,
        "content-type": "application/xml",
        "content-length": bytes.length,
      },
    });
    request.on("error", () => undefined);
    request.write(bytes.subarray(0, bytes.length / 2));
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from pg_stat_activity
        where application_name = 'penstock' and query like 'copy loan_months%'`.execute(service.db);
      if ((rows[0]?.n ?? 0) > 0) break;
      if (Date.now() > deadline) assert.fail("the upload never began");
      await sleep(10);
    }
    return request;
  }

  it("in the middle of an upload: nothing is stored of it, and the same upload works again, once", async () => {
    const cutOff = await upload(deal.cutOffMonth);
    const problems = `/deals/${deal.id}/tapes/${cutOff.id}/problems`;
    const { items } = await as("servicer").get<{ items: { ordinal: number; severity: string }[] }>(
      problems,
    );
    for (const { ordinal } of items.filter(({ severity }) => severity === "reason")) {
      const reason = "Confirmed with the originator";
      await as("servicer").post(`${problems}/${ordinal}/acceptance`, { reason });
    }
    const before = await countRows(0);
    const request = await sendHalf(deal.month);
    await killAndRestart();
    request.destroy();
    const nothing = { tapes: 0, tape_problems: 0, loan_months: 0, tape_tree_nodes: 0, tables: 0 };
    assert.deepEqual(await countRows(1), nothing);
    assert.deepEqual(await countRows(0), before, "the tape before is untouched");
    const tape = await upload(deal.month);
    const stored = await countRows(1);
    assert.equal(stored["tapes"], 1);
    assert.equal(stored["loan_months"], 12);
    assert.equal((await upload(deal.month)).id, tape.id);
    assert.deepEqual(await countRows(1), stored);
  });

  it("in the middle of a publication, twice: the same request goes on, and the report is there once", async (test) => {
    await as("servicer").post(ofPeriod("close"));
    await as("servicer").post(ofPeriod("report"));
    const { typedData } = await as("approver").get<ReportToSign>(ofPeriod("report"));
    const { EIP712Domain: _implied, ...types } = typedData.types;
    const wallet = embeddedAccount(APPROVER_ACCOUNT, service.provider);
    const signature = await wallet.signTypedData(typedData.domain, types, typedData.message);
    await as("approver").post(ofPeriod("report/signatures"), { signature });
    const nonce = await servicerNonce();
    const publication = { path: ofPeriod("report/publication"), kind: "publish-report" };
    await killDuring(test, { ...publication, moment: "intended" });
    await killDuring(test, { ...publication, moment: "signed" });
    await as("servicer").post(publication.path);
    await as("servicer").post(publication.path);
    assert.equal((await eventsOf("ReportPublished")).length, 1);
    assert.equal(await countTransactions("publish-report"), 1);
    assert.equal(await servicerNonce(), nonce + 1);
  });

  it("in the middle of a funding: the cash of the period comes in once", async (test) => {
    const nonce = await servicerNonce();
    const funding = { path: ofPeriod("funding"), kind: "fund" };
    await killDuring(test, { ...funding, kind: "approve", moment: "signed" });
    await killDuring(test, { ...funding, moment: "signed" });
    await as("servicer").post(funding.path);
    await as("servicer").post(funding.path);
    const funded = await eventsOf("CollectionsFunded");
    assert.equal(funded.length, 1);
    assert.equal(await countTransactions("fund"), 1);
    assert.equal(await servicerNonce(), nonce + 2, "an approval and a funding");
  });

  it("in the middle of a distribution, twice: the schedule goes on by itself, and it ran once", async (test) => {
    const nonce = await servicerNonce();
    const distribution = { path: ofPeriod("distribution"), kind: "distribute" };
    await killDuring(test, { ...distribution, moment: "intended" });
    await killDuring(test, { ...distribution, moment: "signed", cron: EVERY_SECOND });
    const books = await untilReconciled();
    assert.equal(books.agrees, true);
    assert.equal(books.periods.length, 1);
    await as("servicer").post(distribution.path);
    assert.equal((await eventsOf("WaterfallRun")).length, 1);
    assert.equal(await countTransactions("distribute"), 1);
    assert.equal(await servicerNonce(), nonce + 1);
    const sent = service.db
      .selectFrom("chain_transactions")
      .select(["kind", "status"])
      .orderBy("id");
    assert.deepEqual(await sent.execute(), [
      { kind: "publish-report", status: "mined" },
      { kind: "approve", status: "mined" },
      { kind: "fund", status: "mined" },
      { kind: "distribute", status: "mined" },
    ]);
    const record = await readDealRecord(service.provider, { dealId: prepared.chainDealId });
    assert.equal(replayDeal(record).differenceCount, 0);
    const [row] = await service.db.selectFrom("distributions").select("result_hash").execute();
    const ran = record.events.find((event) => event.name === "WaterfallRun");
    assert.equal(row?.result_hash, ran?.name === "WaterfallRun" ? ran.resultHash : "");
  });

  /** Waits until the schedule has compared the books of the period. */
  async function untilReconciled(): Promise<DealReconciliation> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const path = `/deals/${deal.id}/reconciliation`;
      const books = await as("auditor").get<DealReconciliation>(path);
      if (books.periods.length > 0) return books;
      if (Date.now() > deadline) assert.fail("the schedule did not come to the reconciliation");
      await sleep(200);
    }
  }

  it("a restart by SIGTERM keeps deal, tapes, history and the chain", async () => {
    const state = async () => ({
      deals: await as("administrator").get("/deals"),
      tapes: await as("auditor").get(`/deals/${deal.id}/tapes`),
      history: await as("auditor").get(`/deals/${deal.id}/history`),
    });
    const kept = await state();
    const height = await service.provider.getBlockNumber();
    const head = await service.provider.getBlock(height);
    const left = await withChildren(service.processes);
    assert.deepEqual(await service.end("SIGTERM"), [0, null]);
    for (const pid of left) assert.equal(await describeProcess(pid), null);
    service = await runService(prepared.folder, EVERY_SECOND);
    assert.deepEqual(await state(), kept);
    assert.ok((await service.provider.getBlockNumber()) >= height);
    assert.equal((await service.provider.getBlock(height))?.hash, head?.hash);
    const books = await as("auditor").get<DealReconciliation>(`/deals/${deal.id}/reconciliation`);
    assert.equal(books.agrees, true);
  });

  it("node-cron fires by itself: a claim made past the server is read back and booked", async () => {
    const holder = embeddedAccount(HOLDER_ACCOUNT, service.provider);
    const claims = `/deals/${deal.id}/claims`;
    const request = { class: "A", holder: holder.address };
    const unsigned = await as("administrator").post<UnsignedClaim>(claims, request);
    const sent = await holder.sendTransaction(unsigned);
    assert.equal((await sent.wait())?.status, 1);
    const deadline = Date.now() + PATIENCE_MS;
    let booked: { items: DescribedClaim[] } = { items: [] };
    while (booked.items.length === 0) {
      if (Date.now() > deadline) assert.fail("nobody read the claim");
      await sleep(200);
      booked = await as("auditor").get(claims);
    }
    const [claim] = booked.items;
    assert.equal(booked.items.length, 1);
    assert.equal(claim?.transaction, sent.hash);
    assert.equal(claim?.holder, holder.address);
    // Class A is paid 573.33 for its first period; 100,000 of its 172,000 are this holder's. The
    // token keeps 24 binary digits of a unit per cent of face and rounds down.
    const due = (573_330_000n * 100_000n) / 172_000n;
    assert.ok([0n, 1n].includes(due - BigInt(claim?.interest.units ?? 0)));
    const books = await as("auditor").get<DealReconciliation>(`/deals/${deal.id}/reconciliation`);
    assert.equal(books.agrees, true);
  });

  it("SIGINT leaves no process running", async () => {
    const left = await withChildren(service.processes);
    assert.ok(left.length > service.processes.length, "PostgreSQL has processes of its own");
    assert.deepEqual(await service.end("SIGINT"), [0, null]);
    for (const pid of left) assert.equal(await describeProcess(pid), null, `process ${pid}`);
  });
});
