import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accrueInterest } from "../../../server/lib/accrue-interest.ts";
import { formatCents, parseCents, parseDecimal } from "../../../server/lib/money.ts";

type Line = [report: string, balance: string, ratePercent: string, days: number, interest: string];

/** Interest lines as trustees printed them in SEC filings: balance x rate x days / 360, half-up. */
const PRINTED: Line[] = [
  ["VW 2008-2, 2009-10-20, A-1", "7508668.75", "2.35775", 29, "14261.20"],
  ["VW 2008-2, 2009-10-20, A-2-A", "169000000.00", "4.79", 30, "674591.67"],
  ["VW 2008-2, 2009-10-20, A-2-B (exact .625)", "50000000.00", "3.74625", 29, "150890.63"],
  ["VW 2008-2, 2009-10-20, A-3-B", "130000000.00", "4.24625", 29, "444676.74"],
  ["VW 2008-2, 2009-01-20, A-1", "222000000.00", "2.35775", 22, "319868.08"],
  ["VW 2008-2, 2009-01-20, A-2-A", "169000000.00", "4.79", 21, "472214.17"],
  ["VW 2008-2, 2009-01-20, A-3-B", "130000000.00", "4.47125", 22, "355215.97"],
  ["VW 2008-2, 2010-11-22, A-3-A", "183012950.01", "5.47", 30, "834234.03"],
  ["VW 2008-2, 2010-11-22, A-3-B", "96714160.58", "4.25625", 33, "377336.34"],
  ["VW 2008-2, 2012-09-20, A-4-A", "71625732.61", "6.24", 30, "372453.81"],
  ["Nissan 2009-A, 2009-04-15, A-1 (exact .475)", "357000000.00", "1.7643", 21, "367415.48"],
  ["Nissan 2009-A, 2009-04-15, A-2", "323000000.00", "2.94", 20, "527566.67"],
  ["Nissan 2009-A, 2009-04-15, A-3", "493000000.00", "3.20", 20, "876444.44"],
  ["Nissan 2009-A, 2009-04-15, A-4", "196522000.00", "4.74", 20, "517507.93"],
  ["Nissan 2008-B, 2009-03-16, A-1", "18832431.85", "2.7858", 27, "39347.54"],
  ["Nissan 2008-B, 2009-03-16, A-4", "250210000.00", "5.05", 30, "1052967.08"],
  ["Nissan nar0910309, 2009-04-15, A-1", "306769891.70", "1.99905", 30, "511040.29"],
  ["Nissan nar0910309, 2009-04-15, A-2", "260000000.00", "3.92", 30, "849333.33"],
  ["Nissan 2019-A, 2020-04-15, A-2a", "218152617.93", "2.82", 30, "512658.65"],
  ["Nissan 2019-A, 2020-04-15, A-2b", "27269077.24", "0.85463", 30, "19420.81"],
];

describe("accrued interest", () => {
  for (const [report, balance, ratePercent, days, interest] of PRINTED) {
    test(`${report}: ${balance} at ${ratePercent} % for ${days}/360 is ${interest}`, () => {
      const rate = { wad: parseDecimal(ratePercent, 16), numerator: days, denominator: 360 };
      const cents = accrueInterest(parseCents(balance), { ...rate, rounding: "half-up" });
      assert.equal(formatCents(cents), interest);
    });
  }

  test("floor, half-up and ceil differ where the fraction says so", () => {
    const rate = { wad: parseDecimal("3.74625", 16), numerator: 29, denominator: 360 };
    const accrue = (rounding: "floor" | "half-up" | "ceil") =>
      formatCents(accrueInterest(parseCents("50000000.00"), { ...rate, rounding }));
    assert.deepEqual(
      ["floor", "half-up", "ceil"].map((mode) => accrue(mode as "floor")),
      ["150890.62", "150890.63", "150890.63"],
    );
  });
});
