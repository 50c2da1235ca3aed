import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { readSample, sampleFile } from "./read-sample.ts";
import type { ReadSample } from "./read-sample.ts";

const MARCH = { periodEnd: "2026-03-31" } as const;

const message = (annex: string): string =>
  readFileSync(sampleFile(`esma-${annex}-xml/report.xml`), "utf8");

const read = (text: string, annex = "automobile"): Promise<ReadSample> =>
  readSample(text, { ...MARCH, format: `esma-${annex}-xml` });

describe("ESMA annexes as auth.099 messages", () => {
  it("reads the same loans as the text file", async () => {
    const text = await readSample(readFileSync(sampleFile("esma-automobile-csv/codes.csv")), {
      ...MARCH,
      format: "esma-automobile-csv",
    });
    const xml = await read(message("automobile"));
    assert.deepEqual(xml.refusals, []);
    assert.deepEqual(
      xml.rows.map(({ values }) => values),
      text.rows.map(({ values }) => values),
    );
  });

  for (const annex of [
    "residential",
    "commercial",
    "corporate",
    "consumer",
    "card",
    "leasing",
    "esoteric",
  ] as const) {
    it(`reads balances, default and recovery of ${annex} records`, async () => {
      const { rows, refusals, totals } = await read(message(annex), annex);
      assert.deepEqual(refusals, []);
      assert.equal(rows.length, 5);
      // 9,250.10 + 15,400.00 + 6,500.00 + 0 + 20,000.00
      assert.equal(totals.cents("endingBalance"), 51_150_10);
      assert.equal(rows[1]?.days, 45);
      // 8,000.00 in default less 6,500.00 still owed.
      assert.equal(rows[2]?.cents("chargeOff"), 1_500_00);
      assert.equal(rows[2]?.cents("recovery"), 1_200_00);
      assert.equal(rows[3]?.status, "prepaid or matured");
    });
  }

  it("refuses a balance in another currency than the deal's", async () => {
    const terms = { ...MARCH, format: "esma-automobile-xml" };
    const { refusals } = await readSample(message("automobile"), { ...terms, currency: "EUR" });
    assert.deepEqual(refusals, []);
    const other = await readSample(message("automobile"), { ...terms, currency: "USD" });
    assert.equal(other.problems.filter(({ code }) => code === "currency").length, 5);
  });

  it("knows every element of the messages", async () => {
    for (const annex of ["automobile", "residential", "commercial", "leasing", "esoteric"]) {
      const { codes } = await read(message(annex), annex);
      assert.equal(codes.includes("unknown-element"), false, annex);
    }
  });

  it("takes the cut-off date from above the records", async () => {
    const text = message("automobile").replace("2026-03-31</CutOffDt>", "2026-02-28</CutOffDt>");
    const { codes } = await read(text);
    assert.ok(codes.includes("period"));
  });

  it("reads the sign beside an amount", async () => {
    const text = message("automobile").replace(
      '<Amt Ccy="EUR">9250.10</Amt>',
      '<Amt Ccy="EUR">9250.10</Amt><Sgn>false</Sgn>',
    );
    const { problems } = await read(text);
    const signs = problems.filter(({ code }) => code === "sign");
    assert.deepEqual(
      signs.map(({ loanId, value }) => [loanId, value]),
      [["AUT-1001", "-9250.10"]],
    );
  });

  it("adds up the values of several collaterals", async () => {
    const text = message("residential");
    const first = /<Coll>[\s\S]*?<\/Coll>/.exec(text)?.[0] ?? "";
    // A second one worth 4,000.00 beside the one of 14,500.00.
    const second = first
      .replaceAll("COL-1001", "COL-1001b")
      .replace('<Amt Ccy="EUR">14500.00</Amt>', '<Amt Ccy="EUR">4000.00</Amt>');
    const { rows, refusals } = await read(text.replace(first, first + second), "residential");
    assert.deepEqual(refusals, []);
    assert.equal(rows[0]?.cents("collateralValue"), 18_500_00);
    assert.equal(rows[1]?.cents("collateralValue"), 21_000_00);
  });

  it("refuses a record without the elements of a performing exposure", async () => {
    const text = message("automobile")
      .replace("<PrfrmgLn>", "<NonPrfrmgLn>")
      .replace("</PrfrmgLn>", "</NonPrfrmgLn>");
    const { problems } = await read(text);
    const missing = problems.filter(({ code }) => code === "missing");
    assert.ok(missing.some(({ loanId }) => loanId === "AUT-1001"));
    assert.ok(missing.every(({ loanId }) => loanId === "AUT-1001"));
  });

  it("refuses an entity and another namespace", async () => {
    const text = message("automobile");
    const entity = await read(text.replace("?>", '?><!DOCTYPE Document [<!ENTITY a "b">]>'));
    assert.ok(entity.codes.includes("doctype"));
    const other = await read(text.replace("DRAFT1auth.099.001.04", "auth.098.001.04"));
    assert.ok(other.codes.includes("namespace"));
  });
});
