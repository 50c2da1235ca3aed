import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { readSample, sampleFile } from "./read-sample.ts";
import type { ReadSample } from "./read-sample.ts";

const MARCH = { periodEnd: "2026-03-31" } as const;

const codes = readFileSync(sampleFile("esma-automobile-csv/codes.csv"), "utf8");

const read = (text: string | Buffer): Promise<ReadSample> =>
  readSample(text, { ...MARCH, format: "esma-automobile-csv" });

/** The file with every cell of one column changed. */
function change(column: string, value: (before: string, loan: string) => string): string {
  const [header = "", ...rows] = codes.trimEnd().split("\n");
  const at = header.split(",").indexOf(column);
  const changed = rows.map((row) => {
    const cells = row.split(",");
    cells[at] = value(cells[at] ?? "", cells[2] ?? "");
    return cells.join(",");
  });
  return [header, ...changed, ""].join("\n");
}

describe("ESMA annexes as text files", () => {
  it("reads balances, days, states and what is since origination", async () => {
    const { rows, refusals, totals } = await read(codes);
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      rows.map(({ loanId, status, bucket, cents, days }) => [
        loanId,
        status,
        bucket,
        cents("endingBalance"),
        days,
      ]),
      [
        ["AUT-1001", "current", "current", 9_250_10, 0],
        ["AUT-1002", "delinquent", "30-59", 15_400_00, 45],
        ["AUT-1003", "defaulted", "120+", 6_500_00, 190],
        ["AUT-1004", "prepaid or matured", "current", 0, 0],
        ["AUT-1005", "current", "current", 20_000_00, 0],
      ],
    );
    // 9,250.10 + 15,400.00 + 6,500.00 + 0 + 20,000.00
    assert.equal(totals.cents("endingBalance"), 51_150_10);
    const defaulted = rows[2];
    // The default amount of 8,000.00 is gross; 6,500.00 of it is still owed.
    assert.equal(defaulted?.cents("chargeOff"), 1_500_00);
    assert.equal(defaulted?.cents("recovery"), 1_200_00);
    assert.equal(rows[3]?.cents("prepaidPrincipal"), 3_000_00);
    assert.equal(rows[0]?.rate("interestRate"), 0.0495);
    assert.deepEqual(
      rows.map(({ number }) => number("modified")),
      [0, 0, 0, 0, 1],
    );
  });

  it("writes nothing off while all of a default, or more, is owed, and nothing of a repurchase", async () => {
    // 8,000.00 in default, 8,150.00 owed with the costs added.
    const costs = await read(
      change("AUTL30", (before) => (before === "6500.00" ? "8150.00" : before)),
    );
    assert.equal(costs.rows[2]?.cents("chargeOff"), 0);
    assert.equal(costs.rows[2]?.status, "defaulted");
    // Nothing left of it: the default is written off, what came back are recoveries.
    const gone = await read(change("AUTL30", (before) => (before === "6500.00" ? "0.00" : before)));
    assert.equal(gone.rows[2]?.cents("chargeOff"), 8_000_00);
    assert.equal(gone.rows[2]?.status, "charged off");
    const bought = change("AUTL30", (before) => (before === "6500.00" ? "0.00" : before)).replace(
      ",DFLT,",
      ",REDF,",
    );
    const { rows } = await read(bought);
    assert.equal(rows[2]?.cents("chargeOff"), 0);
    assert.equal(rows[2]?.status, "repurchased");
  });

  it("takes ND4 with a date and ND5 for missing, and a zero for zero", async () => {
    const { rows, refusals } = await read(change("AUTL60", () => "ND5"));
    assert.deepEqual(refusals, []);
    assert.equal(rows[4]?.number("origination"), null);
    assert.equal(rows[0]?.number("origination"), 2023 * 12 + 3);
    assert.equal(rows[0]?.cents("collateralValue"), null);
    assert.equal(rows[0]?.cents("recovery"), 0);
  });

  it("refuses a loan in another currency than the deal's, which nobody would exchange", async () => {
    const mixed = change("AUTL28", (before, loan) => (loan === "AUT-1002" ? "GBP" : before));
    const terms = { ...MARCH, format: "esma-automobile-csv", currency: "EUR" };
    assert.deepEqual((await readSample(codes, terms)).refusals, []);
    const { problems } = await readSample(mixed, terms);
    assert.deepEqual(
      problems
        .filter(({ code }) => code === "currency")
        .map(({ field, line, loanId, value }) => [field, line, loanId, value]),
      [["AUTL28", 3, "AUT-1002", "GBP"]],
    );
  });

  it("reads the field names of the workbook as it reads the codes", async () => {
    const byName = await read(readFileSync(sampleFile("esma-automobile-csv/names.csv")));
    const byCode = await read(codes);
    assert.deepEqual(byName.refusals, []);
    assert.deepEqual(
      byName.rows.map(({ values }) => values),
      byCode.rows.map(({ values }) => values),
    );
    assert.deepEqual(byName.attributeNames, byCode.attributeNames);
  });

  it("skips the row of names below the row of codes", async () => {
    const [header = "", ...rows] = codes.split("\n");
    const names = readFileSync(sampleFile("esma-automobile-csv/names.csv"), "utf8").split("\n")[0];
    const both = await read([header, names?.replaceAll(";", ","), ...rows].join("\n"));
    assert.deepEqual(both.refusals, []);
    assert.equal(both.rows.length, 5);
    assert.ok(both.codes.includes("records-skipped"));
  });

  it("takes ids of four letters and a number for loans, like field codes as they are", async () => {
    const { rows, refusals } = await read(
      codes.replaceAll("AUT-1", "LOAN1").replaceAll("LOAN100", "LOAN"),
    );
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      rows.map(({ loanId }) => loanId),
      ["LOAN1", "LOAN2", "LOAN3", "LOAN4", "LOAN5"],
    );
  });

  it("reads code and name in one cell, in any case and with blanks around", async () => {
    const text = codes
      .replace("AUTL30,", " autl30 - Current  Principal Balance ,")
      .replace("AUTL70,", "AUTL70: Account Status,");
    const { rows, refusals } = await read(text);
    assert.deepEqual(refusals, []);
    assert.equal(rows[1]?.cents("endingBalance"), 15_400_00);
    assert.equal(rows[1]?.status, "delinquent");
  });

  for (const [style, cell] of [
    ["a pound sign and blanks", '" £ 9,250.10 "'],
    ["thousands in quotes", '"9,250.10"'],
    ["the currency behind", "9250.10 EUR"],
  ] as const) {
    it(`reads an amount with ${style} and notes it`, async () => {
      const text = change("AUTL30", (before, loan) => (loan === "AUT-1001" ? cell : before));
      const { rows, refusals, codes: found } = await read(text);
      assert.deepEqual(refusals, []);
      assert.equal(rows[0]?.cents("endingBalance"), 9_250_10);
      assert.ok(found.includes("amount-style"));
    });
  }

  it("refuses amounts with a decimal comma", async () => {
    const { problems } = await read(change("AUTL30", (before) => `"${before.replace(".", ",")}"`));
    const refused = problems.filter(
      ({ field, severity }) => field === "AUTL30" && severity === "refuse",
    );
    assert.deepEqual(
      refused.map(({ code }) => code),
      ["type", "type", "type", "type", "type"],
    );
  });

  it("drops a byte order mark and notes it", async () => {
    const { codes: found, refusals, rows } = await read(`\uFEFF${codes}`);
    assert.deepEqual(refusals, []);
    assert.equal(rows.length, 5);
    assert.ok(found.includes("byte-order-mark"));
  });

  it("refuses dates as DD/MM/YYYY", async () => {
    const { codes: found } = await read(change("AUTL6", () => "31/03/2026"));
    assert.ok(found.includes("date-style"));
  });

  it("refuses a cut-off date that is not the period's", async () => {
    const { codes: found } = await read(change("AUTL6", () => "2026-02-28"));
    assert.ok(found.includes("period"));
  });

  it("refuses a row without balance, days or status: there no ND is allowed", async () => {
    // A redeemed loan has no balance, whether it says so or not.
    for (const [column, rows] of [
      ["AUTL30", 4],
      ["AUTL69", 5],
      ["AUTL70", 5],
    ] as const) {
      const { problems } = await read(change(column, () => "ND5"));
      const missing = problems.filter(({ code }) => code === "missing");
      assert.deepEqual([column, missing.length], [column, rows]);
    }
  });

  it("notes a status and a customer type that are not in the lists", async () => {
    const { problems, refusals } = await read(
      change("AUTL70", (before) => (before === "PERF" ? "Active" : before)).replaceAll(
        ",EEMO,",
        ",Employee,",
      ),
    );
    assert.deepEqual(refusals, []);
    const unknown = problems.filter(({ code }) => code === "code-unknown");
    assert.ok(unknown.some(({ field, value }) => field === "AUTL70" && value === "Active"));
    assert.ok(unknown.some(({ field, value }) => field === "AUTL15" && value === "Employee"));
  });

  it("refuses a file in another encoding, naming the byte", async () => {
    const bytes = Buffer.from(
      change("AUTL53", () => "Citroën"),
      "latin1",
    );
    const { problems, rows } = await read(bytes);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["encoding"],
    );
    assert.match(problems[0]?.expected ?? "", /UTF-8/);
    assert.equal(rows.length < 5, true);
  });

  it("refuses text that was destroyed before (U+FFFD)", async () => {
    const { codes: found } = await read(change("AUTL53", () => "Citro\uFFFDn"));
    assert.ok(found.includes("encoding"));
  });

  it("refuses rates in fractions where the template has percent", async () => {
    const { codes: found } = await read(
      change("AUTL40", (before) => (Number(before) / 100).toFixed(6)),
    );
    assert.ok(found.includes("rate-unit"));
  });

  it("says of a file whose rows are the fields that it is turned over", async () => {
    const { rows, problems } = await readSample(
      readFileSync(sampleFile("esma-transposed/fields-as-rows.csv")),
      MARCH,
    );
    assert.equal(rows.length, 0);
    assert.deepEqual(
      problems.map(({ code, value }) => [code, value]),
      [["format-undeclared", "esma-transposed"]],
    );
    assert.match(problems[0]?.expected ?? "", /the other way round/);
  });

  for (const [id, file] of [
    ["esma-residential-csv", "codes.csv"],
    // Names that stand in both sections are the exposure's.
    ["esma-residential-csv", "names.csv"],
    ["esma-commercial-csv", "codes.csv"],
    ["esma-commercial-csv", "codes-and-names.csv"],
  ] as const) {
    it(`reads ${id} by ${file} with the collateral beside the exposure`, async () => {
      const {
        rows,
        refusals,
        totals,
        codes: found,
        attributeNames,
      } = await readSample(readFileSync(sampleFile(`${id}/${file}`)), { ...MARCH, format: id });
      assert.deepEqual(refusals, []);
      assert.equal(totals.cents("endingBalance"), 51_150_10);
      assert.equal(rows[0]?.cents("collateralValue"), 14_500_00);
      assert.equal(rows[2]?.cents("chargeOff"), 1_500_00);
      assert.equal(found.includes("unknown-column"), false);
      const first = id === "esma-residential-csv" ? "RREL1" : "CREL1";
      assert.equal(attributeNames[0], first);
    });
  }
});
