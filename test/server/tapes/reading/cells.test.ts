import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { DatePattern, RateUnit } from "../../../../server/tapes/tape-words.ts";
import { UNREADABLE } from "../../../../server/tapes/reading/cell-reader.ts";
import type { CellReader } from "../../../../server/tapes/reading/cell-reader.ts";
import { amountReader, zonedAmountReader } from "../../../../server/tapes/reading/read-amount.ts";
import { dateReader } from "../../../../server/tapes/reading/read-date.ts";
import { rateReader } from "../../../../server/tapes/reading/read-rate.ts";
import { scoreReader, WHOLE_READER } from "../../../../server/tapes/reading/read-whole.ts";
import { flagReader } from "../../../../server/tapes/reading/coded-reader.ts";

/** What a cell is read as: a number, a number and what is noted of it, or why it is refused. */
function read(reader: CellReader, text: string): number | string | [number, string] {
  // Surrounded, so that a reader that looks beyond the cell is seen.
  const bytes = Buffer.from(`9${text}9`);
  const value = reader.read(bytes, 1, bytes.length - 1);
  if (value !== UNREADABLE) return value;
  const { value: explained, code } = reader.explain(text);
  if (explained === null) return String(code);
  return code === null ? explained : [explained, code];
}

const plain = amountReader({ rounds: false, decimalComma: false });
const rounding = amountReader({ rounds: true, decimalComma: false });
const comma = amountReader({ rounds: false, decimalComma: true });

describe("an amount", () => {
  it("is exact to the cent", () => {
    const cases: [string, ReturnType<typeof read>][] = [
      ["23795.7", 2_379_570],
      ["0", 0],
      ["-0.00", 0],
      ["-72.76", -7_276],
      ["+1", 100],
      ["12.", 1_200],
      ["6620.23000000", 662_023],
      ["0000347.10", 34_710],
      ["4999999999999.99", 499_999_999_999_999],
      ["5000000000000.01", "amount-too-large"],
      ["9007199254740993.01", "amount-too-large"],
      ["0.005", "decimals"],
      ["64.36324586", "decimals"],
      ["1e3", "type"],
      ["1.2E+17", "type"],
      ["NaN", "type"],
      ["-", "type"],
      [".", "type"],
      ["1.2.3", "type"],
      ["12 34", "type"],
      ["#N/A", "error-cell"],
      ["#REF!", "error-cell"],
    ];
    for (const [text, expected] of cases) assert.deepEqual(read(plain, text), expected, text);
  });

  it("is read with signs of currency and thousands, which are noted", () => {
    const cases: [string, number | "type"][] = [
      ["1,000.00", 100_000],
      ["$5", 500],
      ["-$5.10", -510],
      ["$-5.10", -510],
      ["($1,234.56)", -123_456],
      ["(12.00)", -1_200],
      ["12.00-", -1_200],
      ["£ 390,604.68", 39_060_468],
      ["€1 234.50", 123_450],
      ["1\u00a0234.50 EUR", 123_450],
      ["USD 7", 700],
      ["1'234'567.89", 123_456_789],
      [".50", 50],
      ["-.5", -50],
      // Marks that do not part thousands, signs twice, brackets left open.
      ["1,00.00", "type"],
      ["12,34", "type"],
      ["1,234,56", "type"],
      ["(12.00", "type"],
      ["(-12.00)", "type"],
      ["-12.00-", "type"],
      ["$", "type"],
    ];
    for (const [text, cents] of cases) {
      assert.deepEqual(read(plain, text), cents === "type" ? cents : [cents, "amount-style"], text);
    }
  });

  it("ends with its line", () => {
    assert.equal(read(plain, "1\n234"), "type");
    assert.equal(read(plain, "1\t234"), "type");
  });

  it("costs no more than its length to refuse, whatever stands in it", () => {
    const many = 100_000;
    const blanks = " ".repeat(many);
    const cells = [`(${blanks}x`, `${blanks}x`, `$${blanks}-${blanks}x`, `1${blanks}x`];
    cells.push("1 ".repeat(many), ",".repeat(many), "7".repeat(1_000_000), "1.0".repeat(many));
    for (const cell of [...cells, ...cells.map((one) => `${one.slice(0, 249)}x`)]) {
      const begun = performance.now();
      assert.equal(read(plain, cell), "type");
      const milliseconds = performance.now() - begun;
      assert.ok(milliseconds < 100, `${cell.slice(0, 5)}: ${Math.round(milliseconds)} ms`);
    }
  });

  it("has a decimal comma only where that is declared", () => {
    assert.equal(read(comma, "1234,56"), 123_456);
    assert.deepEqual(read(comma, "1.234.567,89"), [123_456_789, "amount-style"]);
    assert.equal(read(comma, "1234.56"), "type");
    assert.equal(read(plain, "1234,56"), "type");
  });

  it("is rounded half away from zero where the format lets parts of a cent be", () => {
    const cases: [string, number][] = [
      ["387.20675414", 38_721],
      ["387.205", 38_721],
      ["387.20499999", 38_720],
      ["-0.005", -1],
      ["0.99500000", 100],
      ["99.999", 10_000],
    ];
    for (const [text, cents] of cases) assert.deepEqual(read(rounding, text), cents, text);
  });

  it("shows that it went through a float, and is right again without the noise", () => {
    assert.deepEqual(read(plain, "1234.5600000000001"), [123_456, "float-noise"]);
    assert.deepEqual(read(plain, "1234.5599999999999"), [123_456, "float-noise"]);
    assert.equal(read(plain, "1234.5612345678901"), "decimals");
    assert.deepEqual(read(rounding, "1234.5649999999999"), [123_456, "float-noise"]);
  });

  it("is zoned only where that is declared", () => {
    const zoned = zonedAmountReader();
    // Fannie Mae's Loan Activity Record: A is +1 and J is -1 in the last place.
    assert.equal(read(zoned, "0000500000A"), 5_000_001);
    assert.equal(read(zoned, "0000000099J"), -991);
    assert.equal(read(zoned, "000000000{"), 0);
    assert.equal(read(zoned, "000000010}"), -100);
    assert.equal(read(zoned, "0000500000"), "type");
    assert.equal(read(plain, "0000500000A"), "type");
  });

  it("is the same on the fast way and on the slow one, for any cents", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.nat(6), (cents, zeros) => {
        const digits = String(Math.abs(cents)).padStart(3, "0");
        const sign = cents < 0 ? "-" : "";
        const text = `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}${"0".repeat(zeros)}`;
        assert.equal(read(plain, text), cents);
        assert.equal(plain.explain(text).value, cents);
      }),
    );
  });
});

