/** Exhibits 102 as tables: extracts in CSV, the workbooks of one issuer, months side by side. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { makeWorkbook, textRows } from "../framing/make-zip.ts";
import { assertFigures } from "./control-figures.ts";
import { readSample, sampleFile } from "./read-sample.ts";

const text = (name: string): string => readFileSync(sampleFile(name), "utf8");

const USUAL = {
  subtract: ["principal", "otherAdjustment", "chargeOff"],
  add: [],
  toleranceCents: 0n,
} as const;

describe("an extract of auto loans", () => {
  const FILE = text("absee-auto-loan-table/world-omni-2020-07.csv");
  const TERMS = { periodEnd: "2020-07-31", rollForward: USUAL } as const;

  it("is refused when its ids went through a float, and adds up all the same", async () => {
    const sample = await readSample(FILE, TERMS);
    assert.deepEqual(
      sample.refusals.map(({ code, field, line }) => [code, field, line]),
      [["loan-id-precision", "assetNumber", 2]],
    );
    assert.match(sample.refusals[0]?.expected ?? "", /8 of 8 ids/);
    assertFigures(sample, {
      rows: 8,
      loans: 8,
      terminated: 0,
      delinquent: 1,
      sums: {
        beginningBalance: "215181.05",
        principal: "1865.34",
        interest: "1576.76",
        endingBalance: "213315.71",
      },
    });
  });

  it("has no trouble with the ids as the issuer wrote them", async () => {
    const file = FILE.replaceAll(/,(998989999995)\d{6},/g, (_, stem) => `,${stem}-A,`);
    assert.deepEqual((await readSample(file, TERMS)).refusals, []);
  });

  it("reads NA as nothing: no recovery was stated, and 0 was", async () => {
    const { rows } = await readSample(FILE, TERMS);
    assert.equal(rows[0]?.cents("chargeOff"), null);
    assert.equal(rows[0]?.cents("recovery"), 0);
  });

  it("notes columns of whoever made it and keeps them", async () => {
    const { problems, attributeNames } = await readSample(FILE, TERMS);
    const unknown = problems.filter(({ code }) => code === "unknown-column");
    assert.deepEqual(
      unknown.map(({ field }) => field),
      ["subvented.1", "X..i..", "modificationTypeCode.1"],
    );
    assert.ok(attributeNames.includes("modificationTypeCode.1"));
  });

  it("takes the columns in any order and repeated codes as a list", async () => {
    const [names = [], ...rows] = FILE.trimEnd()
      .split("\n")
      .map((line) => line.split(",").toReversed());
    const at = names.indexOf("subvented");
    const lists = rows.map((cells, row) =>
      cells.with(at, row % 2 === 0 ? "1; 2" : `"['1', '2']"`).join(","),
    );
    const turned = [names.join(","), ...lists].join("\n");
    const { totals, problems } = await readSample(turned, TERMS);
    assert.equal(totals.cents("endingBalance"), 213_315_71);
    assert.ok(!problems.some(({ code }) => code === "code-unknown"));
  });

  it("is refused when it has no row of the period: it is no empty tape", async () => {
    const { refusals, rows } = await readSample(FILE, { ...TERMS, periodEnd: "2020-08-31" });
    assert.equal(rows.length, 0);
    assert.deepEqual(
      refusals.map(({ code, value }) => [code, value]),
      [["period", "8 rows, all of other periods"]],
    );
  });

  it("may write its months as its tool does", async () => {
    const { rows, refusals } = await readSample(FILE.replace("08/2019", "2019-08"), TERMS);
    assert.equal(rows[0]?.number("origination"), 2019 * 12 + 7);
    assert.deepEqual([...new Set(refusals.map(({ code }) => code))], ["loan-id-precision"]);
  });

  it("is refused where a date is in another style", async () => {
    const { refusals } = await readSample(FILE.replace("07-31-2020", "7/31/20"), TERMS);
    assert.ok(refusals.some(({ code, value }) => code === "date-style" && value === "7/31/20"));
  });

  it("is refused as a whole when a needed column is not there", async () => {
    const file = FILE.replace("reportingPeriodActualEndBalanceAmount", "balance");
    const { refusals, rows } = await readSample(file, {
      ...TERMS,
      format: "absee-auto-loan-table",
    });
    assert.deepEqual([refusals[0]?.code, rows.length], ["header", 0]);
  });
});

describe("a workbook with the history of one loan", () => {
  const NAMES = [
    "assetTypeNumber",
    "assetNumber",
    "reportingPeriodBeginningDate",
    "reportingPeriodEndingDate",
    "originalLoanAmount",
    "obligorCreditScore",
    "reportingPeriodInterestRatePercentage",
    "scheduledPrincipalAmount",
    "reportingPeriodBeginningLoanBalanceAmount",
    "actualPrincipalCollectedAmount",
    "reportingPeriodActualEndBalanceAmount",
    "zeroBalanceCode",
    "currentDelinquencyStatus",
    "recoveredAmount",
    "zeroBalanceCodeMapped",
  ];
  /** The id stands behind a formula whose stored value is 0: what most readers take it for. */
  const ID = '<c><f>"0001694010 - 000264"</f><v>0</v></c>';
  const cell = (value: string): string => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  const row = (at: number, [kind = "", ...values]: string[]): string =>
    `<row r="${at}">${cell(kind)}${ID}${values.map(cell).join("")}</row>`;
  const book = makeWorkbook({
    sheets: [
      {
        name: "Sheet1",
        rows: [
          textRows([NAMES]),
          ...[
            "CIK|11-01-2020|11-30-2020|21166.38|562|0.10900000|23.08|250.28|50|200.28|-|0|-|Unavailable",
            "CIK|10-01-2020|10-31-2020|21166.38|562|0.109000000000001|281.54746342|300.28|50|250.28|-|14|-|Unavailable",
            "CIK|09-01-2020|09-30-2020|21166.38|562|0.109|23.08|350.28|50|300.28|-|0|-|Unavailable",
          ].map((line, at) => row(at + 2, line.split("|"))),
        ].join(""),
      },
    ],
  });

  it("keeps the id of the formula, and says so", async () => {
    const { rows, problems } = await readSample(book, { periodEnd: "2020-11-30" });
    assert.deepEqual(
      rows.map(({ loanId }) => loanId),
      ["0001694010 - 000264"],
    );
    const formula = problems.find(({ code }) => code === "loan-id-formula");
    assert.equal(formula?.severity, "note");
  });

  it("is read month by month; rows of other months are counted", async () => {
    const october = await readSample(book, { periodEnd: "2020-10-31" });
    assert.equal(october.format, "absee-auto-loan-table");
    assert.deepEqual(
      [october.totals.cents("beginningBalance"), october.totals.cents("endingBalance")],
      [300_28, 250_28],
    );
    assert.equal(october.rows[0]?.days, 14);
    const skipped = october.problems.find(({ code }) => code === "records-skipped");
    assert.match(skipped?.value ?? "", /^2 rows/);
  });

  it("rounds a schedule to the cent, and says that a rate passed through a float", async () => {
    const { rows, problems } = await readSample(book, { periodEnd: "2020-10-31" });
    // 281.54746342
    assert.equal(rows[0]?.cents("scheduledPrincipal"), 281_55);
    assert.equal(rows[0]?.rate("interestRate"), 0.109);
    assert.ok(problems.some(({ code }) => code === "float-noise"));
  });

  it("reads a dash as nothing", async () => {
    const { rows } = await readSample(book, { periodEnd: "2020-09-30" });
    assert.deepEqual(
      [rows[0]?.values.terminationCode, rows[0]?.cents("recovery"), rows[0]?.status],
      [null, null, "current"],
    );
  });
});

