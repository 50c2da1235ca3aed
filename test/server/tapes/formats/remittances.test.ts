/** What servicers send to trustees and master servicers: CREFC files and PSA remittance files. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { makeWorkbook, textRows } from "../framing/make-zip.ts";
import { readSample, sampleFile } from "./read-sample.ts";
import type { ReadSample } from "./read-sample.ts";

const text = (name: string): string => readFileSync(sampleFile(name), "utf8");

/** Of a file without quotes. */
const cells = (file: string): string[][] =>
  file
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));

/** B - P - O - L = E: scheduled balances, in the month of a liquidation less the realised loss. */
const SCHEDULED = {
  subtract: ["principal", "otherAdjustment", "chargeOff"],
  add: [],
  toleranceCents: 0n,
} as const;

describe("a loan periodic update file", () => {
  const FILE = text("crefc-loan-periodic-update/update-2026-02.csv");
  const read = (file: string | Buffer): Promise<ReadSample> =>
    readSample(file, { periodEnd: "2026-02-12", rollForward: SCHEDULED });

  it("rolls forward by L6 - L24 - L27 - L28 - L47 = L7", async () => {
    const { refusals, totals } = await read(FILE);
    assert.deepEqual(refusals, []);
    // 100,000,000 + 50,000,000 + 20,000,000 + 18,828,946 + 7,500,000 + 9,000,000
    assert.equal(totals.cents("beginningBalance"), 205_328_946_00);
    // 74,499.75 + 25,000 + 10,000 + 500 scheduled; 975,000 + 6,954,082.37 + 7,490,000 more
    assert.equal(totals.cents("principal"), 15_529_082_12);
    assert.equal(totals.cents("chargeOff"), 11_874_863_63);
    // 205,328,946.00 - 15,529,082.12 - 500.00 - 11,874,863.63
    assert.equal(totals.cents("endingBalance"), 177_924_500_25);
    // 387,069.44 + 200,000 + 80,000 + 30,000 + 36,000
    assert.equal(totals.cents("interest"), 733_069_44);
    // 1,067.10 + 28.16
    assert.equal(totals.cents("servicerAdvance"), 1_095_26);
  });

  it("knows a curtailment from a payoff and from a disposition", async () => {
    const { rows } = await read(FILE);
    assert.deepEqual(
      rows.map(({ loanId, status, days }) => [loanId, status, days]),
      [
        ["30410144", "current", 0],
        ["30410145", "delinquent", 30],
        // Liquidation/prepayment code 1: 975,000 came in and the loan stays.
        ["30410146", "current", 0],
        ["30410147", "liquidated", 90],
        ["30410148", "prepaid or matured", 0],
        // 6: 121 days or more, since release 8.0.
        ["30410149", "delinquent", 121],
      ],
    );
    assert.equal(rows[3]?.cents("liquidationProceeds"), 6_954_082_37);
  });

  it("reads the same from a workbook, whose numbers are numbers", async () => {
    const numbered = cells(FILE).map((row, at) => {
      const made = row.map((value) =>
        value === ""
          ? "<c/>"
          : /^-?[\d.]+$/.test(value) && value !== "4.10"
            ? `<c><v>${value}</v></c>`
            : `<c t="inlineStr"><is><t>${value}</t></is></c>`,
      );
      return `<row r="${at + 1}">${made.join("")}</row>`;
    });
    const book = await read(makeWorkbook({ sheets: [{ name: "LPU", rows: numbered.join("") }] }));
    const file = await read(FILE);
    assert.deepEqual(book.refusals, []);
    assert.deepEqual({ ...book.totals, cents: null }, { ...file.totals, cents: null });
    assert.deepEqual(
      book.rows.map(({ loanId }) => loanId),
      file.rows.map(({ loanId }) => loanId),
    );
  });

  it("is refused when its ids were saved as numbers with a point", async () => {
    const { refusals } = await read(FILE.replaceAll(/,(3041014\d),/g, ",$1.0,"));
    assert.deepEqual(
      refusals.map(({ code, value, field }) => [code, value, field]),
      [["loan-id-number", "30410144.0", "L3"]],
    );
  });

  it("is told from another: a status, a liquidation or a loss that does not fit", async () => {
    const faults: [string, string][] = [
      [FILE.replace(",74499.75,", ",74499.00,"), "roll-forward"],
      [FILE.replace(",20260206,,,5,", ",20260206,,,12,"), "termination-unknown"],
      [FILE.replace(",20300806,", ",08/06/2030,"), "date-style"],
    ];
    for (const [file, code] of faults) {
      const { refusals } = await read(file);
      assert.ok(
        refusals.some((problem) => problem.code === code),
        `${code}: ${refusals.map((problem) => problem.code).join(", ")}`,
      );
    }
    const { problems } = await read(FILE.replace(",1067.10,0,28.16,1,", ",1067.10,0,28.16,9,"));
    assert.ok(problems.some(({ code, value }) => code === "code-unknown" && value === "9"));
  });
});

