import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TapeMapping } from "../../../../server/tapes/tape-mapping.ts";
import { workbookOf } from "./make-sheet.ts";
import { SERVICING_WORKBOOK, STUDENT_WORKBOOK } from "./market-mappings.ts";
import { readSample } from "./read-sample.ts";
import type { ReadSample, SampleTerms } from "./read-sample.ts";

const read = (
  file: Buffer,
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