describe("the history of a commercial pool in one file", () => {
  const FILE = text("absee-cmbs-table/ubs-2018-11-12.csv");
  const rule = (toleranceCents: bigint) => ({ ...USUAL, toleranceCents });

  for (const [periodBegin, periodEnd, figures] of [
    [
      "2018-10-12",
      "2018-11-13",
      {
        beginningBalance: "108631753.00",
        principal: "76680.17",
        interest: "436731.90",
        endingBalance: "108555069.00",
      },
    ],
    [
      "2018-11-14",
      "2018-12-11",
      {
        beginningBalance: "108555069.00",
        principal: "85032.31",
        interest: "422341.10",
        endingBalance: "108470040.00",
      },
    ],
  ] as const) {
    it(`adds up to the control totals of the month to ${periodEnd}`, async () => {
      const sample = await readSample(FILE, { periodBegin, periodEnd });
      // One late by less than 30 days (B), one by 60 days in November; in December by 90 days.
      const delinquent = periodEnd === "2018-11-13" ? 2 : 1;
      assertFigures(sample, { rows: 4, loans: 4, terminated: 0, delinquent, sums: figures });
    });
  }

  it("rolls forward to within what a 32-bit float leaves of the balances, if the deal says so", async () => {
    const terms = { periodBegin: "2018-11-14", periodEnd: "2018-12-11" };
    const strict = await readSample(FILE, { ...terms, rollForward: rule(1n) });
    assert.ok(strict.refusals.some(({ code }) => code === "roll-forward"));
    // 44,441,764.00 instead of 44,441,760.32: floats of that size are 4 apart.
    const wide = await readSample(FILE, { ...terms, rollForward: rule(4_00n) });
    assert.deepEqual(wide.refusals, []);
  });

  it("reads the payment status as the first day of its bucket", async () => {
    const read = async (periodEnd: string) =>
      (await readSample(FILE, { periodEnd })).rows.map((row) => [
        row.loanId,
        row.status,
        row.days,
        row.bucket,
      ]);
    assert.deepEqual(await read("2018-11-13"), [
      ["2", "current", 0, "current"],
      ["3", "current", 0, "current"],
      ["24", "delinquent", 1, "1-29"],
      ["44", "delinquent", 60, "60-89"],
    ]);
    assert.deepEqual((await read("2018-12-11"))[3], ["44", "delinquent", 90, "90-119"]);
  });

  it("belongs to the month that a determination date lies in, and keeps the date", async () => {
    const { rows, problems, attributeNames } = await readSample(FILE, { periodEnd: "2018-11-30" });
    assert.equal(rows.length, 4);
    assert.ok(!problems.some(({ code }) => code === "period" || code === "period-length"));
    assert.ok(attributeNames.includes("reportingPeriodBeginningDate"));
    assert.ok(attributeNames.includes("reportingPeriodEndDate"));
    const other = await readSample(FILE, { periodEnd: "2018-10-31" });
    assert.deepEqual(
      other.refusals.map(({ code }) => code),
      ["period"],
    );
  });

  it("keeps ids that look like numbers apart: 4.10 is not 4.1", async () => {
    const file = FILE.replaceAll("Prospectus Loan ID,24,", "Prospectus Loan ID,4.10,").replaceAll(
      "Prospectus Loan ID,44,",
      "Prospectus Loan ID,4.1,",
    );
    const { rows } = await readSample(file, { periodEnd: "2018-12-11" });
    assert.deepEqual(
      rows.map(({ loanId }) => loanId),
      ["2", "3", "4.10", "4.1"],
    );
  });

  it("counts the months to the maturity", async () => {
    const { rows } = await readSample(FILE, { periodEnd: "2018-12-11" });
    // 2027-04 less 2018-12
    assert.equal(rows[0]?.number("remainingTerm"), (2027 - 2018) * 12 + 4 - 12);
  });
});

