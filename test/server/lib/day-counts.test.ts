import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addMonths, formatDate, parseDate } from "../../../server/lib/dates.ts";
import {
  COUPON_MONTHS,
  DAY_COUNT_DENOMINATORS,
  dayCountDenominator,
  dayCountNumerator,
} from "../../../server/lib/day-counts.ts";
import type { DayCount } from "../../../server/lib/day-counts.ts";

function days(dayCount: DayCount, start: string, end: string, termination?: string): number {
  const period = { start: parseDate(start), end: parseDate(end) };
  const last = termination === undefined ? {} : { termination: parseDate(termination) };
  return dayCountNumerator(dayCount, { ...period, ...last });
}

/** ACT/ACT ISDA: days in other years and in leap years. */
const actual = (other: number, leap: number) => other * 366 + leap * 365;

type Row = [start: string, end: string, numerators: Partial<Record<DayCount, number>>];

/** Public engine vectors HA-D01 to HA-D04 (yellowbean/Hastructure, unit tests of day counts). */
const PUBLIC_VECTORS: Row[] = [
  [
    "2007-12-28",
    "2008-02-28",
    {
      "ACT/365A": 62 * 366,
      "ACT/365L": 62 * 365,
      "NL/365": 62,
      "30E+/360": 60,
      "ACT/ACT ISDA": actual(4, 58),
      "ACT/365F": 62,
      "ACT/360": 62,
      "30/360": 60,
      "30E/360": 60,
      "30E/360 ISDA": 60,
      "30/360 US": 60,
    },
  ],
  [
    "2007-12-28",
    "2008-02-29",
    {
      "ACT/365A": 63 * 365,
      "ACT/365L": 63 * 365,
      "NL/365": 62,
      "30E+/360": 61,
      "ACT/ACT ISDA": actual(4, 59),
      "ACT/365F": 63,
      "ACT/360": 63,
      "30/360": 61,
      "30E/360": 61,
      "30E/360 ISDA": 62,
      "30/360 US": 61,
    },
  ],
  [
    "2007-10-31",
    "2008-11-30",
    {
      "ACT/365A": 396 * 365,
      "ACT/365L": 396 * 365,
      "NL/365": 395,
      "30E+/360": 390,
      "ACT/ACT ISDA": actual(62, 334),
      "ACT/365F": 396,
      "ACT/360": 396,
      "30/360": 390,
      "30E/360": 390,
      "30E/360 ISDA": 390,
      "30/360 US": 390,
    },
  ],
  [
    "2008-02-01",
    "2009-05-31",
    {
      "ACT/365A": 485 * 365,
      "ACT/365L": 485 * 366,
      "NL/365": 484,
      "30E+/360": 480,
      "ACT/ACT ISDA": actual(150, 335),
      "ACT/365F": 485,
      "ACT/360": 485,
      "30/360": 480,
      "30E/360": 479,
      "30E/360 ISDA": 479,
      "30/360 US": 480,
    },
  ],
];

/** ISDA's published comparison of the 30/360 methods at month ends, six-monthly from 31 August 2006. */
const MONTH_ENDS: Row[] = [
  [
    "2006-08-31",
    "2007-02-28",
    { "30/360": 178, "30E/360": 178, "30E/360 ISDA": 180, "30/360 US": 178 },
  ],
  [
    "2007-02-28",
    "2007-08-31",
    { "30/360": 183, "30E/360": 182, "30E/360 ISDA": 180, "30/360 US": 180 },
  ],
  [
    "2007-08-31",
    "2008-02-29",
    { "30/360": 179, "30E/360": 179, "30E/360 ISDA": 180, "30/360 US": 179 },
  ],
  [
    "2008-02-29",
    "2008-08-31",
    { "30/360": 182, "30E/360": 181, "30E/360 ISDA": 180, "30/360 US": 180 },
  ],
  [
    "2007-02-28",
    "2008-02-29",
    { "30/360": 361, "30E/360": 361, "30E/360 ISDA": 360, "30/360 US": 360 },
  ],
  [
    "2007-01-31",
    "2007-02-28",
    { "30/360": 28, "30E/360": 28, "30E/360 ISDA": 30, "30/360 US": 28 },
  ],
  [
    "2007-02-26",
    "2008-02-29",
    { "30/360": 363, "30E/360": 363, "30E/360 ISDA": 364, "30/360 US": 363 },
  ],
  ["2006-01-30", "2006-01-31", { "30/360": 0, "30E/360": 0, "30E/360 ISDA": 0, "30/360 US": 0 }],
  [
    "2006-01-15",
    "2006-01-31",
    { "30/360": 16, "30E/360": 15, "30E/360 ISDA": 15, "30/360 US": 16 },
  ],
];

