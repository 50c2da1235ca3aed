/** A deal whose tapes say balances alone: what came in is the difference of two months. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { FANNIE_MAE_FIELDS } from "../../../server/tapes/formats/fannie-mae-fields.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { AMCAR_DEAL_FILE, insertDeal, upload } from "./amcar-2017-4.ts";

const DEAL = "agency-pool";

type Field = (typeof FANNIE_MAE_FIELDS)[number];
const FIELDS_OF_2020 = 108;

function row(month: string, values: Partial<Record<Field, string>>): string {
  const fields: Partial<Record<Field, string>> = {
    "Monthly Reporting Period": month,
    "Original UPB": "210000.00",
    "Current Interest Rate": "4.250",
    "Origination Date": "042017",
    "Maturity Date": "042047",
    "Loan Age": "12",
    "Current Loan Delinquency Status": "00",
    ...values,
  };
  return FANNIE_MAE_FIELDS.slice(0, FIELDS_OF_2020)
    .map((name) => fields[name] ?? "")
    .join("|");
}

/** A loan's balances in September, October and November 2017. */
function history(
  id: string,
  balances: string[],
  last: Partial<Record<Field, string>> = {},
): string[] {
  return balances.map((balance, at) =>
    row(["092017", "102017", "112017"][at] ?? "", {
      "Loan Identifier": id,
      "Current Actual UPB": balance,
      ...(at === 2 ? last : {}),
    }),
  );
}

const GONE = {
  "Current Interest Rate": "",
  "Loan Age": "",
  "Current Loan Delinquency Status": "XX",
} as const;

/** All months in one file, as the agency sends it. */
const FILE = `${[
  ...history("100000000001", ["200000.00", "199750.25", "199500.00"]),
  ...history("100000000002", ["150000.00", "149800.00", "0.00"], {
    ...GONE,
    "Zero Balance Code": "01",
    "UPB at the Time of Removal": "149600.00",
  }),
  ...history("100000000003", ["80000.00", "80000.00", "0.00"], {
    ...GONE,
    "Zero Balance Code": "03",
    "UPB at the Time of Removal": "80000.00",
    "Net Sales Proceeds": "70000.00",
    "Foreclosure Principal Write-off Amount": "12000.00",
  }),
  // Masked up to an age of 6 months.
  ...["0.00", "0.00", "98500.00"].map((balance, at) =>
    row(["092017", "102017", "112017"][at] ?? "", {
      "Loan Identifier": "100000000004",
      "Loan Age": String(5 + at),
      "Current Actual UPB": balance,
    }),
  ),
].join("\n")}\n`;

const DEAL_FILE = AMCAR_DEAL_FILE.replace("absee-auto-loan-xml", "fannie-mae-performance")
  .replace("0001718362 - ", "1000000000")
  .replace("rateUnit: fraction", "rateUnit: percent")
  // 200,000 + 150,000 + 80,000
  .replace("cutOffBalance: 239568.99", "cutOffBalance: 430000.00")
  .replace("cutOffLoans: 12", "cutOffLoans: 3");

describe("tapes of an agency, all months in one file", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server, DEAL_FILE, DEAL);
  });
  after(() => server.close());

  it("are accepted month by month", async () => {
    for (const month of ["2017-09", "2017-10", "2017-11"]) {
      const answer = await upload(server, {
        ...{ month, tape: FILE, deal: DEAL },
        headers: { "content-type": "text/csv" },
      });
      assert.equal(answer.statusCode, 201, answer.body);
    }
  });

  async function flows(month: number): Promise<unknown[]> {
    const rows = await server.context.db
      .selectFrom("loan_months")
      .innerJoin("deals", "deals.key", "loan_months.deal_key")
      .where("deals.id", "=", DEAL)
      .where("period", "=", month)
      .select(["loan_id", "beginning_balance_cents", "principal_cents", "status"])
      .orderBy("loan_id")
      .execute();
    return rows.map((loan) => [
      loan.loan_id.slice(-1),
      loan.beginning_balance_cents,
      loan.principal_cents,
      loan.status,
    ]);
  }

  it("begin where the month before ended, and principal is what is gone and not written off", async () => {
    assert.deepEqual(await flows(1), [
      // 200,000.00 - 199,750.25
      ["1", 200_000_00n, 249_75n, "current"],
      ["2", 150_000_00n, 200_00n, "current"],
      ["3", 80_000_00n, 0n, "current"],
      // Masked in both months: nothing is known.
      ["4", null, null, "current"],
    ]);
    assert.deepEqual(await flows(2), [
      ["1", 199_750_25n, 250_25n, "current"],
      ["2", 149_800_00n, 149_800_00n, "prepaid or matured"],
      // 80,000.00 less 12,000.00 written off
      ["3", 80_000_00n, 68_000_00n, "liquidated"],
      // Its balance is shown for the first time.
      ["4", null, null, "current"],
    ]);
  });
});