describe("tables of the other schemas", () => {
  for (const [table, exhibit] of [
    ["absee-auto-lease-table/leases-2026-02.csv", "absee-auto-lease-xml/leases-2026-02.xml"],
    ["absee-rmbs-table/mortgages-2026-02.csv", "absee-rmbs-xml/mortgages-2026-02.xml"],
    [
      "absee-debt-securities-table/securities-2026-02.csv",
      "absee-debt-securities-xml/securities-2026-02.xml",
    ],
  ] as const) {
    it(`say what the exhibit says: ${table}`, async () => {
      const terms = { periodEnd: "2026-02-28" };
      const [one, other] = [
        await readSample(text(table), terms),
        await readSample(text(exhibit), terms),
      ];
      assert.deepEqual(
        one.rows.map(({ loanId, status, days }) => [loanId, status, days]),
        other.rows.map(({ loanId, status, days }) => [loanId, status, days]),
      );
      assert.deepEqual({ ...one.totals, cents: null }, { ...other.totals, cents: null });
    });
  }
});

describe("a table with the months of a loan side by side", () => {
  const FILE = text("absee-auto-loan-wide/months-2025-11.csv");
  const read = (periodEnd: string) => readSample(FILE, { periodEnd, rollForward: USUAL });

  it("gives its first month as it is", async () => {
    const { totals, refusals, rows } = await read("2025-11-30");
    assert.deepEqual(refusals, []);
    // 11,448.24 + 16,143.29 + 7,600.87
    assert.equal(totals.cents("beginningBalance"), 35_192_40);
    // 166.72 + 349.26 + 0
    assert.equal(totals.cents("principal"), 515_98);
    assert.equal(totals.cents("endingBalance"), 34_676_42);
    assert.equal(rows[1]?.days, 12);
  });

  it("gives a later month from the columns with its number", async () => {
    const { totals, rows } = await read("2025-12-31");
    // What November ended with.
    assert.equal(totals.cents("beginningBalance"), 34_676_42);
    // 169.86 + 366.95 + 0
    assert.equal(totals.cents("principal"), 536_81);
    // BAL1: 11,111.66 + 15,427.08 + 7,600.87
    assert.equal(totals.cents("endingBalance"), 34_139_61);
    // Nothing says how late a loan is in a later month, and its term runs on.
    assert.equal(rows[1]?.days, null);
    assert.equal(rows[0]?.number("remainingTerm"), (2030 - 2026) * 12 + 1);
  });

  it("shows recoveries and sales, and asks for the reason of a zero balance", async () => {
    const { rows, problems } = await read("2026-01-31");
    // 7,600.87 of the third loan are gone without principal: 2,100.00 sold for, 350.50 recovered.
    assert.deepEqual(
      [rows[2]?.cents("recovery"), rows[2]?.cents("liquidationProceeds")],
      [350_50, 2_100_00],
    );
    assert.equal(problems.filter(({ code }) => code === "zero-balance-without-code").length, 2);
    assert.equal(problems.filter(({ code }) => code === "roll-forward").length, 1);
  });

  it("leaves out loans that are gone, and counts them", async () => {
    const { rows, problems } = await read("2026-02-28");
    assert.deepEqual(
      rows.map(({ loanId, cents }) => [loanId, cents("endingBalance")]),
      [["19406600", 10_777_65]],
    );
    const skipped = problems.find(({ code }) => code === "records-skipped");
    assert.match(skipped?.value ?? "", /^2 rows/);
  });

  it("has no month before its first", async () => {
    const { rows } = await read("2025-10-31");
    assert.deepEqual(rows, []);
  });
});

describe("files that are known and no tapes", () => {
  for (const [file, expected] of [
    ["absee-auto-loan-summary/summary.csv", /the transaction table/],
    ["crefc-report/total-loan-report.csv", /Loan Periodic Update File/],
  ] as const) {
    it(`are refused with what to send instead: ${file}`, async () => {
      const { refusals, rows } = await readSample(text(file), { periodEnd: "2026-01-31" });
      assert.deepEqual([refusals[0]?.code, rows.length], ["format-undeclared", 0]);
      assert.match(refusals[0]?.expected ?? "", expected);
    });
  }
});
