import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { watchEvents } from "../../../server/chain/watch-events.ts";
import { listHoldings } from "../../../server/claims/claim-queries.ts";
import { readDealRecord } from "../../../server/chain/read-deal-record.ts";
import { reconcilePeriod } from "../../../server/history/reconcile-period.ts";
import { replayDeal } from "../../../server/history/replay-deal.ts";
import { recordClaims, recordClaimsJob } from "../../../server/claims/record-claims.ts";
import type { TestUser } from "../start-test-server.ts";
import { present } from "../history/present.ts";
import { payPeriod, startPaidDeal, type PaidDeal } from "../history/paid-deal.ts";
import { DEAL } from "../tapes/amcar-2017-4.ts";

interface Item {
  class: string;
  holder: string;
  face: string;
  principal: string;
}
interface Owed {
  class: string;
  interest: { units: string; amount: string };
  principal: { units: string };
}
interface Paid {
  class: string;
  holder: string;
  interest: { units: string; amount: string };
  transaction: string;
}

let deal: PaidDeal;
before(async () => {
  deal = await startPaidDeal();
  await payPeriod(deal, 1);
});
after(() => deal.server.close());

async function get(user: TestUser, path: string) {
  return await deal.server.request(user, { url: `/v1/deals/${DEAL}${path}` });
}
async function post(user: TestUser, payload: object, headers: Record<string, string> = {}) {
  const url = `/v1/deals/${DEAL}/claims`;
  return await deal.server.request(user, { method: "POST", url, payload, headers });
}
async function settle(): Promise<void> {
  await watchEvents(deal.server.context);
  await recordClaims(deal.server.context);
}
async function owed(investor: PaidDeal["seller"], classId: string): Promise<Owed> {
  const answer = await get(investor, `/entitlements/${investor.wallet.address}`);
  assert.equal(answer.statusCode, 200, answer.body);
  const { items } = answer.json<{ items: Owed[] }>();
  return present(items.find((item) => item.class === classId));
}

/** floor((573.33 in units << 24) / supply) * face >> 24: what the record-date face earns of A. */
function interestOfA(face: bigint): string {
  return ((((573_330_000n << 24n) / 17_200_000n) * face) >> 24n).toString();
}

