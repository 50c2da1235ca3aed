import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { csvOf, GOOD_ROW, manyRows, mappingOf, readMade } from "../made-csv.ts";
import { readSample } from "../formats/read-sample.ts";

describe("a deal's own settings", () => {
  it("never let a row be lost: what cannot be read refuses the tape, or is read as empty", async () => {
    const row = { ...GOOD_ROW, fees: "ten", terminationCode: "7" };
    const checks = { type: "note", "termination-unknown": "note" } as const;
    const { rows, refusals, codes } = await readMade([row], { checks });
    assert.deepEqual([rows.length, refusals], [1, []]);
    assert.equal(rows[0]?.cents("fees"), null);
    assert.deepEqual(codes.toSorted(), ["termination-unknown", "type"]);
    const needed = await readMade([{ ...GOOD_ROW, endingBalance: "ten" }], { checks });
    assert.deepEqual(
      [needed.rows.length, needed.refusals.map(({ code }) => code)],
      [0, ["missing"]],
    );
    const control = await readMade([{ ...GOOD_ROW, extraMemo: "a\u0007b" }], {
      checks: { "control-character": "ignore" },
    });
    assert.deepEqual(
      control.refusals.map(({ code }) => code),
      ["control-character"],
    );
  });

  it("cannot make a value that the database does not hold", async () => {
    const yaml = `
columns:
  loanId: loanId
  periodEnd: periodEnd
  endingBalance: endingBalance
  daysPastDue: { column: extraLate, times: 1000, codes: { X: 99999999999, Y: 0.5 } }
  chargeOff: { sum: [extraA, extraB] }`;
    const most = "4999999999999.99";
    const values = [
      { extraLate: "99999999", extraA: "", extraB: "" },
      { extraLate: "1", extraA: most, extraB: most },
      { extraLate: "X", extraA: most, extraB: "0.01" },
    ];
    const { rows, refusals } = await readMade(
      values.map((row, index) => ({ ...GOOD_ROW, ...row, loanId: `L-${index}` })),
      { yaml },
    );
    assert.deepEqual(
      refusals.map(({ code, line }) => [code, line]),
      [
        ["type", 2],
        ["amount-too-large", 3],
      ],
    );
    assert.deepEqual(
      rows.map((row) => [row.days, row.cents("chargeOff")]),
      [[null, 500_000_000_000_000]],
    );
    const long = await readMade([{ ...GOOD_ROW, region: "R".repeat(256) }]);
    assert.deepEqual(
      long.refusals.map(({ code }) => code),
      ["element-too-long"],
    );
  });
});

describe("records that are no loans", () => {
  const YAML = `
columns:
  loanId: loanId
  periodEnd: periodEnd
  beginningBalance: beginningBalance
  endingBalance: endingBalance
  principal: principal
loanIds: L-#*
totals: TOTAL*`;
  const total = (endingBalance: string) => ({
    ...{ loanId: "TOTALS / AVERAGES", beginningBalance: "2000.00", endingBalance },
    ...{ principal: "200.00" },
  });
  const rows = [{ ...GOOD_ROW, loanId: "Section A" }, GOOD_ROW, { ...GOOD_ROW, loanId: "L-2" }];

  it("are counted, and a totals row that agrees is noted", async () => {
    const {
      problems,
      totals,
      rows: read,
    } = await readMade([...rows, total("1800.00")], {
      yaml: YAML,
    });
    assert.equal(read.length, 2);
    assert.deepEqual([totals.rows, totals.cents("endingBalance")], [2, 180_000]);
    const codes = problems.map(({ code }) => code);
    assert.deepEqual(codes.filter((code) => code === "totals-row").length, 3);
    const skipped = problems.find(({ code }) => code === "records-skipped");
    assert.match(skipped?.value ?? "", /^1 records/);
  });

  it("refuse the tape when the totals differ from the rows", async () => {
    const { refusals } = await readMade([...rows, total("1800.01")], { yaml: YAML });
    assert.deepEqual(
      refusals.map(({ code, field, value, line }) => [code, field, value, line]),
      [["totals-row-differs", "endingBalance", "1800.01", 5]],
    );
  });

  it("are rows of other months in a file of many", async () => {
    const { rows: read, problems } = await readMade(
      [
        { ...GOOD_ROW, periodEnd: "2024-04-30" },
        GOOD_ROW,
        { ...GOOD_ROW, periodEnd: "2024-06-30" },
      ],
      { yaml: `${YAML}\nhistory: true` },
    );
    assert.equal(read.length, 1);
    assert.deepEqual(
      problems
        .filter(({ code }) => code !== "unknown-column")
        .map(({ code, value }) => [code, value]),
      [["records-skipped", "2 rows of other periods"]],
    );
  });
});

