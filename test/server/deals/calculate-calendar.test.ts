import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { formatDate, parseDate, SECONDS_PER_DAY } from "../../../server/lib/dates.ts";
import { compileGolden, readGoldenText } from "../waterfall/golden-deals.ts";

const { terms } = compileGolden("amcar-2017-4");
const dateOf = (seconds: number) => formatDate(Math.floor(seconds / SECONDS_PER_DAY));

describe("the calendar of the auto deal", () => {
  test("[T1] payments fall on the 18th or the next business day, records a business day before", () => {
    const dates = [1, 2, 3, 10, 27, 39, 51].map((period) => {
      const row = terms.calendar[period - 1];
      return row && [period, dateOf(row.recordTime), dateOf(row.paymentTime)].join(" ");
    });
    assert.deepEqual(dates, [
      "1 2017-11-17 2017-11-20", // the 18th is a Saturday
      "2 2017-12-15 2017-12-18",
      "3 2018-01-17 2018-01-18",
      "10 2018-08-17 2018-08-20",
      "27 2020-01-17 2020-01-21", // Saturday, then Martin Luther King day
      "39 2021-01-15 2021-01-19", // Martin Luther King day
      "51 2022-01-14 2022-01-18",
    ]);
  });

  test("every unadjusted period has 30 days of 360, the first included", () => {
    assert.ok(terms.calendar.every(({ numerators }) => numerators.join() === "30"));
    assert.deepEqual(terms.bases, [360]);
  });

  test("[T2] record, payment and grace follow each other without overlap", () => {
    let last = terms.closingTime;
    for (const { recordTime, paymentTime, determinationTime } of terms.calendar) {
      assert.ok(last < recordTime && recordTime < paymentTime && determinationTime <= paymentTime);
      last = paymentTime + terms.graceSeconds;
    }
  });

  test("cap years: the payment's calendar year, and full years from closing", () => {
    const years = terms.calendar.map(({ calendarYear, closingYear }) => [
      calendarYear,
      closingYear,
    ]);
    assert.deepEqual(
      [years[0], years[1], years[2]],
      [
        [0, 0],
        [0, 0],
        [1, 0],
      ],
    );
    assert.deepEqual(
      [years[10], years[11]],
      [
        [1, 0],
        [1, 1],
      ],
    ); // 2018-09-18, 2018-10-18
  });
});

describe("accrual windows", () => {
  const program = compileGolden("program-a").terms;

  test("[W5] adjusted windows follow the moved payment dates, unadjusted ones the calendar", () => {
    // 2024-11-15, 2024-12-16 (the 15th is a Sunday), 2025-01-15: 24 + 31 + 30 actual days
    const days = program.calendar.slice(0, 3).map(({ numerators }) => numerators);
    assert.deepEqual(days, [
      [24, 23],
      [31, 30],
      [30, 30],
    ]);
  });

  test("[T2] actual days of contiguous windows add up to the whole", () => {
    const total = program.calendar.reduce((sum, { numerators }) => sum + (numerators[0] ?? 0), 0);
    const last = program.calendar.at(-1)?.paymentDay ?? 0;
    assert.equal(total, last - parseDate("2024-10-22"));
  });

  test("a payment day past a month's end falls on its last day", () => {
    const text = readGoldenText("amcar-2017-4/deal.yaml")
      .replace("firstPaymentDate: 2017-11-18", "firstPaymentDate: 2017-11-30")
      .replaceAll(/finalScheduledDate: .*/g, "finalScheduledDate: 2018-02-28")
      .replace("graceDays: 10", "graceDays: 5");
    const { deal, problems } = compileDeal(text);
    assert.deepEqual(problems, []);
    assert.equal(formatDate(deal?.terms.calendar[3]?.paymentDay ?? 0), "2018-02-28");
    assert.equal(formatDate(deal?.terms.calendar[4]?.paymentDay ?? 0), "2018-03-30");
  });
});

describe("accrual windows of one deal", () => {
  const days = (name: string, periods: number) => {
    const deal = compileGolden(name);
    return deal.terms.classes.map((entry) =>
      deal.terms.calendar.slice(0, periods).map((row) => row.numerators[entry.basis]),
    );
  };

  test("CarMax 2020-2: A-1 and A-2b by actual days between payments, the others 30/360 from 15th to 15th", () => {
    const actual = [16, 31, 30, 33, 29];
    const thirty = [16, 30, 30, 30, 30];
    const [a1, a2a, a2b, ...others] = days("carmax-2020-2", 5);
    assert.deepEqual([a1, a2a, a2b], [actual, thirty, actual]);
    assert.ok(others.every((numbers) => numbers.join() === thirty.join()));
  });

  test("a fee over the collection month has 30 days in a first period of 16", () => {
    const { terms: deal } = compileGolden("every-feature");
    const fee = deal.fees.find(({ name }) => name === "servicingFee");
    assert.ok(fee);
    assert.deepEqual(
      deal.calendar.slice(0, 3).map((row) => row.numerators[fee.basis]),
      [30, 30, 30],
    );
  });

  test("a feed is fixed so many business days before the accrual, at its time", () => {
    const { terms: deal } = compileGolden("every-feature");
    const fixings = deal.calendar.slice(0, 3).map(({ fixingTimes: [time = 0] }) => time);
    assert.deepEqual(
      fixings.map((time) => new Date(time * 1000).toISOString().slice(0, 16)),
      ["2024-10-18T11:00", "2024-11-13T11:00", "2024-12-12T11:00"],
    );
  });

  test("unadjusted payment dates stay where they are, on a Sunday too", () => {
    const text = readGoldenText("every-feature/deal.yaml")
      .replace("businessDays: modified following", "businessDays: unadjusted")
      .replaceAll(/finalScheduledDate: 2026-11-16/g, "finalScheduledDate: 2026-11-15");
    const { deal, problems } = compileDeal(text);
    assert.ok(deal !== null, JSON.stringify(problems));
    const paid = deal.terms.calendar.slice(1, 3).map(({ paymentDay }) => formatDate(paymentDay));
    assert.deepEqual(paid, ["2024-12-15", "2025-01-15"]);
  });
});
