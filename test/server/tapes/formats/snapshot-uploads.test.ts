import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { LightMyRequestResponse } from "fastify";
import { startTestServer } from "../../start-test-server.ts";
import type { TestServer } from "../../start-test-server.ts";
import { AMCAR_DEAL_FILE, DEAL, insertDeal, upload } from "../amcar-2017-4.ts";

const COLUMNS = [
  ...["AUTL2", "AUTL3", "AUTL6", "AUTL24", "AUTL25", "AUTL29", "AUTL30", "AUTL40"],
  ...["AUTL52", "AUTL69", "AUTL70", "AUTL72", "AUTL76"],
];

interface Loan {
  id: string;
  balance: string;
  prepaid?: string;
  days?: number;
  status?: string;
  defaulted?: string;
  recovered?: string;
}

function tape(day: string, loans: readonly Loan[]): string {
  const rows = loans.map(({ id, balance, ...loan }) =>
    [
      ...[id, id, day, "2015-05-20", "2020-05-20", "10000.00", balance, "5.00"],
      ...[loan.prepaid ?? "0", loan.days ?? 0, loan.status ?? "PERF"],
      ...[loan.defaulted ?? "0", loan.recovered ?? "0"],
    ].join(","),
  );
  return [COLUMNS.join(","), ...rows, ""].join("\n");
}

const SEPTEMBER: readonly Loan[] = [
  { id: "AUT-1", balance: "8000.00" },
  { id: "AUT-2", balance: "6000.00", prepaid: "500.00" },
  { id: "AUT-3", balance: "4000.00", days: 120, status: "DFLT", defaulted: "4200.00" },
  { id: "AUT-4", balance: "2000.00", days: 20, status: "ARRE" },
];
// 8,000 + 6,000 + 4,000 + 2,000
const CUT_OFF = "20000.00";

const OCTOBER: readonly Loan[] = [
  { id: "AUT-1", balance: "7800.00" },
  { id: "AUT-2", balance: "5100.00", prepaid: "1200.00" },
  // Of the 4,200.00 in default 3,000.00 is still owed, 700.00 came in.
  {
    ...{ id: "AUT-3", balance: "3000.00", days: 151, status: "DFLT" },
    ...{ defaulted: "4200.00", recovered: "700.00" },
  },
  { id: "AUT-4", balance: "0.00", status: "RDMD" },
];

const source = AMCAR_DEAL_FILE.replace("format: absee-auto-loan-xml", "format: esma-automobile-csv")
  .replace('loanIdPrefix: "0001718362 - "', 'loanIdPrefix: "AUT-"')
  .replace("chargeOffAgeDays: 120", "chargeOffAgeDays: 720")
  .replace("cutOffBalance: 239568.99", `cutOffBalance: ${CUT_OFF}`)
  .replace("cutOffLoans: 12", "cutOffLoans: 4");

describe("A pool that is reported as snapshots", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server, source);
    const answer = await send("2017-09", tape("2017-09-30", SEPTEMBER));
    assert.equal(answer.statusCode, 201, answer.body);
  });
  after(() => server.close());

  const send = (month: string, text: string): Promise<LightMyRequestResponse> =>
    upload(server, { month, tape: text, headers: { "content-type": "text/csv" } });

  /** Code and loan of what refuses an October tape. */
  async function refusalsOf(loans: readonly Loan[]): Promise<string[]> {
    const answer = await send("2017-10", tape("2017-10-31", loans));
    assert.equal(answer.statusCode, 422, answer.body);
    const { problems } = answer.json<{
      problems: { code: string; severity: string; loanId: string | null }[];
    }>();
    return problems
      .filter(({ severity }) => severity === "refuse")
      .map(({ code, loanId }) => `${code} ${loanId}`);
  }

  it("is refused when a loan with a balance is not in the tape any more", async () => {
    assert.deepEqual(await refusalsOf(OCTOBER.slice(1)), ["loan-vanished AUT-1"]);
  });

  it("is refused when a loan stands in it twice with different balances", async () => {
    const twice = [...OCTOBER, { id: "AUT-1", balance: "7799.99" }];
    assert.deepEqual(await refusalsOf(twice), ["loan-repeated AUT-1"]);
  });

  it("has as the month's flows what the amounts since origination rose by", async () => {
    // An exact copy of a row is dropped.
    const answer = await send(
      "2017-10",
      tape("2017-10-31", [...OCTOBER, { ...(OCTOBER[0] as Loan) }]),
    );
    assert.equal(answer.statusCode, 201, answer.body);
    const rows = await server.context.db
      .selectFrom("loan_months")
      .innerJoin("deals", "deals.key", "loan_months.deal_key")
      .select([
        "loan_id",
        "beginning_balance_cents as opening",
        "principal_cents as principal",
        "prepaid_principal_cents as prepaid",
        "charge_off_cents as lost",
        "recovery_cents as recovered",
        "ending_balance_cents as closing",
      ])
      .where("deals.id", "=", DEAL)
      .where("period", "=", 1)
      .orderBy("loan_id")
      .execute();
    const flows = rows.map((row) => Object.values(row).map(String));
    assert.deepEqual(flows, [
      // 8,000.00 - 7,800.00 = 200.00
      ["AUT-1", "800000", "20000", "0", "0", "0", "780000"],
      // 6,000.00 - 5,100.00 = 900.00, of it 1,200.00 - 500.00 ahead of schedule
      ["AUT-2", "600000", "90000", "70000", "0", "0", "510000"],
      // Lost before 4,200 - 4,000 = 200.00, now 4,200 - 3,000 = 1,200.00: 1,000.00 in the month, which
      // is all that the balance fell by; 700.00 of it came back.
      ["AUT-3", "400000", "0", "0", "100000", "70000", "300000"],
      ["AUT-4", "200000", "200000", "0", "0", "0", "0"],
    ]);
  });

  it("asks for a reason when an amount since origination falls or a bucket is skipped", async () => {
    const november: readonly Loan[] = [
      { id: "AUT-1", balance: "7800.00", days: 75, status: "ARRE" },
      { id: "AUT-2", balance: "5000.00", prepaid: "1100.00" },
      { ...(OCTOBER[2] as Loan) },
      { ...(OCTOBER[3] as Loan) },
    ];
    const answer = await send("2017-11", tape("2017-11-30", november));
    assert.equal(answer.statusCode, 201, answer.body);
    const listed = await server.request(server.users.servicer, {
      url: `/v1/deals/${DEAL}/tapes/${answer.json().id}/problems`,
    });
    const { items } = listed.json<{
      items: { code: string; loanId: string; severity: string }[];
    }>();
    const reasons = items.filter(({ severity }) => severity === "reason");
    assert.deepEqual(
      new Set(reasons.map(({ code, loanId }) => `${code} ${loanId}`)),
      new Set(["cumulative-fell AUT-2", "status-skipped AUT-1"]),
    );
  });
});