describe("all rows of a tape together", () => {
  it("show ids that a float cut short", async () => {
    // Of World Omni's extract: multiples of 128, as doubles of 18 digits are.
    const ids = Array.from(
      { length: 40 },
      (_, index) => `${998_989_999_995_846_784n + 128n * BigInt(index)}`,
    );
    const { refusals } = await readMade(ids.map((loanId) => ({ ...GOOD_ROW, loanId })));
    assert.deepEqual(
      refusals.map(({ code }) => code),
      ["loan-id-precision"],
    );
    const sheet = ids.map((_, index) => ({
      ...GOOD_ROW,
      loanId: `1234567890${10_000 + index}0000`,
    }));
    assert.deepEqual((await readMade(sheet)).codes, ["loan-id-precision"]);
    const whole = ids.map((_, index) => ({ ...GOOD_ROW, loanId: `12345678901234567${index}1` }));
    assert.deepEqual((await readMade(whole)).codes, []);
  });

  it("show ids that were saved as numbers", async () => {
    for (const loanId of ["304101444.0", "1.2E+17"]) {
      const { refusals } = await readMade([{ ...GOOD_ROW, loanId }]);
      assert.deepEqual(
        refusals.map(({ code, value }) => [code, value]),
        [["loan-id-number", loanId]],
      );
    }
    assert.deepEqual((await readMade([{ ...GOOD_ROW, loanId: "4.0" }])).codes, []);
  });

  it("show rates in another unit than the declared one", async () => {
    const rates = (interestRate: string) =>
      manyRows(10, (index) => ({ loanId: `L-${index}`, interestRate }));
    const small = await readMade(rates("0.06"), { rateUnit: "percent" });
    assert.deepEqual(
      small.refusals.map(({ code, line }) => [code, line]),
      [["rate-unit", 0]],
    );
    const large = await readMade(rates("6.44"));
    assert.ok(large.codes.includes("rate-unit"));
    assert.match(large.refusals.find(({ code }) => code === "rate-unit")?.value ?? "", /10 of 10/);
    assert.deepEqual((await readMade(rates("6.44"), { rateUnit: "percent" })).problems, []);
  });

  it("show fees that are monthly, or no fees", async () => {
    const fees = (servicingFeeRate: string) =>
      manyRows(10, (index) => ({ loanId: `L-${index}`, servicingFeeRate }));
    // CarMax: 0.00083 a month is 1 % a year.
    const monthly = await readMade(fees("0.00083"));
    assert.deepEqual(
      monthly.problems.map(({ code, severity }) => [code, severity]),
      [["fee-unit", "reason"]],
    );
    assert.deepEqual((await readMade(fees("0.00083"), { feeUnit: "fraction a month" })).codes, []);
    assert.ok((await readMade(fees("1.0"))).codes.includes("fee-unit"));
  });

  it("show dates whose day could be their month", async () => {
    const yaml = `
columns:
  loanId: loanId
  periodEnd: periodEnd
  endingBalance: endingBalance
  origination: { column: extraMade, dates: MM/DD/YYYY }`;
    const made = (day: (index: number) => number) =>
      manyRows(24, (index) => ({ loanId: `L-${index}`, extraMade: `03/${day(index)}/2020` }));
    const swapped = await readMade(
      made((index) => 1 + (index % 12)),
      { yaml },
    );
    assert.deepEqual(
      swapped.problems
        .filter(({ code }) => code === "date-ambiguous")
        .map(({ severity }) => severity),
      ["reason"],
    );
    const clear = await readMade(
      made((index) => 1 + (index % 13)),
      { yaml },
    );
    assert.ok(!clear.codes.includes("date-ambiguous"));
    const first = await readMade(
      made(() => 1),
      { yaml },
    );
    assert.ok(!first.codes.includes("date-ambiguous"), "all on the first of the month");
  });

  it("add up exactly, beyond what a double holds", async () => {
    // 25 x 4,999,999,999,999.99 = 124,999,999,999,999.75: 1.25e16 cents are above 2^53.
    const rows = manyRows(25, (index) => ({
      loanId: `L-${index}`,
      collateralValue: "4999999999999.99",
    }));
    const tape = await readSample(csvOf(rows), {
      mapping: mappingOf(Object.keys(rows[0] ?? {})),
      periodEnd: "2024-05-31",
    });
    assert.equal(tape.totals.sums.collateralValue, "124999999999999.75");
  });
});
