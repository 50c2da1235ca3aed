import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { publishReport } from "../../../server/chain/publish-report.ts";
import { sendIntended } from "../../../server/chain/send-transaction.ts";
import { findTransaction, insertIntent } from "../../../server/chain/transaction-queries.ts";
import { watchEvents } from "../../../server/chain/watch-events.ts";
import type { Context } from "../../../server/context.ts";
import { fundCollections } from "../../../server/distributions/fund-collections.ts";
import { openDistribution } from "../../../server/distributions/open-distribution.ts";
import { DEAL, startDealStage, withoutWindow, type DealStage } from "../reports/deal-stage.ts";
import { resumeTransactions } from "./resume-transactions.ts";

let stage: DealStage;
let context: Context;
const KEY = { dealId: DEAL, period: 1 };

before(async () => {
  stage = await startDealStage({ edit: withoutWindow });
  context = stage.server.context;
});
after(() => stage?.server.close());

function rpc(method: string, params: unknown[] = []): Promise<unknown> {
  return context.chain.provider.send(method, params) as Promise<unknown>;
}

function listEvents() {
  return context.db
    .selectFrom("chain_events")
    .selectAll()
    .orderBy("block_number")
    .orderBy("log_index")
    .execute();
}

async function namesOf(deal: string | null): Promise<string[]> {
  const events = await listEvents();
  return events.filter((event) => event.deal_id === deal).map((event) => event.name);
}

async function bringToDistribution(): Promise<void> {
  await stage.moveTo(stage.times(1).determination);
  await stage.closePeriod(1);
  await stage.approve(1);
  await publishReport(context, KEY);
  await stage.moveTo(stage.times(1).payment);
  await fundCollections(context, KEY);
}

test("every event of the deal is stored with its deal, also those of its class tokens", async () => {
  const names = await namesOf(DEAL);
  for (const name of ["DealCreated", "AttestersSet", "DealOpened", "DealClosed"]) {
    assert.ok(names.includes(name), `${name} of ${names.join(", ")}`);
  }
  const issued = (await listEvents()).filter(({ name }) => name === "Transfer");
  assert.deepEqual(
    issued.map(({ deal_id, args }) => [deal_id, args["value"]]),
    [
      [DEAL, "17200000"],
      [DEAL, "3100000"],
      [DEAL, "2700000"],
    ],
  );
  const unknown = (await listEvents()).filter(({ name }) => name === "Unknown");
  assert.deepEqual(unknown, []);
});

test("reading again changes nothing, nor do two processes that read at once", async () => {
  const stored = await listEvents();
  const other = await stage.server.openSecondContext();
  await Promise.all([watchEvents(context), watchEvents(other), watchEvents(context)]);
  assert.deepEqual(await listEvents(), stored);
});

test("from an empty table two processes at once store every event once", async () => {
  const stored = await listEvents();
  await context.db.deleteFrom("chain_events").execute();
  await context.db.deleteFrom("chain_blocks").execute();
  const other = await stage.server.openSecondContext();
  await Promise.all([watchEvents(other), watchEvents(context)]);
  assert.deepEqual(await listEvents(), stored);
});

test("a deal that comes after its events is found on chain by its terms, and they are named", async () => {
  const readPlace = () =>
    context.db
      .selectFrom("deals")
      .select(["chain_deal_id", "code_address", "terms_hash"])
      .executeTakeFirstOrThrow();
  const place = await readPlace();
  const set = (where: Partial<typeof place>) =>
    context.db.updateTable("deals").set(where).execute();
  const stored = await listEvents();
  await context.db.deleteFrom("chain_events").execute();
  await context.db.deleteFrom("chain_blocks").execute();
  await set({ chain_deal_id: null, code_address: null, terms_hash: `0x${"00".repeat(32)}` });
  await watchEvents(context);
  assert.deepEqual(await namesOf(DEAL), []);
  await set({ terms_hash: place.terms_hash });
  await context.chain.mine?.();
  await watchEvents(context);
  assert.deepEqual(await listEvents(), stored);
  const found = await readPlace();
  assert.equal(found.chain_deal_id, place.chain_deal_id);
  assert.equal(found.code_address?.toLowerCase(), place.code_address?.toLowerCase());
});

