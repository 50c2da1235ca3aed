import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { buildApp } from "../../../server/app.ts";
import type { App } from "../../../server/http/app-type.ts";
import { runDueJobs } from "../../../server/jobs/run-due-jobs.ts";
import { PART_BYTES } from "../../../server/tapes/uploads/keep-parts.ts";
import { removeStaleUploadsJob } from "../../../server/tapes/uploads/remove-stale-uploads.ts";
import type { UploadView } from "../../../server/tapes/uploads/upload-views.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { AMCAR_DEAL_FILE, amcarTape, insertDeal, upload } from "./amcar-2017-4.ts";
import { openPatch, portOf, sendAll, sha256, startUpload, until } from "./send-bytes.ts";

const TAPE = Buffer.from(amcarTape("2017-09"));
const PERIOD = "2017-09";
const DAY = 86_400_000;

describe("an upload that can be taken up again", () => {
  let server: TestServer;
  let port: number;
  /** Another server over the same database. */
  let other: App;
  let deals = 0;
  before(async () => {
    server = await startTestServer();
    port = await portOf(server.app);
    other = await buildApp(await server.openSecondContext());
  });
  after(async () => {
    await other.close();
    await server.close();
  });

  /** A deal without tapes. */
  async function newDeal(): Promise<string> {
    deals += 1;
    const id = `amcar-${deals}`;
    await insertDeal(server, AMCAR_DEAL_FILE.replace("id: amcar-2017-4", `id: ${id}`), id);
    return id;
  }

  async function read(deal: string, id: string): Promise<UploadView> {
    const url = `/v1/deals/${deal}/uploads/${id}`;
    return (await server.request(server.users.servicer, { url })).json<UploadView>();
  }

  async function tapesOf(deal: string): Promise<{ contentHash: string; rowCount: number }[]> {
    const url = `/v1/deals/${deal}/tapes`;
    return (await server.request(server.users.servicer, { url })).json().items;
  }

  async function countParts(id: string): Promise<number> {
    const { rows } = await sql<{ parts: number }>`
      select count(*)::int as parts from upload_parts where upload_id = ${id}
    `.execute(server.context.db);
    return rows[0]?.parts ?? 0;
  }

  it("answers the last byte as a tape sent whole is answered, and frees its bytes afterwards", async () => {
    const deal = await newDeal();
    const announced = { byteCount: TAPE.length, contentHash: sha256(TAPE) };
    const id = await startUpload(server, deal, { period: PERIOD, ...announced });
    const patch = openPatch(port, server.users.servicer, { deal, id, offset: 0 });
    const answer = await sendAll(patch, TAPE);
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.headers["upload-complete"], "?1");
    assert.equal(answer.headers["upload-offset"], String(TAPE.length));
    const again = await upload(server, { month: PERIOD, deal });
    assert.equal(again.statusCode, 200);
    assert.deepEqual(JSON.parse(answer.text), again.json());
    const view = await read(deal, id);
    assert.deepEqual(
      [view.state, view.stage, view.rows],
      ["stored", "ended", again.json().rowCount],
    );
    assert.equal(view.tape, again.json().id);
    assert.equal(await countParts(id), 1);
    await runDueJobs(server.context, [removeStaleUploadsJob]);
    assert.equal(await countParts(id), 0);
    assert.equal((await read(deal, id)).state, "stored");
  });

  it("that breaks off stores nothing and keeps its bytes: another server goes on", async () => {
    const deal = await newDeal();
    const id = await startUpload(server, deal, { period: PERIOD, byteCount: TAPE.length });
    const broken = openPatch(port, server.users.servicer, { deal, id, offset: 0 });
    const half = TAPE.length >> 1;
    broken.write(TAPE.subarray(0, half));
    await until(async () => (await read(deal, id)).bytes > 0, "bytes are read");
    broken.breakOff();
    await until(async () => (await read(deal, id)).offset === half, "the bytes are kept");
    assert.deepEqual(await tapesOf(deal), []);
    const head = await other.inject({
      method: "HEAD",
      url: `/v1/deals/${deal}/uploads/${id}`,
      headers: { authorization: `Bearer ${server.users.servicer.key}` },
    });
    assert.equal(head.headers["upload-offset"], String(half));
    assert.equal(head.headers["upload-complete"], "?0");
    assert.equal(head.headers["cache-control"], "no-store");
    const rest = openPatch(await portOf(other), server.users.servicer, { deal, id, offset: half });
    const answer = await sendAll(rest, TAPE.subarray(half));
    assert.equal(answer.status, 201, answer.text);
    assert.equal(JSON.parse(answer.text).contentHash, sha256(TAPE));
    assert.equal((await tapesOf(deal)).length, 1);
  });

  it("whose server is killed goes on at another process from the parts that were written", async (test) => {
    const deal = await newDeal();
    // Blanks between the elements make the file larger than a part.
    const large = Buffer.from(TAPE.toString().replaceAll("\n", `\n${" ".repeat(10_000)}`));
    assert.ok(large.length > PART_BYTES + 1_000_000, String(large.length));
    const id = await startUpload(server, deal, { period: PERIOD, byteCount: large.length });
    const script = path.join(import.meta.dirname, "serve-database.ts");
    const child = spawn(process.execPath, [script, server.databaseUrl], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    test.after(() => child.kill("SIGKILL"));
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const doomed = openPatch(Number(line.toString()), server.users.servicer, {
      deal,
      id,
      offset: 0,
    });
    doomed.write(large.subarray(0, PART_BYTES + 100_000));
    await until(async () => (await read(deal, id)).offset >= PART_BYTES, "a part is written");
    child.kill("SIGKILL");
    await once(child, "exit");
    await assert.rejects(doomed.answer);
    const { offset } = await read(deal, id);
    assert.ok(offset >= PART_BYTES && offset <= PART_BYTES + 100_000, String(offset));
    assert.deepEqual(await tapesOf(deal), []);
    const answer = await sendAll(
      openPatch(port, server.users.servicer, { deal, id, offset }),
      large.subarray(offset),
    );
    assert.equal(answer.status, 201, answer.text);
    assert.equal(JSON.parse(answer.text).contentHash, sha256(large));
  });

  it("in many requests is kept until the last one, which is answered with the tape", async () => {
    const deal = await newDeal();
    const piece = Math.ceil(TAPE.length / 4);
    const announced = { period: PERIOD, byteCount: TAPE.length };
    const id = await startUpload(server, deal, announced);
    const statuses: number[] = [];
    for (let offset = 0; offset < TAPE.length; offset += piece) {
      const bytes = TAPE.subarray(offset, offset + piece);
      const headers = { "content-length": String(bytes.length) };
      const patch = openPatch(port, server.users.servicer, { deal, id, offset, headers });
      statuses.push((await sendAll(patch, bytes)).status);
    }
    assert.deepEqual(statuses, [204, 204, 204, 201]);
  });

  it("of a size that nobody knows goes on until a request says that it is complete", async () => {
    const deal = await newDeal();
    const id = await startUpload(server, deal, { period: PERIOD });
    const send = (offset: number, end: number, complete: string) =>
      sendAll(
        openPatch(port, server.users.servicer, {
          ...{ deal, id, offset, headers: { "upload-complete": complete } },
        }),
        TAPE.subarray(offset, end),
      );
    const first = await send(0, 1000, "?0");
    assert.deepEqual([first.status, first.headers["upload-offset"]], [204, "1000"]);
    const last = await send(1000, TAPE.length, "?1");
    assert.equal(last.status, 201, last.text);
  });

  it("takes no bytes at another offset, and says which one is right", async () => {
    const deal = await newDeal();
    const id = await startUpload(server, deal, { period: PERIOD, byteCount: TAPE.length });
    const headers = { "content-length": "1000" };
    await sendAll(
      openPatch(port, server.users.servicer, { deal, id, offset: 0, headers }),
      TAPE.subarray(0, 1000),
    );
    for (const offset of [0, 999, 1001]) {
      const wrong = openPatch(port, server.users.servicer, { deal, id, offset });
      const answer = await sendAll(wrong, "x");
      assert.equal(answer.status, 409);
      assert.equal(answer.headers["upload-offset"], "1000");
      const { code, offset: right } = JSON.parse(answer.text);
      assert.deepEqual([code, right], ["upload-offset", "1000"]);
    }
    assert.equal((await read(deal, id)).offset, 1000);
  });

  it("with two senders at once is stored once: the newer one wins", async () => {
    const deal = await newDeal();
    const id = await startUpload(server, deal, { period: PERIOD, byteCount: TAPE.length });
    const older = openPatch(port, server.users.servicer, { deal, id, offset: 0 });
    older.write(TAPE.subarray(0, 2000));
    await until(async () => (await read(deal, id)).stage === "rows", "the older one is at work");
    const newer = openPatch(await portOf(other), server.users.servicer, { deal, id, offset: 0 });
    newer.write(TAPE.subarray(0, 3000));
    const lost = await older.answer;
    assert.deepEqual([lost.status, JSON.parse(lost.text).code], [409, "upload-displaced"]);
    newer.write(TAPE.subarray(3000));
    newer.end();
    const won = await newer.answer;
    assert.equal(won.status, 201, won.text);
    assert.equal(JSON.parse(won.text).contentHash, sha256(TAPE));
    assert.equal((await tapesOf(deal)).length, 1);
  });

  it("that is raced by many senders is stored once", async () => {
    const deal = await newDeal();
    const id = await startUpload(server, deal, { period: PERIOD, byteCount: TAPE.length });
    const answers = await Promise.all(
      Array.from({ length: 3 }, () =>
        sendAll(openPatch(port, server.users.servicer, { deal, id, offset: 0 }), TAPE),
      ),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    assert.deepEqual(statuses, [201, 409, 409]);
    assert.equal((await tapesOf(deal)).length, 1);
  });

  it("of a faulty tape is refused with the list of problems, and takes no more bytes", async () => {
    const deal = await newDeal();
    const faulty = Buffer.from(
      TAPE.toString().replaceAll("</reportingPeriodActualEndBalanceAmount>", "x$&"),
    );
    const id = await startUpload(server, deal, { period: PERIOD, byteCount: faulty.length });
    const send = () => openPatch(port, server.users.servicer, { deal, id, offset: 0 });
    const answer = await sendAll(send(), faulty);
    const whole = await upload(server, { month: PERIOD, deal, tape: faulty });
    assert.deepEqual([answer.status, whole.statusCode], [422, 422]);
    const { problems, code } = JSON.parse(answer.text);
    assert.deepEqual(problems, whole.json().problems);
    const view = await read(deal, id);
    assert.deepEqual([view.state, view.refusal?.["code"]], ["refused", code]);
    assert.deepEqual(view.refusal?.["problems"], problems);
    const url = `/v1/deals/${deal}/uploads/${id}?format=csv`;
    const sheet = (await server.request(server.users.servicer, { url })).body.trim().split("\n");
    assert.match(sheet[0]!, /^ordinal,severity,line,column,loanId,field,code,value,expected/);
    assert.equal(sheet.length, 1 + problems.length);
    assert.ok(view.problems.refuse > 0);
    const late = await sendAll(send(), TAPE);
    assert.deepEqual([late.status, JSON.parse(late.text).code], [409, "upload-ended"]);
    assert.deepEqual(await tapesOf(deal), []);
  });

  it("whose file is not the announced one stores nothing", async () => {
    const deal = await newDeal();
    const contentHash = sha256("another file");
    const id = await startUpload(server, deal, { period: PERIOD, contentHash });
    const answer = await sendAll(
      openPatch(port, server.users.servicer, { deal, id, offset: 0 }),
      TAPE,
    );
    assert.deepEqual(
      [answer.status, JSON.parse(answer.text).code],
      [422, "upload-content-differs"],
    );
    assert.deepEqual(await tapesOf(deal), []);
  });

  it("takes no more bytes than were announced", async () => {
    const deal = await newDeal();
    const id = await startUpload(server, deal, { period: PERIOD, byteCount: 5000 });
    const send = (headers: Record<string, string>) =>
      sendAll(openPatch(port, server.users.servicer, { deal, id, offset: 0, headers }), TAPE);
    const announced: Record<string, string>[] = [{ "content-length": String(TAPE.length) }, {}];
    for (const headers of announced) {
      const answer = await send(headers);
      assert.deepEqual([answer.status, JSON.parse(answer.text).code], [400, "upload-length"]);
    }
    const { state, offset } = await read(deal, id);
    assert.equal(state, "open");
    assert.ok(offset <= 5000);
  });

  it("is found again by the hash of its file", async () => {
    const deal = await newDeal();
    const contentHash = sha256(TAPE);
    const id = await startUpload(server, deal, { period: PERIOD, contentHash });
    const again = await server.request(server.users.servicer, {
      method: "POST",
      url: `/v1/deals/${deal}/uploads`,
      payload: { period: PERIOD, fileName: "x.xml", contentHash },
    });
    assert.deepEqual([again.statusCode, again.json().id], [200, id]);
    assert.equal(again.headers.location, `/v1/deals/${deal}/uploads/${id}`);
  });

  it("has a limit of bytes, and a deal one of open uploads", async () => {
    const deal = await newDeal();
    const start = (byteCount: number) =>
      server.request(server.users.servicer, {
        method: "POST",
        url: `/v1/deals/${deal}/uploads`,
        payload: { period: PERIOD, fileName: "x.xml", byteCount },
      });
    const large = await start(server.context.config.uploadLimitBytes + 1);
    assert.deepEqual([large.statusCode, large.json().code], [413, "tape-too-large"]);
    const answers = await Promise.all(Array.from({ length: 10 }, () => start(10)));
    const statuses = answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b);
    assert.deepEqual(statuses, [...Array<number>(8).fill(201), 409, 409]);
    const list = await server.request(server.users.auditor, {
      url: `/v1/deals/${deal}/uploads?limit=5`,
    });
    assert.equal(list.json().items.length, 5);
    const url = `/v1/deals/${deal}/uploads?cursor=${list.json().next}`;
    assert.equal((await server.request(server.users.auditor, { url })).json().items.length, 3);
    const forged = Buffer.from('["now","an upload"]').toString("base64url");
    const refused = await server.request(server.users.auditor, {
      url: `/v1/deals/${deal}/uploads?cursor=${forged}`,
    });
    assert.deepEqual([refused.statusCode, refused.json().code], [400, "cursor-invalid"]);
  });

  it("belongs to who started it", async () => {
    const deal = await newDeal();
    const id = await startUpload(server, deal, { period: PERIOD });
    const colleague = await server.addUser("servicer", { name: "a colleague" });
    await server.joinDeal(colleague, deal);
    const answer = await sendAll(openPatch(port, colleague, { deal, id, offset: 0 }), TAPE);
    assert.deepEqual([answer.status, JSON.parse(answer.text).code], [403, "upload-of-another"]);
  });

  it("is gone a day after its last change, with its bytes", async () => {
    const deal = await newDeal();
    const id = await startUpload(server, deal, { period: PERIOD, byteCount: TAPE.length });
    const headers = { "content-length": "1000" };
    await sendAll(
      openPatch(port, server.users.servicer, { deal, id, offset: 0, headers }),
      TAPE.subarray(0, 1000),
    );
    server.clock.advance(DAY - 1000);
    await runDueJobs(server.context, [removeStaleUploadsJob]);
    assert.equal(await countParts(id), 1);
    server.clock.advance(1000);
    await runDueJobs(server.context, [removeStaleUploadsJob]);
    assert.equal(await countParts(id), 0);
    const url = `/v1/deals/${deal}/uploads/${id}`;
    const gone = await server.request(server.users.servicer, { url });
    assert.deepEqual([gone.statusCode, gone.json().code], [404, "upload-unknown"]);
  });
});
