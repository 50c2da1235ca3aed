/** Performance files of Fannie Mae and Freddie Mac; the rows are made, as theirs may not be passed on. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { readSample, sampleFile } from "./read-sample.ts";
import type { ReadSample } from "./read-sample.ts";

const text = (name: string): string => readFileSync(sampleFile(name), "utf8");
const read = (file: string, periodEnd = "2026-02-28"): Promise<ReadSample> =>
  readSample(file, { periodEnd });

describe("a performance file of Fannie Mae", () => {
  const FILE = text("fannie-mae-performance/performance-108.txt");

  it("has all months of a loan: those of the period are read, the others counted", async () => {
    const { rows, totals, refusals, problems } = await read(FILE);
    assert.deepEqual(refusals, []);
    assert.equal(rows.length, 5);
    const skipped = problems.find(({ code }) => code === "records-skipped");
    assert.match(skipped?.value ?? "", /^5 rows/);
    // 197,312.55 + 0 (masked) + 150,250.10 + 0 + 0
    assert.equal(totals.cents("endingBalance"), 347_562_65);
    // The month before: 197,500.00 + 0 + 150,250.10 + 180,100.00 + 120,000.00
    const january = await read(FILE, "2026-01-31");
    assert.equal(january.totals.cents("endingBalance"), 647_850_10);
  });

  it("counts months late as 30 days each, and knows nothing of XX", async () => {
    const { rows } = await read(FILE);
    assert.deepEqual(
      rows.map(({ days, bucket, status }) => [days, bucket, status]),
      [
        [0, "current", "current"],
        [0, "current", "current"],
        [60, "60-89", "delinquent"],
        // The rows of a payoff and of a short sale.
        [null, "current", "prepaid or matured"],
        [null, "current", "liquidated"],
      ],
    );
    // 07 in January: 7 x 30
    assert.equal((await read(FILE, "2026-01-31")).rows[4]?.days, 210);
  });

  it("takes a balance of 0.00 in the first months for masked, later for a loan that is gone", async () => {
    const { problems } = await read(FILE);
    const masked = problems.filter(({ code }) => code === "balance-masked");
    assert.deepEqual(
      masked.map(({ loanId, severity }) => [loanId, severity]),
      [["100000000002", "note"]],
    );
    assert.ok(!problems.some(({ code }) => code === "zero-balance-without-code"));
    // The same row at an age of 7 months, when nothing is masked any more.
    const older = await read(
      FILE.replace("|0.00|360|102024|122024|4|", "|0.00|360|102024|122024|7|"),
    );
    assert.ok(!older.problems.some(({ code }) => code === "balance-masked"));
  });

  it("states rates in percent and months as MMYYYY", async () => {
    const [row] = (await read(FILE)).rows;
    assert.equal(row?.rate("interestRate"), 0.06125);
    assert.deepEqual(
      [row?.number("origination"), row?.number("maturity"), row?.number("remainingTerm")],
      [2024 * 12 + 9, 2054 * 12 + 10, 345],
    );
    assert.deepEqual([row?.number("creditScore"), row?.values.region], [744, "OH"]);
  });

  it("says what a sale brought and what was written off", async () => {
    const { totals } = await read(FILE);
    assert.deepEqual(
      [
        totals.cents("liquidationProceeds"),
        totals.cents("recovery"),
        totals.cents("chargeOff"),
        totals.cents("servicerAdvance"),
      ],
      [95_000_00, 8_000_00, 17_000_00, 1_234_56],
    );
  });

  it("keeps what was paid off beside the row", async () => {
    const { attributeNames } = await read(FILE);
    assert.ok(attributeNames.includes("UPB at the Time of Removal"));
    assert.ok(attributeNames.includes("Current Loan Delinquency Status"));
    assert.ok(!attributeNames.includes("Property State"));
  });

  it("comes with 108, 110 or 113 fields, and with a pool's id in the first one", async () => {
    const cas = await read(text("fannie-mae-performance/cas-110.txt"));
    assert.deepEqual(
      cas.rows.map(({ loanId, status }) => [loanId, status]),
      [
        ["100000000006", "current"],
        // 97: a credit event by delinquency.
        ["100000000007", "charged off"],
      ],
    );
    assert.ok(cas.attributeNames.includes("Deal Name"));
    const newest = await read(text("fannie-mae-performance/performance-113.txt"));
    assert.deepEqual(
      [newest.totals.cents("endingBalance"), newest.rows[0]?.days],
      [101_000_10, null],
    );
    assert.ok(newest.attributeNames.includes("Origination Classic FICO"));
  });

  const faults: [fault: string, file: string, code: string][] = [
    ["a field too few", FILE.replace("|022026|R|", "|022026|"), "field-count"],
    ["a code outside the list", FILE.replace("|01|022026|", "|77|022026|"), "termination-unknown"],
    ["a month that is none", FILE.replace("|122024|15|", "|132024|15|"), "type"],
    ["a balance in words", FILE.replace("|197312.55|", "|about 197000|"), "type"],
    ["a missing id", FILE.replace("|100000000001|022026|", "||022026|"), "missing"],
  ];
  for (const [fault, file, code] of faults) {
    it(`is refused for ${fault}`, async () => {
      const { refusals } = await readSample(file, {
        format: "fannie-mae-performance",
        periodEnd: "2026-02-28",
      });
      assert.ok(
        refusals.some((problem) => problem.code === code),
        refusals.map((problem) => problem.code).join(", "),
      );
    });
  }
});

describe("a performance file of Freddie Mac", () => {
  const FILE = text("freddie-mac-performance/performance-32.txt");

  it("adds up", async () => {
    const { totals, refusals } = await read(FILE);
    assert.deepEqual(refusals, []);
    assert.deepEqual([totals.rows, totals.terminated, totals.delinquent], [7, 3, 3]);
    // 249,000 + 181,233.40 + 140,500 + 77,000
    assert.equal(totals.cents("endingBalance"), 647_733_40);
  });

  it("has RA for a property that was acquired, XX for what is not known", async () => {
    const { rows } = await read(FILE);
    assert.deepEqual(
      rows.map(({ status, days, bucket }) => [status, days, bucket]),
      [
        ["current", 0, "current"],
        ["delinquent", 60, "60-89"],
        ["repossessed", 120, "120+"],
        ["prepaid or matured", 0, "current"],
        ["liquidated", 270, "120+"],
        ["liquidated", 0, "current"],
        ["current", null, "current"],
      ],
    );
    assert.equal(rows[6]?.number("modified"), 1);
  });

  it("has a loss as a negative amount; a gain is no loss", async () => {
    const { rows } = await read(FILE);
    // -39,123.45 and +120.00
    assert.deepEqual([rows[4]?.cents("chargeOff"), rows[5]?.cents("chargeOff")], [39_123_45, 0]);
    // 12,000.00 of mortgage insurance and 500.25
    assert.equal(rows[4]?.cents("recovery"), 12_500_25);
    // C instead of an amount: the sale covers the loan.
    assert.equal(rows[5]?.cents("liquidationProceeds"), null);
  });

  it("comes with 30 fields, too", async () => {
    const { totals } = await read(text("freddie-mac-performance/performance-30.txt"));
    assert.equal(totals.cents("endingBalance"), 66_000_00);
  });
});

describe("an origination file of Freddie Mac", () => {
  it("is the pool at its cut-off: no period, the original balance, no score for 9999", async () => {
    const { rows, totals, refusals } = await read(
      text("freddie-mac-origination/origination-32.txt"),
    );
    assert.deepEqual(refusals, []);
    // 252,000 + 190,000 + 148,000
    assert.equal(totals.cents("endingBalance"), 590_000_00);
    assert.deepEqual(
      rows.map((row) => [row.number("creditScore"), row.rate("interestRate"), row.values.region]),
      [
        [761, 0.05875, "CA"],
        [null, 0.05875, "CA"],
        [688, 0.05875, "CA"],
      ],
    );
  });

  it("keeps the zeros of a share of mortgage insurance and of a postal code", async () => {
    const { attributeNames } = await read(text("freddie-mac-origination/origination-31.txt"));
    assert.ok(attributeNames.includes("Mortgage Insurance Percentage (MI %)"));
    assert.ok(attributeNames.includes("Postal Code"));
  });
});