test("a re-org takes back the run, its lines and our settlement; the same bytes bring it back", async () => {
  await bringToDistribution();
  const stored = await listEvents();
  const { distribution } = await openDistribution(context, KEY);
  const settled = await findTransaction(context.db, `distribute:${DEAL}:1`);
  // One block deep: the run is dropped from the chain and from the node's pool.
  await rpc("anvil_reorg", [1, []]);
  const watched = await watchEvents(context);
  assert.equal(watched.rolledBackTo, distribution.block_number - 1n);
  assert.deepEqual(await listEvents(), stored);
  assert.deepEqual(await context.db.selectFrom("waterfall_lines").selectAll().execute(), []);
  assert.equal((await findTransaction(context.db, `distribute:${DEAL}:1`))?.status, "sent");

  assert.deepEqual(await resumeTransactions(context), [`distribute:${DEAL}:1`]);
  await watchEvents(context);
  const again = await openDistribution(context, KEY);
  assert.equal(again.created, false);
  assert.equal(again.distribution.result_hash, distribution.result_hash);
  assert.equal(again.distribution.transaction_hash, settled?.hash);
});

test("a re-org that nobody had read opens the transaction that it removed", async () => {
  const snapshot = await rpc("evm_snapshot");
  const from = await context.chain.servicer.getAddress();
  const data = stage.cash.interface.encodeFunctionData("mint", [from, 1n]);
  const recipient = await stage.cash.getAddress();
  const intent = { key: "mint", kind: "test", dealId: null, period: null, sender: from };
  await context.db
    .transaction()
    .execute((trx) => insertIntent(trx, { ...intent, recipient, data }, context.clock.now()));
  const mined = await sendIntended(context, "mint");
  await rpc("evm_revert", [snapshot]);
  await context.chain.mine?.();
  await context.chain.mine?.();
  await watchEvents(context);
  assert.equal((await findTransaction(context.db, "mint"))?.status, "sent");
  assert.deepEqual(await resumeTransactions(context), ["mint"]);
  assert.equal((await findTransaction(context.db, "mint"))?.hash, mined.hash);
});

test("a deep re-org takes back report, funding and run; all three are sent again in their order", async () => {
  const events = await listEvents();
  const published = events.find(({ name }) => name === "ReportPublished");
  const head = BigInt(String(await rpc("eth_blockNumber")));
  const depth = Number(head - (published?.block_number ?? 0n) + 1n);
  const { timestamp } = (await context.chain.provider.getBlock("latest")) ?? { timestamp: 0 };
  await rpc("anvil_reorg", [depth, []]);
  const { rolledBackTo } = await watchEvents(context);
  assert.ok(rolledBackTo !== undefined && rolledBackTo < (published?.block_number ?? 0n));
  assert.equal((await namesOf(DEAL)).includes("ReportPublished"), false);
  assert.deepEqual(await context.db.selectFrom("distributions").selectAll().execute(), []);
  // The blocks of the new chain are as old as the chain was when it forked.
  await rpc("evm_setNextBlockTimestamp", [timestamp + 60]);
  await context.chain.mine?.();
  const resumed = await resumeTransactions(context);
  assert.equal(resumed[0], `publish:${DEAL}:1:1.1`);
  assert.ok(resumed.includes(`distribute:${DEAL}:1`));
  await watchEvents(context);
  const again = (await listEvents()).map(({ name, args }) => [name, args["resultHash"]]);
  assert.deepEqual(
    again,
    events.map(({ name, args }) => [name, args["resultHash"]]),
  );
});

test("one block for each log and the end of each range are enough to find the fork", async () => {
  const { blocks } = await context.db
    .selectFrom("chain_blocks")
    .select((select) => select.fn.countAll<bigint>().as("blocks"))
    .executeTakeFirstOrThrow();
  const head = BigInt(String(await rpc("eth_blockNumber")));
  assert.ok(blocks < head, `${blocks} of ${head}`);
});
