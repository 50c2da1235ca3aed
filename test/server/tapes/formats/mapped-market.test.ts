import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TapeMapping } from "../../../../server/tapes/tape-mapping.ts";
import {
  CARD_ACCOUNTS,
  DAILY_PLATFORM_TAPE,
  LENDER_EXTRACT,
  RECEIVABLES_LEDGER,
} from "./market-mappings.ts";
import { readSample } from "./read-sample.ts";
import type { ReadSample, SampleTerms } from "./read-sample.ts";

const read = (
  file: string,
  mapping: TapeMapping,
  terms: Partial<SampleTerms> = {},
): Promise<ReadSample> => readSample(file, { mapping, periodEnd: "2026-03-31", ...terms });

describe("A ledger of invoices through a mapping", () => {
  const ledger = [
    "countryCode,customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate",
    "391,0379-NEVHP,0000611365,1/2/2026,2/1/2026,55.94,No,3/15/2026",
    "406,8976-AMJEO,0007900770,1/26/2026,2/25/2026,61.74,Yes,",
    "770,2820-XGXSB,0009231909,3/20/2026,4/19/2026,1205.10,No,",
    "",
  ].join("\n");

  it("keeps what is open, late from its due date on, and ends what is settled", async () => {
    const { rows, refusals, totals, attributeNames } = await read(ledger, RECEIVABLES_LEDGER);
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      rows.map(({ loanId, status, days, cents }) => [loanId, status, days, cents("endingBalance")]),
      [
        // Leading zeros stay.
        ["0000611365", "prepaid or matured", 0, 0],
        // From 25 February to 31 March: 3 + 31 days.
        ["0007900770", "delinquent", 34, 61_74],
        ["0009231909", "current", 0, 1_205_10],
      ],
    );
    assert.equal(totals.cents("endingBalance"), 1_266_84);
    // A dispute has no status of its own; it can be stratified by.
    assert.ok(attributeNames.includes("Disputed"));
    assert.equal(attributeNames.includes("customerID"), false);
  });
});

describe("Card accounts through a mapping", () => {
  const accounts = [
    "ID,LIMIT_BAL,SEX,AGE,PAY_0,PAY_2,BILL_AMT1,BILL_AMT2,PAY_AMT1,PAY_AMT2,default.payment.next.month",
    "1,20000,2,24,2,2,3913,3102,0,689,1",
    "2,120000,2,26,-1,2,2682,1725,1725,1000,1",
    "3,90000,2,34,0,0,29239,14027,1518,1500,0",
    "4,50000,1,57,-2,-1,-120,300,420,0,0",
    "",
  ].join("\r");
  // An account that is not used is no loan that has ended.
  const checks = { "zero-balance-without-code": "ignore" } as const;

  it("reads line ends of CR alone, months late as days, and no credit balance as a receivable", async () => {
    const { rows, problems, totals, attributeNames } = await read(accounts, CARD_ACCOUNTS, {
      checks,
    });
    assert.deepEqual(
      problems.filter(({ severity }) => severity !== "note"),
      [],
    );
    assert.deepEqual(
      rows.map(({ days, bucket, cents }) => [days, bucket, cents("endingBalance")]),
      [
        [60, "60-89", 3_913_00],
        [0, "current", 2_682_00],
        [0, "current", 29_239_00],
        [0, "current", 0],
      ],
    );
    // 3,913 + 2,682 + 29,239
    assert.equal(totals.cents("endingBalance"), 35_834_00);
    assert.ok(attributeNames.includes("BILL_AMT1"));
    assert.equal(attributeNames.includes("SEX"), false);
  });
});