describe("holdings", () => {
  it("are the mints and the trade, class by class, with what is outstanding", async () => {
    const { items } = (await get(deal.server.users.auditor, "/holdings")).json<{ items: Item[] }>();
    const held = items.map((item) => `${item.class} ${item.holder} ${item.face}`);
    const { seller, buyer } = deal;
    const expected = [
      `A ${seller.wallet.address} 90000.00`,
      `A ${buyer.wallet.address} 82000.00`,
      `B ${seller.wallet.address} 31000.00`,
      `C ${seller.wallet.address} 27000.00`,
    ];
    assert.deepEqual(new Set(held), new Set(expected));
    assert.ok(
      items.every(({ face, principal }) => face === principal),
      "nothing is repaid yet",
    );
  });

  it("come page by page, each once", async () => {
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const path: string = `/holdings?limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const page: { items: Item[]; next: string | null } = (
        await get(deal.server.users.auditor, path)
      ).json();
      assert.equal(page.items.length, 1);
      seen.push(`${page.items[0]?.class} ${page.items[0]?.holder}`);
      cursor = page.next;
    }
    assert.equal(new Set(seen).size, 4);
    const wrong = await get(deal.server.users.auditor, "/holdings?cursor=nonsense");
    assert.equal(wrong.statusCode, 400);
    assert.equal(wrong.json().code, "cursor-invalid");
  });

  it("show an investor their own wallet and no other", async () => {
    const own = (await get(deal.buyer, "/holdings")).json<{ items: Item[] }>();
    assert.deepEqual(
      own.items.map(({ holder }) => holder),
      [deal.buyer.wallet.address],
    );
    const other = await get(deal.buyer, `/holdings?holder=${deal.seller.wallet.address}`);
    assert.equal(other.statusCode, 403);
    assert.equal(other.json().code, "holder-forbidden");
    const walletless = await get(deal.server.users.investor, "/holdings");
    assert.equal(walletless.json().code, "address-missing");
  });

  it("paste into a sheet", async () => {
    const csv = await get(deal.server.users.auditor, "/holdings?format=csv");
    assert.match(String(csv.headers["content-type"]), /^text\/csv/);
    const lines = csv.body.trimEnd().split("\r\n");
    assert.equal(lines[0], "class,holder,face,principal");
    assert.equal(lines.length, 5);
  });
});

describe("entitlements", () => {
  it("belong to whoever held at the record time, though the note was sold before payment", async () => {
    assert.equal((await owed(deal.seller, "A")).interest.units, interestOfA(10_000_000n));
    assert.equal((await owed(deal.buyer, "A")).interest.units, interestOfA(7_200_000n));
  });

  it("of another are not shown to an investor", async () => {
    const answer = await get(deal.buyer, `/entitlements/${deal.seller.wallet.address}`);
    assert.equal(answer.statusCode, 403);
    assert.equal(answer.json().code, "holder-forbidden");
    const auditor = await get(
      deal.server.users.auditor,
      `/entitlements/${deal.seller.wallet.address}`,
    );
    assert.equal(auditor.statusCode, 200);
    const malformed = await get(deal.server.users.auditor, "/entitlements/0x12");
    assert.equal(malformed.json().code, "address-invalid");
  });
});

describe("claims", () => {
  it("are signed by the investor's own wallet and paid to it", async () => {
    const owing = await owed(deal.seller, "A");
    const unsigned = await post(deal.seller, { class: "A" });
    assert.equal(unsigned.statusCode, 200, unsigned.body);
    const { to, data, chainId } = unsigned.json<{ to: string; data: string; chainId: number }>();
    assert.equal(chainId, 31_337);
    const { status, hash } = await deal.send(deal.seller.wallet, { to, data });
    assert.equal(status, 1);
    await settle();
    const { items } = (await get(deal.seller, "/claims")).json<{ items: Paid[] }>();
    assert.deepEqual(
      items.map((item) => [item.class, item.holder, item.interest.units, item.transaction]),
      [["A", deal.seller.wallet.address, owing.interest.units, hash]],
    );
    assert.equal((await owed(deal.seller, "A")).interest.units, "0");
  });

  it("are relayed once for one idempotency key, and pay the holder", async () => {
    const body = { class: "A", relay: true };
    const first = await post(deal.buyer, body, { "idempotency-key": "november" });
    assert.equal(first.statusCode, 201, first.body);
    const again = await post(deal.buyer, body, { "idempotency-key": "november" });
    assert.equal(again.statusCode, 200);
    assert.deepEqual(again.json(), first.json());
    await settle();
    const { items } = (await get(deal.buyer, "/claims")).json<{ items: Paid[] }>();
    assert.deepEqual(
      items.map((item) => [item.holder, item.interest.units]),
      [[deal.buyer.wallet.address, interestOfA(7_200_000n)]],
    );
  });

  it("without a key of the caller's are relayed once for one funded period", async () => {
    const first = await post(deal.seller, { class: "B", relay: true });
    assert.equal(first.statusCode, 201, first.body);
    const again = await post(deal.seller, { class: "B", relay: true });
    assert.equal(again.statusCode, 200);
    assert.deepEqual(again.json(), first.json());
    await settle();
  });

  it("of nothing, of an unknown class, for another or by the wrong role are refused", async () => {
    const cases = [
      [deal.buyer, { class: "C", relay: true }, 409, "nothing-owed"],
      [deal.buyer, { class: "Z" }, 404, "class-unknown"],
      [deal.buyer, { class: "A", holder: deal.seller.wallet.address }, 403, "holder-forbidden"],
      [deal.server.users.auditor, { class: "A" }, 403, "role-forbidden"],
      [deal.server.users.servicer, { class: "A" }, 422, "holder-missing"],
    ] as const;
    for (const [user, body, status, code] of cases) {
      const answer = await post(user, body);
      assert.deepEqual([answer.statusCode, answer.json().code], [status, code]);
    }
  });

  it("are listed newest first over several pages, and paste into a sheet", async () => {
    const all = (await get(deal.server.users.auditor, "/claims")).json<{ items: Paid[] }>().items;
    assert.equal(all.length, 3);
    const seen: Paid[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const path: string = `/claims?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const page: { items: Paid[]; next: string | null } = (
        await get(deal.server.users.auditor, path)
      ).json();
      seen.push(...page.items);
      cursor = page.next;
    }
    assert.deepEqual(seen, all);
    const csv = await get(deal.server.users.auditor, "/claims?format=csv");
    assert.equal(csv.body.trimEnd().split("\r\n").length, 4);
  });
});

