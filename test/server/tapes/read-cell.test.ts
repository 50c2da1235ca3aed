import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as read from "../../../server/tapes/read-cell.ts";
import { csvText } from "../../../server/lib/csv-text.ts";

describe("a cell of a tape", () => {
  it("is money when it is exact to the cent", () => {
    const cases: [string, bigint | string][] = [
      ["23795.7", 2_379_570n],
      ["0", 0n],
      ["-72.76", -7_276n],
      ["+1", 100n],
      ["12.", 1_200n],
      ["6620.23000000", 662_023n],
      ["9007199254740993.01", 900_719_925_474_099_301n],
      ["0.005", "decimals"],
      ["64.36324586", "decimals"],
      ["1e3", "type"],
      ["1,000.00", "type"],
      ["(12.00)", "type"],
      ["$5", "type"],
      ["NaN", "type"],
      ["", "type"],
      [".5", "type"],
      ["1.2.3", "type"],
    ];
    for (const [text, expected] of cases) {
      const result = read.readMoney(text);
      assert.equal("value" in result ? result.value : result.code, expected, text);
    }
  });

  it("is rounded half away from zero when it is a scheduled amount", () => {
    const cases: [string, bigint][] = [
      ["387.20675414", 38_721n],
      ["387.205", 38_721n],
      ["387.20499999", 38_720n],
      ["-0.005", -1n],
      ["0.99500000", 100n],
    ];
    for (const [text, cents] of cases) {
      assert.deepEqual(read.readScheduledMoney(text), { value: cents }, text);
    }
  });

  it("is a rate in the deal's unit, below 100 %", () => {
    const wad = (text: string, unit: "fraction" | "percent"): bigint | string => {
      const result = read.readRate(text, unit);
      return "value" in result ? result.value : result.code;
    };
    assert.equal(wad("0.109", "fraction"), 109n * 10n ** 15n);
    assert.equal(wad("10.9", "percent"), 109n * 10n ** 15n);
    assert.equal(wad("0.155850000000001", "fraction"), 155_850_000_000_001_000n);
    assert.equal(wad("10.9", "fraction"), "rate-range");
    assert.equal(wad("-0.01", "fraction"), "rate-range");
    assert.equal(wad("100", "percent"), "rate-range");
  });

  it("is a date or month in the declared pattern and no other", () => {
    assert.deepEqual(read.readDate("9-1-2017", "MM-DD-YYYY"), { value: "2017-09-01" });
    assert.deepEqual(read.readDate("09/30/2017", "MM/DD/YYYY"), { value: "2017-09-30" });
    assert.ok("code" in read.readDate("30-09-2017", "MM-DD-YYYY"));
    assert.ok("code" in read.readDate("43331", "MM-DD-YYYY"));
    assert.deepEqual(read.readMonth("01/2013", "MM/YYYY"), { value: "2013-01" });
    assert.ok("code" in read.readMonth("13/2013", "MM/YYYY"));
    assert.ok("code" in read.readMonth("16-Jun", "MM/YYYY"));
  });
});

describe("CSV for a spreadsheet", () => {
  it("has no cell that would be executed, and leaves numbers as they are", () => {
    const cells = ["=1+1", "+cmd", "-175.00", "@sum", "-x", '"', "a,b", null, 12n, "\tx"];
    assert.equal(
      csvText(["h"], [cells]),
      `h\r\n'=1+1,'+cmd,-175.00,'@sum,'-x,"""","a,b",,12,'\tx\r\n`,
    );
  });
});
