import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { acceptTape, AMCAR_DEAL_FILE, close, DEAL, insertDeal, upload } from "./amcar-2017-4.ts";
import { csvOf } from "./made-csv.ts";

const MAPPING = `
    differenced: true
    columns:
      loanId: Loan
      periodEnd: As of
      originalBalance: Original
      endingBalance: Balance
      interestRate: Rate
      interest: { column: Interest so far, over: cumulative }`;

const DEAL_FILE = AMCAR_DEAL_FILE.replace("absee-auto-loan-xml", "mapped")
  .replace(/loanIdPrefix: .*/, "loanIdPrefix: L")
  .replace(/cutOffBalance: .*/, "cutOffBalance: 2000.00")
  .replace(/cutOffLoans: .*/, "cutOffLoans: 2")
  .replace("  chargeOffAgeDays: 120", `  chargeOffAgeDays: 120\n  mapping:${MAPPING}`);

/** Two loans of one balance, with what each has paid in interest since origination. */
const tape = (asOf: string, balance: string, interest: readonly [string, string]): string =>
  csvOf(
    interest.map((paid, at) => ({
      Loan: `L${at + 1}`,
      "As of": asOf,
      Original: "5000.00",
      Balance: balance,
      Rate: "0.06",
      "Interest so far": paid,
    })),
  );

const SEPTEMBER = tape("2017-09-30", "1000.00", ["10.00", "10.00"]);
const OCTOBER = tape("2017-10-31", "900.00", ["15.00", "15.00"]);
/** The first loan had paid 18.00 by then. */
const CORRECTED = tape("2017-10-31", "900.00", ["18.00", "15.00"]);
const NOVEMBER = tape("2017-11-30", "800.00", ["20.00", "20.00"]);

describe("a corrected tape of amounts since origination", () => {
  let server: TestServer;
  const send = async (month: string, text: string) => {
    const answer = await upload(server, {
      month,
      tape: text,
      headers: { "content-type": "text/csv" },
    });
    return { status: answer.statusCode, ...answer.json<{ id: string; version: number }>() };
  };
  /** Interest of the first loan's month, as the newest version of its tape has it. */
  const interestOf = async (period: number): Promise<string> => {
    const answer = await server.request(server.users.servicer, {
      url: `/v1/deals/${DEAL}/loans/L1`,
    });
    const { items } = answer.json<{ items: { period: number; interest: string }[] }>();
    return items.findLast((item) => item.period === period)?.interest ?? "";
  };

  before(async () => {
    server = await startTestServer();
    await insertDeal(server, DEAL_FILE);
    for (const [month, text] of [
      ["2017-09", SEPTEMBER],
      ["2017-10", OCTOBER],
      ["2017-11", NOVEMBER],
    ] as const) {
      assert.equal((await send(month, text)).status, 201);
    }
    // 20.00 - 15.00
    assert.equal(await interestOf(2), "5.00");
  });
  after(() => server.close());

  it("says that the next month was counted from the old one, which cannot be closed then", async () => {
    const { id } = await send("2017-10", CORRECTED);
    const accepted = await acceptTape(server, id, "The interest of L1 was wrong");
    assert.equal(accepted.statusCode, 201, accepted.body);
    assert.equal(accepted.json().chain.after.broken, 1);
    // 18.00 - 10.00
    assert.equal(await interestOf(1), "8.00");
    assert.equal((await close(server, "2017-10")).statusCode, 201);
    const refused = await close(server, "2017-11");
    assert.deepEqual([refused.statusCode, refused.json().code], [409, "period-not-contiguous"]);
    assert.match(
      refused.json().detail,
      /L1: its amounts since origination were counted from another/,
    );
  });

  it("lets the next month's file be sent again, counted from the new one", async () => {
    const again = await send("2017-11", NOVEMBER);
    assert.deepEqual([again.status, again.version], [201, 2]);
    assert.equal((await acceptTape(server, again.id, "Counted anew")).statusCode, 201);
    // 20.00 - 18.00: with the 8.00 of October the 10.00 that were paid since the cut-off.
    assert.equal(await interestOf(2), "2.00");
    assert.equal((await close(server, "2017-11")).statusCode, 201);
    const same = await send("2017-11", NOVEMBER);
    assert.deepEqual([same.status, same.version], [200, 2]);
  });

  it("of the cut-off makes the first close stale, which nobody closes but over it", async () => {
    const cutOff = tape("2017-09-30", "1000.00", ["11.00", "10.00"]);
    const { id } = await send("2017-09", cutOff);
    const accepted = await acceptTape(server, id, "The interest of L1 was wrong");
    assert.equal(accepted.json().chain.after.broken, 1, accepted.body);
    const stale = await close(server, "2017-10");
    assert.deepEqual([stale.statusCode, stale.json().code], [422, "close-reason-missing"]);
    const october = await send("2017-10", CORRECTED);
    assert.deepEqual([october.status, october.version], [201, 3]);
    const anew = await acceptTape(server, october.id, "Counted anew");
    assert.deepEqual([anew.statusCode, anew.json().closed.version], [201, 2], anew.body);
    // 18.00 - 11.00
    assert.equal(await interestOf(1), "7.00");
  });
});
