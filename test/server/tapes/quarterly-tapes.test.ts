import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { readGoldenText } from "../waterfall/golden-deals.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { insertDeal, upload } from "./amcar-2017-4.ts";

const QUARTERLY = "quarterly-rmbs";

/** One mortgage; its flows are those of the whole quarter. */
function tape(end: string, opening: string, closing: string, principal: string): string {
  return `loan,date,opening,balance,principal\nM1,${end},${opening},${closing},${principal}\n`;
}

const CUT_OFF = tape("2023-11-30", "100000000.00", "100000000.00", "0.00");
const FIRST = tape("2024-02-29", "100000000.00", "97000000.00", "3000000.00");
const SECOND = tape("2024-05-31", "97000000.00", "93500000.00", "3500000.00");

describe("the tapes of a deal that pays every quarter", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    const source = readGoldenText(`${QUARTERLY}/deal.yaml`);
    await insertDeal(server, source.replace("cutOffLoans: 800", "cutOffLoans: 1"), QUARTERLY);
  });
  after(() => server.close());

  const send = (month: string, text: string) =>
    upload(server, {
      ...{ month, tape: text, deal: QUARTERLY },
      headers: { "content-type": "text/csv" },
    });
  const read = (path: string) =>
    server.request(server.users.servicer, { url: `/v1/deals/${QUARTERLY}/periods/${path}` });

  it("are one a period, named by its last month", async () => {
    for (const [month, text] of [
      ["2023-11", CUT_OFF],
      ["2024-02", FIRST],
      ["2024-05", SECOND],
    ] as const) {
      const answer = await send(month, text);
      assert.equal(answer.statusCode, 201, answer.body);
    }
    const { items } = (await read("?limit=3")).json();
    const months = (items as { month: string }[]).map(({ month }) => month);
    assert.deepEqual(months, ["2024-02", "2024-05", "2024-08"]);
  });

  it("are refused for a month in which the collection period goes on", async () => {
    for (const [month, end] of [
      ["2023-12", "2024-02"],
      ["2024-01", "2024-02"],
      ["2024-07", "2024-08"],
    ] as const) {
      const answer = await send(month, FIRST);
      assert.deepEqual([answer.statusCode, answer.json().code], [404, "period-goes-on"]);
      assert.match(answer.json().detail, new RegExp(`name the period by its last month, ${end}`));
    }
    const later = await send("2025-12", FIRST);
    assert.equal(later.json().code, "period-unknown");
  });

  it("are refused before the tape of the period before, and with another month's end", async () => {
    const early = await send("2024-11", SECOND);
    assert.deepEqual([early.statusCode, early.json().code], [409, "tape-out-of-order"]);
    assert.match(early.json().detail, /2024-08/);
    const monthly = await send("2024-08", tape("2024-06-30", "93500000.00", "93500000.00", "0.00"));
    assert.equal(monthly.statusCode, 422);
    assert.match(monthly.body, /2024-08-31/);
  });

  it("close their periods in turn, and what reads reports names them alike", async () => {
    for (const [month, loans] of [
      ["2024-02", "97000000.00"],
      ["2024-05", "93500000.00"],
    ] as const) {
      const answer = await server.request(server.users.servicer, {
        method: "POST",
        url: `/v1/deals/${QUARTERLY}/periods/${month}/close`,
        payload: {},
      });
      assert.equal(answer.statusCode, 201, answer.body);
      assert.match(answer.body, new RegExp(`"${loans}"`));
    }
    for (const [month, end] of [
      ["2023-12", "2024-02"],
      ["2024-04", "2024-05"],
    ] as const) {
      const inside = await read(`${month}/report`);
      assert.deepEqual([inside.statusCode, inside.json().code], [404, "period-goes-on"]);
      assert.match(inside.json().detail, new RegExp(end));
    }
    assert.equal((await read("2023-11/report")).json().code, "period-unknown");
    const preview = await read("2024-02/waterfall");
    assert.equal(preview.statusCode, 200, preview.body);
  });
});