describe("a loan setup file", () => {
  for (const file of ["setup.csv", "setup-with-names.csv"]) {
    it(`is the pool at contribution, with its names or without: ${file}`, async () => {
      const { rows, totals } = await readSample(text(`crefc-loan-setup/${file}`), {
        periodEnd: "2026-01-12",
      });
      // 70,000,000 and 19,974,184.90 of 20,000,000
      assert.equal(totals.cents("endingBalance"), 89_974_184_90);
      assert.equal(totals.cents("originalBalance"), 90_000_000_00);
      assert.deepEqual(
        [rows[0]?.rate("interestRate"), rows[0]?.number("maturity"), rows[0]?.values.region],
        [0.04516, 2035 * 12 + 11, "MI"],
      );
    });
  }
});

describe("a scheduled/scheduled remittance file", () => {
  const FILE = text("psa-scheduled/remittance-2026-02.csv");
  const read = (file: string | Buffer): Promise<ReadSample> =>
    readSample(file, { periodEnd: "2026-02-28", rollForward: SCHEDULED });

  it("rolls the scheduled balance by schedule, curtailments and payoffs", async () => {
    const { refusals, totals } = await read(FILE);
    assert.deepEqual(refusals, []);
    // 199,000 + 150,000 + 80,000 + 120,000
    assert.equal(totals.cents("beginningBalance"), 549_000_00);
    // (185.55 + 814.45) + 120.00 + (200.00 + 79,800.00)
    assert.equal(totals.cents("principal"), 81_120_00);
    assert.equal(totals.cents("prepaidPrincipal"), 80_614_45);
    assert.equal(totals.cents("endingBalance"), 467_880_00);
    // Net interest and the servicer's fee: 1,077.92 + 875.00 + 400.00
    assert.equal(totals.cents("interest"), 2_352_92);
    assert.equal(totals.cents("fees"), 1_500_00);
  });

  it("reads action codes and the next due date", async () => {
    const { rows } = await read(FILE);
    assert.deepEqual(
      rows.map(({ loanId, status, days }) => [loanId, status, days]),
      [
        ["0001000001", "current", 0],
        // 30, foreclosure; next due on 2025-12-01.
        ["0001000002", "defaulted", 89],
        ["0001000003", "prepaid or matured", 0],
        // 70, real estate owned; due since 2025-05-01.
        ["0001000004", "repossessed", 303],
      ],
    );
  });

  it("drops the names of borrowers as it is read", async () => {
    const { attributeNames, problems, rows } = await read(FILE);
    assert.ok(!attributeNames.includes("BORROWER_NAME"));
    assert.ok(attributeNames.includes("SERVICER_LOAN_NBR"));
    assert.doesNotMatch(JSON.stringify([problems, rows]), /DOE|ROE|POE/);
  });

  it("is found below titles in a workbook", async () => {
    const table = FILE.trimEnd()
      .split("\n")
      .map((line) => line.replaceAll(/"([^"]*), ([^"]*)"/g, "$1 $2").split(","));
    const rows = textRows([["Remittance report"], ["Cycle 02/28/2026"], ...table]);
    const { totals, problems } = await read(makeWorkbook({ sheets: [{ name: "SS", rows }] }));
    assert.equal(totals.cents("endingBalance"), 467_880_00);
    assert.ok(problems.some(({ code }) => code === "title-rows"));
  });

  it("is read with amounts as people write them, and refused for an action code of nobody", async () => {
    const styled = await read(
      FILE.replace("199000.00,198000.00,185.55", '"$199,000.00",198000.00,185.55'),
    );
    assert.deepEqual(styled.refusals, []);
    assert.ok(styled.problems.some(({ code }) => code === "amount-style"));
    const coded = await read(FILE.replace(",30,", ",88,"));
    assert.ok(coded.refusals.some(({ code }) => code === "termination-unknown"));
  });
});