describe("A platform's daily tape through a mapping", () => {
  const HEADER =
    "ReportDate,DataDate,MplAcctID,BorrowerName,OriginalLoanAmount,BeginningPrincipal,EndingPrincipal,PrincipalPaid,InterestPaid,LateFeePaid,OtherFeePaid,ChargeOffPrincipal,CumulativeRecoveries,InterestRate,DaysPastDue,MaturityDate,LoanStatus";
  const ROWS = [
    '2026-04-01,2026-03-31,777777-AAAAA,"Doe, J.",5000.00,3210.55,3100.15,110.40,31.20,0.00,0.00,0.00,0.00,11.99,0,2028-09-15,CURRENT',
    '2026-04-01,2026-03-31,777777-AAAAB,"Roe, R.",9000.00,7020.00,7020.00,0.00,0.00,0.00,0.00,0.00,0.00,18.49,47,2029-01-20,PASTDUE',
    '2026-04-01,2026-03-31,777777-AAAAC,"Poe, P.",2500.00,1204.77,0.00,0.00,0.00,0.00,0.00,1204.77,85.00,24.99,151,2027-02-10,CHARGEDOFF',
    '2026-04-01,2026-03-31,777777-AAAAD,"Loe, L.",4000.00,812.30,0.00,812.30,4.10,15.00,5.00,0.00,0.00,9.99,0,2026-12-01,PAIDOFF',
  ];

  it("reads the day before the report as the day of its data", async () => {
    const { rows, refusals, totals, attributeNames } = await read(
      [HEADER, ...ROWS, ""].join("\n"),
      DAILY_PLATFORM_TAPE,
    );
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      rows.map(({ status }) => status),
      ["current", "delinquent", "charged off", "prepaid or matured"],
    );
    // 3,100.15 + 7,020.00
    assert.equal(totals.cents("endingBalance"), 10_120_15);
    assert.equal(rows[3]?.cents("fees"), 20_00);
    assert.equal(attributeNames.includes("BorrowerName"), false);
  });

  it("refuses the tape of another day", async () => {
    const { codes } = await read(
      [HEADER, ...ROWS, ""].join("\n").replaceAll("2026-03-31", "2026-03-30"),
      DAILY_PLATFORM_TAPE,
    );
    assert.ok(codes.includes("period"));
  });
});

describe("A lender's own extract through a mapping", () => {
  const tape = [
    "Loan Identifier,Origination Dt,Maturity DATE,Original Principal Balance,Current Principal Balance GBP,Current Interest Rate,Current Valuation Amount,Post Code,Region ,Account Status,Data Cut-Off Date,Number of Days in Arrears",
    'ORIGIN-0001,30/07/2024,30/07/2047,"347,145.65", £340604.68 ,6.451,"1,050,161",RG1 2DP,South East,Active,31/03/2026,0',
    'ORIGIN-0002,28/02/2019,28/02/2043,"182,396.61", £176814.05 ,6.735,"785,300",BS1 5AH,South West,Active,31/03/2026,31',
    'ORIGIN-0003,09/11/2020,09/11/2040,"91,000.00", £0.00 ,5.125,"240,000",LS1 1AA,Yorkshire,Redeemed,31/03/2026,0',
    "",
  ].join("\r\n");

  it("reads days before months, pounds, thousands and names with stray blanks", async () => {
    const { rows, refusals, codes, totals, attributeNames } = await read(tape, LENDER_EXTRACT);
    assert.deepEqual(refusals, []);
    assert.ok(codes.includes("amount-style"));
    // 340,604.68 + 176,814.05
    assert.equal(totals.cents("endingBalance"), 517_418_73);
    assert.equal(rows[0]?.values.region, "South East");
    assert.equal(rows[1]?.bucket, "30-59");
    assert.equal(rows[2]?.number("origination"), 2020 * 12 + 10);
    assert.equal(attributeNames.includes("Post Code"), false);
  });

  it("reads decimal commas where the mapping says so", async () => {
    const comma = tape
      .replaceAll(",", ";")
      .replaceAll(/"([\d;.]+)"/g, (_, amount: string) =>
        amount.replaceAll(";", ".").replace(/\.(\d\d)$/, ",$1"),
      )
      .replaceAll(/£([\d]+)\.(\d\d)/g, "£$1,$2")
      .replaceAll(/;(\d)\.(\d{3});/g, ";$1,$2;");
    const { totals, refusals } = await read(comma, {
      ...LENDER_EXTRACT,
      delimiter: ";",
      decimalComma: true,
    });
    assert.deepEqual(refusals, []);
    assert.equal(totals.cents("endingBalance"), 517_418_73);
    // 347.145,65 + 182.396,61 + 91.000,00
    assert.equal(totals.cents("originalBalance"), 620_542_26);
  });

  it("asks when no day of a column is above 12: day and month may be swapped", async () => {
    const [header = "", row = ""] = tape.split("\r\n");
    const rows = Array.from({ length: 24 }, (_, at) =>
      row
        .replace("ORIGIN-0001", `ORIGIN-10${at + 10}`)
        .replace("30/07/2024", `0${1 + (at % 9)}/07/2024`),
    );
    const { problems } = await read([header, ...rows].join("\n"), LENDER_EXTRACT);
    const ambiguous = problems.filter(({ code }) => code === "date-ambiguous");
    assert.deepEqual(
      ambiguous.map(({ field }) => field),
      ["Origination Dt"],
    );
  });
});
