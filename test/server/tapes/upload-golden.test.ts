import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { AMCAR_MONTHS, DEAL, insertDeal, upload } from "./amcar-2017-4.ts";
import { CONTROL_TOTALS } from "./control-totals.ts";

describe("the 40 tapes of AmeriCredit 2017-4", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server);
  });
  after(() => server.close());

  it("load one after the other, and only the loan that enters at the cut-off needs a reason", async () => {
    for (const month of AMCAR_MONTHS) {
      const answer = await upload(server, { month });
      assert.equal(answer.statusCode, 201, answer.body);
      assert.deepEqual(
        [answer.json().month, answer.json().version, answer.json().problems.reasons],
        [month, 1, month === "2017-09" ? 1 : 0],
      );
    }
  });

  it("are named by their month, where the raw body comes without a name", async () => {
    const answer = await upload(server, { month: "2017-10" });
    const { period, month, fileName } = answer.json();
    assert.deepEqual([period, month, fileName], [1, "2017-10", "2017-10.xml"]);
  });

  it("are stored with the control totals of the filings, to the cent", async () => {
    const { rows } = await sql<Record<string, string>>`
      select count(*)::text as rows,
        sum(beginning_balance_cents)::text as beginning, sum(principal_cents)::text as principal,
        sum(interest_cents)::text as interest, sum(other_adjustment_cents)::text as adjustment,
        sum(charge_off_cents)::text as charged_off, sum(recovery_cents)::text as recovered,
        sum(liquidation_proceeds_cents)::text as proceeds,
        sum(ending_balance_cents)::text as ending,
        count(termination_code)::text as terminated,
        (count(*) filter (where days_past_due > 0))::text as delinquent
      from loan_months join deals on deals.key = deal_key
      where deals.id = ${DEAL} group by period order by period
    `.execute(server.context.db);
    const stored = rows.map((row, index) => [AMCAR_MONTHS[index], ...Object.values(row)].join(" "));
    assert.deepEqual(stored, CONTROL_TOTALS);
  });

  it("list every tape over several pages", async () => {
    const months: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page = await server.request(server.users.auditor, {
        url: `/v1/deals/${DEAL}/tapes?limit=15${cursor === "" ? "" : `&cursor=${cursor}`}`,
      });
      assert.equal(page.statusCode, 200, page.body);
      const { items, next } = page.json<{ items: { month: string }[]; next: string | null }>();
      months.push(...items.map(({ month }) => month));
      cursor = next;
    }
    assert.deepEqual(months, AMCAR_MONTHS);
  });

  it("say what became of a charged-off loan that came back with recoveries", async () => {
    const loan = encodeURIComponent("0001718362 - 011705");
    const url = `/v1/deals/${DEAL}/loans/${loan}`;
    const history = await server.request(server.users.auditor, { url });
    const items = history.json().items as Record<string, string>[];
    assert.deepEqual(
      items
        .slice(-4)
        .map((item) => [
          item["month"],
          item["endingBalance"],
          item["chargeOff"],
          item["liquidationProceeds"],
          item["status"],
        ]),
      [
        ["2018-02", "12674.39", "0.00", "0.00", "delinquent"],
        ["2018-03", "0.00", "12674.39", "0.00", "charged off"],
        ["2018-06", "0.00", "0.00", "-175.00", "charged off"],
        ["2018-07", "0.00", "0.00", "8725.50", "charged off"],
      ],
    );
    const csv = await server.request(server.users.auditor, { url: `${url}?format=csv` });
    assert.match(csv.headers["content-type"] as string, /^text\/csv/);
    assert.match(csv.body, /^period,month,version,line,originalBalance,.*\r\n0,2017-09,1,/);
  });
});
