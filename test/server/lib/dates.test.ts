import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import * as dates from "../../../server/lib/dates.ts";

const day = dates.parseDate;
const text = dates.formatDate;

describe("dates", () => {
  test("a date is a day number without a time zone", () => {
    assert.equal(day("1970-01-01"), 0);
    assert.equal(day("2017-10-18"), 17457);
    assert.equal(text(day("2000-02-29")), "2000-02-29");
    assert.deepEqual(dates.civilDate(day("2020-12-31")), { year: 2020, month: 12, day: 31 });
  });

  test("what is no date is refused with the value", () => {
    for (const bad of [
      "2017-02-29",
      "2017-13-01",
      "2017-1-1",
      "18.10.2017",
      "",
      "2017-10-18T00:00",
    ]) {
      assert.throws(() => day(bad), new RegExp(`^RangeError: "${bad}"`));
    }
  });

  test("[T1] months are added across year ends and leap days, never past the month's end", () => {
    const cases: [string, number, string][] = [
      ["2017-11-18", 2, "2018-01-18"],
      ["2020-01-31", 1, "2020-02-29"],
      ["2019-01-31", 1, "2019-02-28"],
      ["2020-02-29", 12, "2021-02-28"],
      ["2020-03-31", -1, "2020-02-29"],
      ["2017-12-31", 14, "2019-02-28"],
    ];
    for (const [from, count, to] of cases)
      assert.equal(text(dates.addMonths(day(from), count)), to);
  });

  test("months are numbers, and read and write as YYYY-MM", () => {
    assert.equal(dates.parseMonth("2017-10"), 2017 * 12 + 9);
    assert.equal(dates.formatMonth(dates.parseMonth("2017-12") + 1), "2018-01");
    assert.equal(text(dates.dayInMonth(dates.parseMonth("2020-02"), 31)), "2020-02-29");
    for (const bad of ["2017-00", "2017-13", "2017"])
      assert.throws(() => dates.parseMonth(bad), RangeError);
  });

  test("a year from closing is full on its anniversary, not a day before", () => {
    const years = (to: string) => dates.fullYearsBetween(day("2017-10-18"), day(to));
    assert.deepEqual(
      ["2018-10-17", "2018-10-18", "2019-10-18", "2017-10-01"].map(years),
      [0, 1, 2, 0],
    );
  });

  test("a payment date moves to a business day as its rule says", () => {
    const holidays = new Set([day("2021-01-18"), day("2018-11-30")]);
    const cases: [string, dates.BusinessDayRule, string][] = [
      ["2021-01-18", "following", "2021-01-19"], // Martin Luther King day, a Monday
      ["2021-01-18", "preceding", "2021-01-15"],
      ["2018-03-31", "following", "2018-04-02"], // a Saturday at the month's end
      ["2018-03-31", "modified following", "2018-03-30"],
      ["2018-11-30", "modified following", "2018-11-29"], // a holiday on the month's last day
      ["2018-10-18", "following", "2018-10-18"],
    ];
    for (const [from, rule, to] of cases) {
      assert.equal(text(dates.toBusinessDay(day(from), rule, holidays)), to);
    }
    assert.equal(text(dates.businessDaysBefore(day("2021-01-19"), 1, holidays)), "2021-01-15");
    assert.equal(text(dates.businessDaysBefore(day("2021-01-19"), 3, holidays)), "2021-01-13");
  });

  test("adding months keeps the day or takes the month's last", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40_000 }),
        fc.integer({ min: -600, max: 600 }),
        (from, count) => {
          const moved = dates.addMonths(from, count);
          assert.equal(dates.monthOf(moved), dates.monthOf(from) + count);
          const { day: wanted } = dates.civilDate(from);
          const { day: got } = dates.civilDate(moved);
          assert.ok(got === wanted || (got < wanted && dates.civilDate(moved + 1).day === 1));
        },
      ),
    );
  });

  test("times of day are UTC and say so", () => {
    assert.equal(dates.parseTimeOfDay("14:30Z"), 52_200);
    for (const bad of ["14:30", "24:00Z", "9:00Z"])
      assert.throws(() => dates.parseTimeOfDay(bad), RangeError);
  });
});
