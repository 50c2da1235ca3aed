import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TapeMapping } from "../../../../server/tapes/tape-mapping.ts";
import { workbookOf } from "./make-sheet.ts";
import {
  CARD_ACCOUNTS,
  DAILY_PLATFORM_TAPE,
  LENDER_EXTRACT,
  RECEIVABLES_LEDGER,
  SERVICING_WORKBOOK,
  STUDENT_WORKBOOK,
} from "./market-mappings.ts";
import { readSample } from "./read-sample.ts";
import type { ReadSample, SampleTerms } from "./read-sample.ts";

const read = (
  file: string | Buffer,
  mapping: TapeMapping,
  terms: Partial<SampleTerms> = {},
): Promise<ReadSample> => readSample(file, { mapping, periodEnd: "2026-03-31", ...terms });

describe("A servicing workbook through a mapping", () => {
  const TITLES = [["MADE DATA"], ["SERVICING TAPE - MAR 2026 (As of 03/31/2026)"]];
  const HEADER = [
    "Loan ID",
    "Investor",
    "Orig Date",
    "Original Bal ($)",
    "Current UPB ($)",
    "Rate",
    "Net Serv Fee",
    "Rem Term",
    "Maturity",
    "Status",
  ];
  type Row = (string | number)[];
  const LOANS: readonly Row[] = [
    [
      "MSR100001",
      "FNMA",
      "2019-05-14",
      425000,
      360477.28,
      0.0405,
      0.0025,
      269,
      "2049-06-01",
      "Current",
    ],
    [
      "MSR100002",
      "GNMA",
      "2021-03-02",
      215000,
      190586.38,
      0.0284,
      0.0046,
      300,
      "2051-04-01",
      "30 DPD",
    ],
    [
      "MSR100003",
      "FHLMC",
      "2022-08-19",
      310500,
      298012.4,
      0.0519,
      0.0025,
      317,
      "2052-09-01",
      "90+ DPD",
    ],
    [
      "MSR100004",
      "FNMA",
      "2018-01-22",
      150000,
      0,
      0.0399,
      0.0025,
      262,
      "2048-02-01",
      "Paid in Full",
    ],
  ];
  // 360,477.28 + 190,586.38 + 298,012.40 + 0 and 425,000 + 215,000 + 310,500 + 150,000
  const TOTALS: Row = ["TOTALS / AVERAGES", "", "", 1100500, 849076.06, 0.0402, 0.003, 4];

  /** The tape with one loan's cell changed. */
  const tape = (
    change: { loan: number; column: string; to: string | number } | null = null,
  ): Buffer =>
    workbookOf([
      ...TITLES,
      HEADER,
      ...LOANS.map((row, loan) =>
        row.map((cell, at) =>
          change?.loan === loan && HEADER[at] === change.column ? change.to : cell,
        ),
      ),
      TOTALS,
    ]);

  it("finds the header below the titles and compares the totals row", async () => {
    const { rows, refusals, problems, totals } = await read(tape(), SERVICING_WORKBOOK);
    assert.deepEqual(refusals, []);
    assert.equal(totals.cents("endingBalance"), 849_076_06);
    assert.deepEqual(
      rows.map(({ status, bucket }) => [status, bucket]),
      [
        ["current", "current"],
        ["delinquent", "30-59"],
        ["delinquent", "90-119"],
        ["prepaid or matured", "current"],
      ],
    );
    const agreed = problems.filter(({ code }) => code === "totals-row");
    assert.deepEqual(
      new Map(agreed.map(({ field, value }) => [field, value])),
      new Map([
        ["Original Bal ($)", "1100500.00"],
        ["Current UPB ($)", "849076.06"],
      ]),
    );
    assert.ok(problems.some(({ code, value }) => code === "title-rows" && value.startsWith("2 ")));
    assert.equal(rows[0]?.number("origination"), 2019 * 12 + 4);
    assert.equal(rows[0]?.number("maturity"), 2049 * 12 + 5);
  });

  it("finds a balance times 10, above the original one and against the totals row", async () => {
    const times10 = tape({ loan: 1, column: "Current UPB ($)", to: 1905863.8 });
    const { problems } = await read(times10, SERVICING_WORKBOOK);
    const found = new Set(problems.map(({ code, loanId }) => `${code} ${loanId}`));
    assert.ok(found.has("above-original-balance MSR100002"));
    assert.ok(found.has("totals-row-differs null"));
    const strict = await read(times10, SERVICING_WORKBOOK, {
      checks: { "above-original-balance": "refuse" },
    });
    assert.ok(strict.refusals.some(({ code }) => code === "above-original-balance"));
  });

  it("finds a balance of 0 on a loan that has not ended", async () => {
    const { problems } = await read(
      tape({ loan: 0, column: "Current UPB ($)", to: 0 }),
      SERVICING_WORKBOOK,
    );
    assert.ok(
      problems.some(
        ({ code, loanId }) => code === "zero-balance-without-code" && loanId === "MSR100001",
      ),
    );
  });

  it("finds a rate of 6.44 for 0.0644", async () => {
    const { refusals } = await read(
      tape({ loan: 2, column: "Rate", to: 6.44 }),
      SERVICING_WORKBOOK,
    );
    assert.deepEqual(
      refusals.map(({ code, loanId }) => [code, loanId]),
      [["rate-range", "MSR100003"]],
    );
  });

  for (const [unit, fees] of [
    ["percent", [0.25, 0.46, 0.25, 0.25]],
    ["basis points", [25, 46, 25, 25]],
  ] as const) {
    it(`finds fees in ${unit} where fractions are declared`, async () => {
      const rows = LOANS.map((row, loan) =>
        row.map((cell, at) => (HEADER[at] === "Net Serv Fee" ? (fees[loan] ?? 0) : cell)),
      );
      const { codes } = await read(workbookOf([...TITLES, HEADER, ...rows]), SERVICING_WORKBOOK);
      assert.ok(codes.includes("fee-unit"), codes.join());
    });
  }

  it("finds one loan's fee in percent, or in basis points, among fractions", async () => {
    for (const [to, code] of [
      [0.25, "fee-unit"],
      [65, "rate-range"],
    ] as const) {
      const { problems } = await read(
        tape({ loan: 0, column: "Net Serv Fee", to }),
        SERVICING_WORKBOOK,
      );
      const found = problems.filter(({ field }) => field === "Net Serv Fee");
      assert.deepEqual(
        found.map((problem) => [problem.code, problem.loanId]),
        [[code, "MSR100001"]],
      );
    }
  });

  it("notes a status that the mapping does not have", async () => {
    const { problems } = await read(
      tape({ loan: 0, column: "Status", to: "45 DPD" }),
      SERVICING_WORKBOOK,
    );
    assert.ok(problems.some(({ code, value }) => code === "code-unknown" && value === "45 DPD"));
  });

  it("refuses an error value where an amount is needed", async () => {
    const { codes } = await read(
      tape({ loan: 0, column: "Current UPB ($)", to: "#N/A" }),
      SERVICING_WORKBOOK,
    );
    assert.ok(codes.includes("error-cell"));
  });
});