describe("a rate", () => {
  const rate = (text: string, unit: RateUnit): ReturnType<typeof read> =>
    read(rateReader({ unit, decimalComma: false, lenient: false }), text);

  it("is 10.9 % a year in any unit, in units of 1e-12", () => {
    const units: [string, RateUnit][] = [
      ["0.109", "fraction"],
      ["10.9", "percent"],
      ["10.90000000", "percent"],
      ["1090", "basis points"],
      // 0.00908333 x 12 = 0.10899996.
      ["10.9%", "fraction"],
      ["10.90 %", "percent"],
    ];
    for (const [text, unit] of units) assert.equal(rate(text, unit), 109_000_000_000, text);
    assert.equal(rate("0.00908333", "fraction a month"), 12 * 9_083_330_000);
    assert.equal(rate("0.908333", "percent a month"), 12 * 9_083_330_000);
  });

  it("is below 100 % and not negative", () => {
    const cases: [string, RateUnit][] = [
      ["10.9", "fraction"],
      ["1", "fraction"],
      ["-0.01", "fraction"],
      ["100", "percent"],
      ["10000", "basis points"],
      ["9", "percent a month"],
    ];
    for (const [text, unit] of cases) assert.equal(rate(text, unit), "rate-range", text);
    assert.equal(rate("0.99999999", "fraction"), 999_999_990_000);
  });

  it("shows the noise of a float", () => {
    assert.deepEqual(rate("0.155850000000001", "fraction"), [155_850_000_000, "float-noise"]);
    assert.deepEqual(rate("0.1558499999999999", "fraction"), [155_850_000_000, "float-noise"]);
  });

  it("of a fee is kept and noted where it cannot be one", () => {
    const fee = rateReader({ unit: "fraction", decimalComma: false, lenient: true });
    assert.deepEqual(read(fee, "1.0"), [1_000_000_000_000, "rate-range"]);
    assert.equal(read(fee, "25"), "rate-range");
  });

  it("is no text", () => {
    for (const text of ["1e-2", "1,5", "ten", "%", "1.2.3"]) {
      assert.equal(rate(text, "percent"), "type", text);
    }
  });
});

