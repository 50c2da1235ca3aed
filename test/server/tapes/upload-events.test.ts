import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { buildApp } from "../../../server/app.ts";
import type { App } from "../../../server/http/app-type.ts";
import { getTapeDeal } from "../../../server/tapes/tape-deal-queries.ts";
import { followUpload } from "../../../server/tapes/uploads/follow-upload.ts";
import {
  cancelUpload,
  claimUpload,
  updateProgress,
} from "../../../server/tapes/uploads/uploads-queries.ts";
import type { UploadView } from "../../../server/tapes/uploads/upload-views.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { AMCAR_DEAL_FILE, amcarTape, insertDeal } from "./amcar-2017-4.ts";
import { openPatch, openRequest, portOf, startUpload, until } from "./send-bytes.ts";
import type { OpenRequest } from "./send-bytes.ts";

const TAPE = Buffer.from(amcarTape("2017-09"));

interface Event {
  id: number;
  event: string;
  upload: UploadView;
}

function readEvents(text: string): Event[] {
  return text
    .split("\n\n")
    .filter((block) => block.includes("data: "))
    .map((block) => {
      const field = (name: string) =>
        block
          .split("\n")
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2) ?? "";
      return { id: Number(field("id")), event: field("event"), upload: JSON.parse(field("data")) };
    });
}

describe("the events of an upload", () => {
  let server: TestServer;
  let port: number;
  /** Another server over the same database: the one that is asked for the events. */
  let other: App;
  let otherPort: number;
  let deals = 0;
  before(async () => {
    server = await startTestServer();
    port = await portOf(server.app);
    other = await buildApp(await server.openSecondContext());
    otherPort = await portOf(other);
  });
  after(async () => {
    await other.close();
    await server.close();
  });

  async function newUpload(): Promise<{ deal: string; id: string }> {
    deals += 1;
    const deal = `amcar-${deals}`;
    await insertDeal(server, AMCAR_DEAL_FILE.replace("id: amcar-2017-4", `id: ${deal}`), deal);
    const announced = { period: "2017-09", byteCount: TAPE.length };
    return { deal, id: await startUpload(server, deal, announced) };
  }

  function follow({ deal, id }: { deal: string; id: string }, last?: number): OpenRequest {
    const headers: Record<string, string> =
      last === undefined ? {} : { "last-event-id": `${last}` };
    const path = `/v1/deals/${deal}/uploads/${id}/events`;
    const open = openRequest(otherPort, server.users.servicer, { method: "GET", path, headers });
    open.end();
    return open;
  }

  it("are for so many readers of a user at once, and for others when one has gone", async () => {
    const upload = await newUpload();
    const followed = Array.from({ length: 10 }, () => follow(upload));
    for (const events of followed) events.answer.catch(() => undefined);
    await wait(500);
    const refused = await follow(upload).answer;
    assert.deepEqual([refused.status, JSON.parse(refused.text).code], [429, "streams-too-many"]);
    followed[0]?.breakOff();
    await wait(200);
    const next = follow(upload);
    const outcome = Promise.race([next.answer.then(({ status }) => status), wait(500, "open")]);
    assert.equal(await outcome.catch(() => "broken"), "open");
    for (const events of [next, ...followed]) events.breakOff();
    await wait(200);
  });

  it("tell from any process how far it is, and end with the outcome", async () => {
    const upload = await newUpload();
    const events = follow(upload);
    const patch = openPatch(port, server.users.servicer, { ...upload, offset: 0 });
    patch.write(TAPE.subarray(0, 30_000));
    await wait(2_500);
    patch.write(TAPE.subarray(30_000));
    patch.end();
    const stored = await patch.answer;
    assert.equal(stored.status, 201, stored.text);
    const answer = await events.answer;
    assert.equal(answer.headers["content-type"], "text/event-stream");
    const found = readEvents(answer.text);
    assert.ok(found.length >= 3 && found.length <= 12, answer.text);
    assert.deepEqual(
      found.map(({ event }) => event),
      [...Array<string>(found.length - 1).fill("progress"), "outcome"],
    );
    const ids = found.map(({ id }) => id);
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
    );
    assert.ok(
      found.some(({ upload: { stage, bytes } }) => stage === "rows" && bytes === 30_000),
      answer.text,
    );
    const last = found.at(-1)?.upload;
    assert.deepEqual([last?.state, last?.bytes], ["stored", TAPE.length]);
    assert.equal(last?.tape, JSON.parse(stored.text).id);
    assert.ok((last?.rows ?? 0) > 0);
    assert.ok((last?.problems.reason ?? 0) > 0);
  });

  it("begin behind the last one that the client has, and say when there are no more", async () => {
    const upload = await newUpload();
    const url = `/v1/deals/${upload.deal}/uploads/${upload.id}`;
    await server.request(server.users.servicer, { method: "DELETE", url });
    const all = readEvents((await follow(upload).answer).text);
    assert.deepEqual(
      all.map(({ event, upload: { state } }) => [event, state]),
      [["outcome", "cancelled"]],
    );
    const last = all[0]?.id ?? 0;
    const before = readEvents((await follow(upload, last - 1).answer).text);
    assert.deepEqual(before, all);
    assert.equal((await follow(upload, last).answer).status, 204);
  });

  it("leave out what a slow reader has missed: it is told how things are now", async () => {
    const { deal, id } = await newUpload();
    const { context } = server;
    const sender = { uploadId: id, sender: randomUUID() };
    const now = context.clock.now();
    await claimUpload(context.db, sender, { offset: 0n, now });
    const reading = { deal: await getTapeDeal(context.db, deal), uploadId: id, after: 0 };
    const events = followUpload(context, { ...reading, signal: new AbortController().signal });
    const next = async (): Promise<Event | undefined> =>
      readEvents(String((await events.next()).value))[0];
    await next();
    assert.equal((await next())?.upload.rows, 0);
    for (let rows = 1; rows <= 50; rows += 1) {
      const counts = { stage: "rows", bytes: rows, rows, refuse: 0, reason: 0, note: 0 } as const;
      await updateProgress(context.db, sender, counts, now);
    }
    assert.equal((await next())?.upload.rows, 50);
    await cancelUpload(context.db, id, now);
    assert.deepEqual([(await next())?.event, (await events.next()).done], ["outcome", true]);
  });

  it("stop being read when the client goes, and end when the server closes", async () => {
    const upload = await newUpload();
    const third = await buildApp(await server.openSecondContext());
    const thirdPort = await portOf(third);
    const path = `/v1/deals/${upload.deal}/uploads/${upload.id}/events`;
    const open = () => {
      const one = openRequest(thirdPort, server.users.auditor, { method: "GET", path });
      one.end();
      return one;
    };
    const connections = () =>
      new Promise<number>((resolve) =>
        third.server.getConnections((_error, count) => resolve(count)),
      );
    const [gone, staying] = [open(), open()];
    await until(async () => (await connections()) === 2, "both are connected");
    gone.breakOff();
    await until(async () => (await connections()) === 1, "one has gone");
    const begun = performance.now();
    await third.close();
    assert.ok(performance.now() - begun < 5_000, "the server waited for a reader of events");
    const { text } = await staying.answer;
    assert.deepEqual(
      readEvents(text).map(({ event }) => event),
      ["progress"],
    );
  });
});