describe("A student loan workbook through a mapping", () => {
  const HEADER = [
    "Loan #",
    "Loan System ID",
    "School",
    "Original Principal Balance",
    "First Disbursement Date",
    "Original Repayment Period (Months)",
    "Maturity Date",
    "Loan Status",
    "Principal Balance",
    "Current Interest Rate",
    "Days Late",
    "Borrower FICO",
    "Co-Borrower FICO",
  ];
  const LOANS = [
    [
      1,
      360003427940,
      "School 30",
      10500,
      "2016-04-11",
      36,
      "2026-10-10",
      "Repayment",
      8769.41,
      0.072266,
      0,
      710,
      819,
    ],
    [
      2,
      360003496766,
      "School 14",
      15645,
      "2016-10-24",
      36,
      "2027-05-24",
      "Interest Only",
      15645,
      0.117,
      0,
      0,
      667,
    ],
    [
      3,
      360003483279,
      "School 40",
      3150,
      "2016-10-03",
      36,
      "2027-06-01",
      "Collection",
      3150,
      0.1304,
      95,
      641,
      0,
    ],
    [
      4,
      360003442668,
      "School 40",
      14306.25,
      "2016-07-05",
      36,
      // Serial 0.
      "1899-12-30",
      "Paid In Full",
      0,
      0.065,
      0,
      0,
      0,
    ],
  ];
  // The used range goes on for 2,000 rows without a value.
  const blank = Array.from({ length: 2000 }, () => ["", "", ""]);

  it("reads ids as text, takes the borrower's score or the co-borrower's, and 0 for none", async () => {
    const { rows, refusals, totals, codes } = await read(
      workbookOf([HEADER, ...LOANS, ...blank]),
      STUDENT_WORKBOOK,
    );
    assert.ok(codes.includes("blank-rows"));
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      rows.map(({ loanId, number, status }) => [loanId, number("creditScore"), status]),
      [
        ["360003427940", 710, "current"],
        ["360003496766", 667, "current"],
        ["360003483279", 641, "defaulted"],
        ["360003442668", null, "prepaid or matured"],
      ],
    );
    // 8,769.41 + 15,645.00 + 3,150.00
    assert.equal(totals.cents("endingBalance"), 27_564_41);
    assert.equal(rows[3]?.number("maturity"), null);
    assert.equal(rows[0]?.rate("interestRate"), 0.072266);
  });

  it("refuses a loan that was paid too much: its balance is below zero", async () => {
    const overpaid = LOANS.map((row) => row.map((cell) => (cell === 3150 ? -30.37 : cell)));
    const { problems } = await read(workbookOf([HEADER, ...overpaid]), STUDENT_WORKBOOK);
    assert.ok(
      problems.some(
        ({ code, loanId, value }) =>
          code === "sign" && loanId === "360003483279" && value === "-30.37",
      ),
    );
  });
});

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
