import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import type { Transaction } from "kysely";
import type { Database } from "../../../server/db/tables.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { AMCAR_DEAL_FILE, amcarTape, insertDeal } from "./amcar-2017-4.ts";
import { openPatch, openRequest, portOf, startUpload, until } from "./send-bytes.ts";
import type { OpenRequest } from "./send-bytes.ts";

const TAPE = Buffer.from(amcarTape("2017-09"));

/** Points of the way at which an upload stands: how much of it has come, and what it waits for. */
const POINTS = [
  { at: "before the first byte", bytes: 0, waitsFor: null },
  { at: "in the header", bytes: 200, waitsFor: null },
  { at: "in the middle of the rows", bytes: 30_000, waitsFor: null },
  { at: "before the last byte", bytes: TAPE.length - 1, waitsFor: null },
  { at: "before the checks of the whole tape", bytes: TAPE.length, waitsFor: "tape lock" },
  { at: "before the tape is stored", bytes: TAPE.length, waitsFor: "tapes" },
  { at: "before it is attached", bytes: TAPE.length, waitsFor: "loan_months" },
] as const;

type Point = (typeof POINTS)[number];

describe("an upload that is cancelled", () => {
  let server: TestServer;
  let port: number;
  let deals = 0;
  before(async () => {
    server = await startTestServer();
    port = await portOf(server.app);
  });
  after(() => server.close());

  async function newDeal(): Promise<string> {
    deals += 1;
    const deal = `amcar-${deals}`;
    await insertDeal(server, AMCAR_DEAL_FILE.replace("id: amcar-2017-4", `id: ${deal}`), deal);
    return deal;
  }

  /** Runs `work` while the upload cannot get past its point; then lets go. */
  async function holding(
    deal: string,
    { waitsFor }: Point,
    work: () => Promise<void>,
  ): Promise<void> {
    if (waitsFor === null) {
      await work();
      return;
    }
    await server.context.db.transaction().execute(async (trx) => {
      await hold(trx, deal, waitsFor);
      await work();
    });
  }

  async function hold(
    trx: Transaction<Database>,
    deal: string,
    what: NonNullable<Point["waitsFor"]>,
  ): Promise<void> {
    const name = `tapes ${deal}`;
    if (what === "tape lock") {
      await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
    } else {
      await sql`lock table ${sql.table(what)} in share update exclusive mode`.execute(trx);
      if (what === "tapes") await sql`lock table tapes in share mode`.execute(trx);
    }
  }

  const waiters = async (): Promise<number> => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'
    `.execute(server.context.db);
    return rows[0]?.count ?? 0;
  };

  /** Sends as far as the point and waits until the server is there. */
  async function reach(point: Point, request: OpenRequest, isThere: () => Promise<boolean>) {
    if (point.bytes > 0) request.write(TAPE.subarray(0, point.bytes));
    if (point.bytes === TAPE.length) request.end();
    const there = async () => (point.waitsFor === null ? await isThere() : (await waiters()) > 0);
    await until(there, point.at);
  }

  async function left(deal: string): Promise<Record<string, number>> {
    const { rows } = await sql<Record<string, number>>`
      select (select count(*) from tapes where deal_id = ${deal})::int as tapes,
        (select count(*) from loan_months join deals on deals.key = deal_key where deals.id = ${deal})::int
          as loans,
        (select count(*) from pg_class where relkind = 'r' and relname ~ '^loan_months_\\d+_\\d+_u')::int as tables,
        (select count(*) from pg_stat_activity
          where datname = current_database() and state like 'idle in transaction%')::int as open
    `.execute(server.context.db);
    return rows[0] ?? {};
  }

  const NOTHING = { tapes: 0, loans: 0, tables: 0, open: 0 };

  async function nothingIsLeft(deal: string): Promise<void> {
    const isGone = async () => JSON.stringify(await left(deal)) === JSON.stringify(NOTHING);
    await until(isGone, `nothing of ${deal}: ${JSON.stringify(await left(deal))}`);
  }

  async function countParts(id: string): Promise<number> {
    const { rows } = await sql<{ parts: number }>`
      select count(*)::int as parts from upload_parts where upload_id = ${id}
    `.execute(server.context.db);
    return rows[0]?.parts ?? 0;
  }

  for (const point of POINTS) {
    it(`${point.at} leaves nothing, neither tape nor bytes`, async () => {
      const deal = await newDeal();
      const url = `/v1/deals/${deal}/uploads`;
      const id = await startUpload(server, deal, { period: "2017-09", byteCount: TAPE.length });
      const read = async () =>
        (await server.request(server.users.servicer, { url: `${url}/${id}` })).json();
      const patch = openPatch(port, server.users.servicer, { deal, id, offset: 0 });
      await holding(deal, point, async () => {
        const isThere = async () => (await read()).bytes >= point.bytes;
        await reach(point, patch, isThere);
        const cancel = { method: "DELETE", url: `${url}/${id}` } as const;
        const cancelled = await server.request(server.users.servicer, cancel);
        assert.equal(cancelled.statusCode, 204, cancelled.body);
      });
      const answer = await patch.answer;
      assert.deepEqual([answer.status, JSON.parse(answer.text).code], [409, "upload-ended"]);
      assert.equal((await read()).state, "cancelled");
      assert.equal(await countParts(id), 0);
      await nothingIsLeft(deal);
    });

    it(`${point.at}, because its sender goes, leaves no tape and can be taken up again`, async () => {
      const deal = await newDeal();
      const id = await startUpload(server, deal, { period: "2017-09", byteCount: TAPE.length });
      const url = `/v1/deals/${deal}/uploads/${id}`;
      const read = async () => (await server.request(server.users.servicer, { url })).json();
      const patch = openPatch(port, server.users.servicer, { deal, id, offset: 0 });
      await holding(deal, point, async () => {
        await reach(point, patch, async () => (await read()).bytes >= point.bytes);
        patch.breakOff();
        await until(async () => (await read()).offset === point.bytes, "the bytes are kept");
        await until(async () => (await read()).stage === "waiting", "the request has ended");
      });
      await nothingIsLeft(deal);
      const rest = openPatch(port, server.users.servicer, { deal, id, offset: point.bytes });
      if (point.bytes < TAPE.length) rest.write(TAPE.subarray(point.bytes));
      rest.end();
      const answer = await rest.answer;
      assert.equal(answer.status, 201, answer.text);
    });

    it(`${point.at}, as a tape sent whole, leaves nothing`, async () => {
      const deal = await newDeal();
      const request = openRequest(port, server.users.servicer, {
        method: "POST",
        path: `/v1/deals/${deal}/tapes?period=2017-09`,
        headers: { "content-type": "application/xml", "content-length": String(TAPE.length) },
      });
      await holding(deal, point, async () => {
        await reach(point, request, () => wait(200, true));
        request.breakOff();
        if (point.waitsFor !== null) await until(async () => (await waiters()) === 0, "it ended");
      });
      await nothingIsLeft(deal);
    });
  }

  it("once stored cannot be cancelled; cancelled again it stays so", async () => {
    const deal = await newDeal();
    const id = await startUpload(server, deal, { period: "2017-09" });
    const patch = openPatch(port, server.users.servicer, { deal, id, offset: 0 });
    patch.write(TAPE);
    patch.end();
    assert.equal((await patch.answer).status, 201);
    const cancel = async (upload: string) =>
      await server.request(server.users.servicer, {
        ...{ method: "DELETE", url: `/v1/deals/${deal}/uploads/${upload}` },
      });
    const late = await cancel(id);
    assert.deepEqual([late.statusCode, late.json().code], [409, "upload-ended"]);
    const open = await startUpload(server, deal, { period: "2017-09" });
    assert.deepEqual(
      [(await cancel(open)).statusCode, (await cancel(open)).statusCode],
      [204, 204],
    );
  });
});