describe("a whole number", () => {
  it("is one, whatever a float left of it", () => {
    assert.equal(read(WHOLE_READER, "-2"), -2);
    assert.equal(read(WHOLE_READER, "60.0"), 60);
    assert.equal(read(WHOLE_READER, "0.5"), "type");
    assert.equal(read(WHOLE_READER, "late"), "type");
    assert.equal(read(WHOLE_READER, "123456789"), "type");
  });

  it("is a score from 1 to 999; any other text says that there is none", () => {
    assert.equal(read(scoreReader(), "532"), 532);
    assert.deepEqual(read(scoreReader(), "NONE"), [Number.NaN, "type"]);
    assert.deepEqual(read(scoreReader(), "9999"), [Number.NaN, "type"]);
  });

  it("is a flag in the words of the file", () => {
    for (const text of ["true", "Y", "1"]) assert.equal(read(flagReader(undefined), text), 1);
    for (const text of ["FALSE", "N", "0"]) assert.equal(read(flagReader(undefined), text), 0);
    assert.equal(read(flagReader(undefined), "maybe"), "type");
    const listed = flagReader({ RA: true, R: true });
    assert.deepEqual([read(listed, "RA"), read(listed, "3")], [1, 0]);
  });
});

describe("a date", () => {
  const day = (text: string, ...patterns: DatePattern[]): ReturnType<typeof read> =>
    read(dateReader({ use: "last day", patterns, pivot: 50 }), text);
  const month = (text: string, ...patterns: DatePattern[]): ReturnType<typeof read> =>
    read(dateReader({ use: "month", patterns, pivot: 50 }), text);
  const epoch = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;

  it("is the same day in every pattern", () => {
    const cases: [string, DatePattern][] = [
      ["2017-06-09", "YYYY-MM-DD"],
      ["06-09-2017", "MM-DD-YYYY"],
      ["6-9-2017", "MM-DD-YYYY"],
      ["06/09/2017", "MM/DD/YYYY"],
      ["09/06/2017", "DD/MM/YYYY"],
      ["09.06.2017", "DD.MM.YYYY"],
      ["20170609", "YYYYMMDD"],
      ["6/9/17", "MM/DD/YY"],
      ["9-Jun-17", "DD-Mon-YY"],
      ["09-JUN-17", "DD-Mon-YY"],
      ["2017-06-09T09:29:30.5Z", "ISO time"],
      ["2017-06-09 09:29", "ISO time"],
      // Excel's 42895; the base of 1904 is 1,462 days later.
      ["42895", "serial"],
      ["42895.4", "serial"],
      ["41433", "serial 1904"],
    ];
    for (const [text, pattern] of cases) {
      assert.equal(day(text, pattern), epoch("2017-06-09"), `${text} as ${pattern}`);
    }
  });

  it("is the last day of a month that stands alone, or its number", () => {
    const june = 2017 * 12 + 5;
    const cases: [string, DatePattern][] = [
      ["2017-06", "YYYY-MM"],
      ["06/2017", "MM/YYYY"],
      ["201706", "YYYYMM"],
      ["062017", "MMYYYY"],
      ["Jun-2017", "Mon-YYYY"],
      ["JUN2017", "MonYYYY"],
      ["Jun-17", "Mon-YY"],
    ];
    for (const [text, pattern] of cases) {
      assert.equal(day(text, pattern), epoch("2017-06-30"), text);
      assert.equal(month(text, pattern), june, text);
    }
    assert.equal(month("2017-06-09", "YYYY-MM-DD"), june);
    assert.equal(day("2020-02", "YYYY-MM"), epoch("2020-02-29"));
  });

  it("of two digits belongs to the century that the pivot says", () => {
    assert.equal(day("24-Jun-91", "DD-Mon-YY"), epoch("1991-06-24"));
    assert.equal(day("24-Jun-49", "DD-Mon-YY"), epoch("2049-06-24"));
  });

  it("is one that the calendar has", () => {
    for (const text of ["02-30-2017", "02-29-1900", "13-01-2017", "00-10-2017", "06-31-2017"]) {
      assert.equal(day(text, "MM-DD-YYYY"), "type", text);
    }
    assert.equal(day("02-29-2000", "MM-DD-YYYY"), epoch("2000-02-29"));
  });

  it("in another style than the column's is refused by that name", () => {
    for (const text of ["2017-06-09", "24-Jun-91", "43331", "20170609"]) {
      assert.equal(day(text, "MM/DD/YYYY"), "date-style", text);
    }
    assert.equal(day("soon", "MM/DD/YYYY"), "type");
  });

  it("that a workbook destroyed is refused by that name", () => {
    for (const text of ["16-Jun", "Jun-16", "09:29.3", "29:10.1", "########"]) {
      assert.equal(day(text, "MM/DD/YYYY"), "date-destroyed", text);
    }
  });

  it("is every day from 1900 to 2199, as the calendar counts them", () => {
    const reader = dateReader({ use: "last day", patterns: ["YYYY-MM-DD"], pivot: 50 });
    for (let number = epoch("1900-01-01"); number <= epoch("2199-12-31"); number += 1) {
      const bytes = Buffer.from(new Date(number * 86_400_000).toISOString().slice(0, 10));
      assert.equal(reader.read(bytes, 0, bytes.length), number);
    }
  });
});
