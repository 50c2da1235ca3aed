import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  absoluteSpeed,
  annualRate,
  monthlyRate,
} from "../../../server/periods/calculate-speeds.ts";
import { countMissedPayments, missedSteps } from "../../../server/periods/count-missed-payments.ts";
import { parseDate } from "../../../server/lib/dates.ts";

const WAD = 10n ** 18n;

/** An 1e18 rate in percent to six decimals, half up, as the formula sheet prints its check values. */
const percent = (wad: bigint | null): string => {
  const millionths = ((wad ?? 0n) + 5n * 10n ** 9n) / 10n ** 10n;
  return `${millionths / 1_000_000n}.${String(millionths % 1_000_000n).padStart(6, "0")}`;
};

describe("speeds", () => {
  it("give the check values of the formula sheet", () => {
    // SMM 1 % -> CPR 11.361513 %; CPR 6 % -> SMM 0.514301 %; ABS 1.5 % at age 20 <- SMM 2.097902 %
    assert.equal(percent(annualRate({ part: 1n, whole: 100n, months: 1 })), "11.361513");
    assert.equal(percent(monthlyRate({ part: 6n, whole: 100n, months: 12 })), "0.514301");
    // 0.015 / (1 - 0.015 x 19) = 0.015 / 0.715 = 0.020979...
    const smm = monthlyRate({ part: 15n, whole: 715n, months: 1 });
    assert.equal(percent(smm), "2.097902");
    assert.equal(percent(absoluteSpeed(smm, 20n * WAD)), "1.500000");
  });

  it("are the floor of the exact power: one unit more would be too much", () => {
    const cases: [part: bigint, whole: bigint, months: number][] = [
      [1n, 3n, 1],
      [123_456_789n, 98_765_432_100n, 1],
      [1n, 10n ** 15n, 3],
      [7n, 11n, 6],
      [5n, 9n, 12],
      [-3n, 100n, 1],
    ];
    for (const [part, whole, months] of cases) {
      for (const [power, rate] of [
        [1n, monthlyRate({ part, whole, months })],
        [12n, annualRate({ part, whole, months })],
      ] as const) {
        assert.ok(rate !== null);
        // rate <= 1 - (left / whole)^(power / months)  <=>  (1 - rate)^months >= (left / whole)^power
        const n = BigInt(months);
        const exact = (whole - part) ** power * WAD ** n;
        const holds = (candidate: bigint) => (WAD - candidate) ** n * whole ** power >= exact;
        assert.ok(holds(rate), `${part}/${whole} over ${months}`);
        assert.ok(!holds(rate + 1n), `${part}/${whole} over ${months}`);
      }
    }
  });

  it("are all of it where more than all left, nothing of nothing, and null without a balance", () => {
    assert.equal(annualRate({ part: 5n, whole: 4n, months: 1 }), WAD);
    assert.equal(monthlyRate({ part: 4n, whole: 4n, months: 3 }), WAD);
    assert.equal(annualRate({ part: 0n, whole: 4n, months: 1 }), 0n);
    assert.equal(annualRate({ part: 0n, whole: 0n, months: 1 }), null);
    assert.equal(absoluteSpeed(null, WAD), null);
    assert.equal(absoluteSpeed(WAD, null), null);
    // SMM 100 % at age 0: the divisor 1 + 1 x (0 - 1) is nothing.
    assert.equal(absoluteSpeed(WAD, 0n), null);
  });
});

describe("missed payments at a month's end", () => {
  const cases: [what: string, days: number, end: string, mba: number, ots: number][] = [
    ["nothing late", 0, "2023-01-31", 0, 0],
    ["paid ahead", -12, "2023-01-31", 0, 0],
    // Due on the 1st: missed by MBA when the month ends, by OTS when the next 1st has passed.
    ["due 1 January, at the end of January", 30, "2023-01-31", 1, 0],
    ["due 1 February, at the end of February", 27, "2023-02-28", 1, 0],
    ["due 1 January, at the end of February", 58, "2023-02-28", 2, 1],
    ["due 1 April, at the end of April", 29, "2023-04-30", 1, 0],
    ["due 1 January, at the end of April", 119, "2023-04-30", 4, 3],
    // Due in the middle: the next due date is not there at the end of the month.
    ["due 15 April, at the end of April", 15, "2023-04-30", 0, 0],
    ["due 15 March, at the end of April", 46, "2023-04-30", 1, 1],
    ["due 31 March, at the end of April", 30, "2023-04-30", 1, 1],
    ["due 31 January, at the end of February", 28, "2023-02-28", 1, 1],
  ];
  for (const [what, days, end, mba, ots] of cases) {
    it(`${what}: ${mba} by MBA, ${ots} by OTS`, () => {
      assert.deepEqual(countMissedPayments(days, parseDate(end)), { mba, ots });
    });
  }

  it("counted in steps of a month are one less by OTS", () => {
    assert.deepEqual(
      [missedSteps(0), missedSteps(3)],
      [
        { mba: 0, ots: 0 },
        { mba: 3, ots: 2 },
      ],
    );
  });
});
