import assert from "node:assert/strict";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { amcarTape, DEAL, insertDeal, upload, uploadMonths } from "./amcar-2017-4.ts";

const LIMIT = 4 * 1024 ** 2;
const OCTOBER = amcarTape("2017-10");
const PATH = `/v1/deals/${DEAL}/tapes?period=2017-10`;

describe("a body over a real connection", () => {
  let server: TestServer;
  let port: number;
  before(async () => {
    server = await startTestServer({ config: { uploadLimitBytes: LIMIT } });
    await insertDeal(server);
    await uploadMonths(server, ["2017-09"]);
    await server.app.listen({ port: 0, host: "127.0.0.1" });
    port = (server.app.server.address() as AddressInfo).port;
  });
  after(() => server.close());

  /** Sends a head and pieces of a body; gives what came back and how much was sent. */
  async function send(
    headers: string[],
    pieces: Iterable<Buffer>,
    options: { breakOff?: boolean } = {},
  ): Promise<{ answer: string; sent: number; closed: boolean }> {
    const socket = connect(port, "127.0.0.1");
    const state = { answer: "", sent: 0, closed: false };
    socket.on("data", (data) => (state.answer += data.toString()));
    socket.on("error", () => (state.closed = true));
    socket.on("close", () => (state.closed = true));
    const { key } = server.users.servicer;
    const head = [`POST ${PATH} HTTP/1.1`, "host: x", `authorization: Bearer ${key}`, ...headers];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    for (const piece of pieces) {
      if (state.closed || state.answer !== "") break;
      state.sent += piece.length;
      if (!socket.write(piece)) await wait(2);
    }
    if (options.breakOff === true) {
      await wait(100);
      socket.destroy();
      return state;
    }
    for (let turn = 0; turn < 300 && !state.closed; turn += 1) await wait(10);
    socket.destroy();
    return state;
  }

  const chunk = (text: string): Buffer => Buffer.from(`${text.length.toString(16)}\r\n${text}\r\n`);

  /** A tape of the first loan again and again, in the chunks of HTTP. */
  function* endless(bytes: number): Generator<Buffer> {
    const [head = "", record = ""] = OCTOBER.split(/(<assets>[^]*?<\/assets>)/);
    yield chunk(head);
    const records = chunk(record.repeat(16));
    for (let sent = 0; sent < bytes; sent += records.length) yield records;
  }

  async function nothingStored(): Promise<void> {
    const { rows } = await sql<Record<string, number>>`
      select (select count(*) from tapes where period = 1)::int as tapes,
        (select count(*) from loan_months where period = 1)::int as loans,
        (select count(*) from pg_class where relkind = 'r' and relname like 'loan\_months\_%\_u%')::int as tables,
        (select count(*) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()
            and (state like 'idle in transaction%' or query like 'copy loan\_months%')
            and state <> 'idle')::int as open
    `.execute(server.context.db);
    assert.deepEqual(rows[0], { tapes: 0, loans: 0, tables: 0, open: 0 });
  }

  it("that says it has 2 GB is refused before a byte of it is read", async () => {
    const headers = ["content-type: application/xml", `content-length: ${2 * 1024 ** 3}`];
    const { answer, closed } = await send(headers, []);
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /"code":"tape-too-large"/);
    assert.match(answer, /At most 4194304 bytes/);
    assert.ok(closed, "the connection is closed");
    await nothingStored();
  });

  it("that goes on and on is cut at the limit", async () => {
    const headers = ["content-type: application/xml", "transfer-encoding: chunked"];
    const { answer, sent } = await send(headers, endless(2 * 1024 ** 3));
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /"code":"tape-too-large"/);
    assert.ok(sent < 64 * 1024 ** 2, `${sent} bytes were taken`);
    await nothingStored();
  });

  it("that goes on and on inside a multipart form is cut at the limit", async () => {
    const boundary = "----tape";
    const disposition = `content-disposition: form-data; name="tape"; filename="a.xml"`;
    const part = `--${boundary}\r\n${disposition}\r\n\r\n`;
    function* pieces(): Generator<Buffer> {
      yield chunk(part);
      yield* endless(2 * 1024 ** 3);
    }
    const type = `content-type: multipart/form-data; boundary=${boundary}`;
    const { answer, sent } = await send([type, "transfer-encoding: chunked"], pieces());
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /"code":"tape-too-large"/);
    assert.ok(sent < 64 * 1024 ** 2, `${sent} bytes were taken`);
    await nothingStored();
  });

  for (const type of ["application/xml", "multipart/form-data; boundary=cut"]) {
    it(`that breaks off in the middle leaves nothing (${type})`, async () => {
      const start = type.startsWith("multipart")
        ? `--cut\r\ncontent-disposition: form-data; name="t"; filename="a.xml"\r\n\r\n`
        : "";
      const body = Buffer.from(start + OCTOBER);
      const headers = [`content-type: ${type}`, `content-length: ${body.length + 100}`];
      await send(headers, [body.subarray(0, 30_000)], { breakOff: true });
      for (let turn = 0; turn < 100; turn += 1) {
        await wait(20);
        try {
          await nothingStored();
          break;
        } catch (error) {
          if (turn === 99) throw error;
        }
      }
    });
  }

  it("whose database connection dies in the middle leaves nothing and can be sent again", async () => {
    const bytes = Buffer.from(OCTOBER);
    async function* killed(): AsyncGenerator<Buffer> {
      yield bytes.subarray(0, 30_000);
      await wait(200);
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'copy loan\_months%' and state = 'active'
      `.execute(server.context.db);
      await wait(50);
      yield bytes.subarray(30_000);
    }
    const answer = await upload(server, { month: "2017-10", tape: Readable.from(killed()) });
    assert.equal(answer.statusCode, 500, answer.body);
    await nothingStored();
  });

  it("is read with the memory of a piece of it, not of the whole", async () => {
    const [head = "", rest = ""] = OCTOBER.split("</assetData>");
    async function* wide(): AsyncGenerator<Buffer> {
      yield Buffer.from(head);
      const filler = Buffer.from(`<!-- ${"x".repeat(65_000)} --><assets></assets>`);
      for (let i = 0; i < 40; i += 1) yield filler;
      yield Buffer.from(`</assetData>${rest}`);
    }
    const answer = await upload(server, { month: "2017-10", tape: Readable.from(wide()) });
    assert.equal(answer.statusCode, 422, "the empty records are listed");
    assert.equal(answer.json().counts.refuse, 40);
    await nothingStored();
  });

  it("is taken when it comes in byte by byte", async () => {
    const slow = Readable.from(
      (async function* () {
        const bytes = Buffer.from(OCTOBER);
        for (let from = 0; from < bytes.length; from += 97) yield bytes.subarray(from, from + 97);
      })(),
    );
    const answer = await upload(server, { month: "2017-10", tape: slow });
    assert.equal(answer.statusCode, 201, answer.body);
  });
});