/** ISDA memorandum of 1998 on ACT/ACT: its worked periods. */
const ACTUAL_ACTUAL: Row[] = [
  ["2003-11-01", "2004-05-01", { "ACT/ACT ISDA": actual(61, 121) }],
  ["1999-02-01", "1999-07-01", { "ACT/ACT ISDA": actual(150, 0) }],
  ["1999-07-01", "2000-07-01", { "ACT/ACT ISDA": actual(184, 182) }],
  ["2002-08-15", "2003-07-15", { "ACT/ACT ISDA": actual(334, 0) }],
  ["2000-01-30", "2000-06-30", { "ACT/ACT ISDA": actual(0, 152) }],
  ["1999-01-01", "2002-01-01", { "ACT/ACT ISDA": actual(365 + 365, 366) }],
];

/** First periods of public reports: VW 2008-2 (22 actual, 21 of 30/360), Nissan 2009-A (21, 20). */
const REPORTS: Row[] = [
  ["2008-12-29", "2009-01-20", { "ACT/360": 22, "ACT/364": 22, "30/360": 21 }],
  ["2009-03-25", "2009-04-15", { "ACT/360": 21, "30/360": 20 }],
];

describe("day counts against published tables", () => {
  for (const [start, end, numerators] of [
    ...PUBLIC_VECTORS,
    ...MONTH_ENDS,
    ...ACTUAL_ACTUAL,
    ...REPORTS,
  ]) {
    for (const [dayCount, numerator] of Object.entries(numerators)) {
      test(`${dayCount} from ${start} to ${end} is ${numerator}`, () => {
        assert.equal(days(dayCount as DayCount, start, end), numerator);
      });
    }
  }

  test("30E/360 ISDA leaves a last day of February that is the termination date", () => {
    assert.equal(days("30E/360 ISDA", "2008-08-31", "2009-02-28"), 180);
    assert.equal(days("30E/360 ISDA", "2008-08-31", "2009-02-28", "2009-02-28"), 178);
  });

  test("denominators are those of the names; ACT/ACT carries both years in one fraction", () => {
    assert.deepEqual(DAY_COUNT_DENOMINATORS, {
      "30/360": 360,
      "30/360 US": 360,
      "30E/360": 360,
      "30E/360 ISDA": 360,
      "ACT/360": 360,
      "ACT/364": 364,
      "ACT/365F": 365,
      "30E+/360": 360,
      "ACT/365A": 133_590,
      "ACT/365L": 133_590,
      "NL/365": 365,
      "ACT/ACT ISDA": 133_590,
      "ACT/ACT ICMA": 4_530_960,
    });
    const leapYear = days("ACT/ACT ISDA", "2000-01-01", "2001-01-01");
    assert.equal(leapYear, DAY_COUNT_DENOMINATORS["ACT/ACT ISDA"]);
  });

  test("ACT/ACT ICMA: a monthly coupon period is a twelfth of a year, whatever its days", () => {
    const year = DAY_COUNT_DENOMINATORS["ACT/ACT ICMA"];
    for (const [start, end] of [
      ["2024-02-15", "2024-03-15"],
      ["2024-03-15", "2024-04-15"],
      ["2023-01-31", "2023-02-28"],
    ] as const) {
      assert.equal(12 * days("ACT/ACT ICMA", start, end), year);
    }
    // A short first period: 16 of the 30 days from 15 April to 15 May.
    assert.equal(days("ACT/ACT ICMA", "2020-04-29", "2020-05-15") * 12 * 30, year * 16);
    // A long first period: a whole month and 14 of the 31 days of the one before.
    assert.equal(days("ACT/ACT ICMA", "2020-03-01", "2020-04-15") * 12 * 29, year * (29 + 14));
  });

  test("ACT/ACT ICMA: a coupon period is its share of a year, and any part of one is exact", () => {
    for (const months of COUPON_MONTHS) {
      const year = dayCountDenominator("ACT/ACT ICMA", months);
      for (let end = parseDate("2023-01-01"); end < parseDate("2027-03-01"); end += 1) {
        const start = addMonths(end, -months);
        const whole = dayCountNumerator("ACT/ACT ICMA", { start, end, months });
        assert.equal(whole * (12 / months), year);
        for (const more of [1, 17, 40]) {
          const before = addMonths(end, -2 * months);
          const period = { start: Math.max(before, start - more), end, months };
          const long = dayCountNumerator("ACT/ACT ICMA", period);
          assert.ok(Number.isInteger(long), `${months}: ${formatDate(end)}, ${more}`);
          assert.equal((long - whole) * (start - before), whole * (start - period.start));
        }
      }
    }
  });

  test("[T2] contiguous actual periods add up to the whole", () => {
    for (const dayCount of ["ACT/360", "ACT/365F", "ACT/ACT ISDA"] as const) {
      const parts =
        days(dayCount, "2019-11-18", "2020-01-20") + days(dayCount, "2020-01-20", "2020-03-02");
      assert.equal(parts, days(dayCount, "2019-11-18", "2020-03-02"));
    }
  });
});
