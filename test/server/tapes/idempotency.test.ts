import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import {
  AMCAR_DEAL_FILE,
  amcarTape,
  DEAL,
  insertDeal,
  upload,
  uploadMonths,
} from "./amcar-2017-4.ts";

const OCTOBER = amcarTape("2017-10");
/** Another file with the same loans: a comment at the end. */
const corrected = (note: string): string => `${OCTOBER}\n<!-- ${note} -->\n`;

async function multipartOf(tape: string): Promise<{ payload: Buffer; type: string }> {
  const form = new FormData();
  form.append("note", "October");
  form.append("tape", new Blob([tape], { type: "application/xml" }), "october.xml");
  const response = new Response(form);
  const type = response.headers.get("content-type") ?? "";
  return { payload: Buffer.from(await response.arrayBuffer()), type };
}

describe("an upload", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server);
    await uploadMonths(server, ["2017-09"]);
  });
  after(() => server.close());

  it("of the same content again answers the first result and changes nothing", async () => {
    const first = await upload(server, { month: "2017-10" });
    const second = await upload(server, { month: "2017-10" });
    assert.deepEqual([first.statusCode, second.statusCode], [201, 200]);
    assert.deepEqual(second.json(), first.json());
  });

  it("as a multipart form is the same as the raw body", async () => {
    const { payload, type } = await multipartOf(OCTOBER);
    const answer = await upload(server, {
      month: "2017-10",
      tape: payload,
      headers: { "content-type": type },
    });
    assert.equal(answer.statusCode, 200, answer.body);
    assert.equal(answer.json().version, 1);
  });

  it("of a corrected file is a new version beside the old one", async () => {
    const { payload, type } = await multipartOf(corrected("second"));
    const answer = await upload(server, {
      month: "2017-10",
      tape: payload,
      headers: { "content-type": type },
    });
    assert.equal(answer.statusCode, 201, answer.body);
    assert.deepEqual([answer.json().version, answer.json().fileName], [2, "october.xml"]);
    const { rows } = await server.context.db
      .selectFrom("loan_months")
      .innerJoin("deals", "deals.key", "loan_months.deal_key")
      .select("version")
      .where("deals.id", "=", DEAL)
      .where("period", "=", 1)
      .where("loan_id", "=", "0001718362 - 003033")
      .execute()
      .then((found) => ({ rows: found.map(({ version }) => version).toSorted((a, b) => a - b) }));
    assert.deepEqual(rows, [1, 2]);
  });

  it("of the old file after the correction still answers the old version", async () => {
    const answer = await upload(server, { month: "2017-10" });
    assert.deepEqual([answer.statusCode, answer.json().version], [200, 1]);
  });

  it("sent many times at once is stored once, and different ones get versions of their own", async () => {
    const tapes = ["a", "a", "b", "a", "b", "c"].map(corrected);
    const answers = await Promise.all(
      tapes.map((tape) => upload(server, { month: "2017-10", tape })),
    );
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b),
      [200, 200, 200, 201, 201, 201],
    );
    assert.deepEqual(
      [...new Set(answers.map((answer) => Number(answer.json().version)))].toSorted(
        (a, b) => a - b,
      ),
      [3, 4, 5],
    );
  });

  it("at once into several new deals makes each deal's partitions once", async () => {
    const ids = ["one", "two", "three", "four"].map((name) => `amcar-${name}`);
    for (const id of ids) {
      await insertDeal(server, AMCAR_DEAL_FILE.replace(`id: ${DEAL}`, `id: ${id}`), id);
    }
    const answers = await Promise.all(
      ids.map((deal) => upload(server, { month: "2017-09", deal })),
    );
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [201, 201, 201, 201],
    );
  });
});