describe("recording", () => {
  it("changes nothing when everything is recorded", async () => {
    const { context } = deal.server;
    assert.deepEqual(await recordClaimsJob.due(context), []);
    assert.deepEqual(await recordClaims(context), { claims: 0, transfers: 0 });
  });

  it("takes back what a re-org took away, and takes it over again when it returns", async () => {
    const { context } = deal.server;
    const { db } = context;
    const held = await listHoldings(db, DEAL);
    const gone = await db
      .deleteFrom("chain_events")

      .where("name", "=", "Claimed")
      .returningAll()
      .execute();
    const trade = await db
      .deleteFrom("chain_events")
      .where("name", "=", "Transfer")
      .where("block_number", "=", await blockOfTrade())
      .returningAll()
      .execute();
    assert.equal(trade.length, 1);
    assert.equal((await recordClaimsJob.due(context)).length, 1);
    await recordClaims(context);
    assert.deepEqual(await db.selectFrom("claims").selectAll().execute(), []);
    const faces = (await listHoldings(db, DEAL)).map(({ face_cents }) => face_cents);
    assert.deepEqual(faces.map(String).toSorted(), ["10000000", "2700000", "3100000", "7200000"]);
    for (const event of [...trade, ...gone]) {
      await db
        .insertInto("chain_events")
        .values({ ...event, args: JSON.stringify(event.args) })
        .execute();
    }
    await recordClaims(context);
    assert.deepEqual(await listHoldings(db, DEAL), held);
    assert.equal((await db.selectFrom("claims").selectAll().execute()).length, 3);
    assert.deepEqual(await recordClaimsJob.due(context), []);
  });
});

/** The last Transfer is the trade after record time 1. */
async function blockOfTrade(): Promise<bigint> {
  const { block } = await deal.server.context.db
    .selectFrom("chain_events")
    .select(({ fn }) => fn.max("block_number").as("block"))
    .where("name", "=", "Transfer")
    .executeTakeFirstOrThrow();
  return block;
}

describe("the books after claims, and after a run that missed its window", () => {
  async function differences(period: number): Promise<unknown[]> {
    const { context } = deal.server;
    await settle();
    const { differences: found } = await reconcilePeriod(context, DEAL, period);
    const replay = replayDeal(await readDealRecord(context.chain.provider, { dealId: 1n }));
    const again = replay.periods.flatMap((replayed) => replayed.differences);
    return [...found, ...again, ...replay.books.differences];
  }

  it("agree after claims by wallet and by relay", async () => {
    assert.deepEqual(await differences(1), []);
  });

  it("agree while a late run's amounts wait in the carry", async () => {
    await payPeriod(deal, 2, { late: true });
    assert.deepEqual(await differences(2), []);
    assert.equal((await owed(deal.buyer, "A")).interest.units, "0");
  });

  it("agree when the next run in its window pays the carry to that date's holders", async () => {
    await payPeriod(deal, 3);
    assert.deepEqual(await differences(3), []);
    assert.notEqual((await owed(deal.buyer, "A")).interest.units, "0");
  });
});
