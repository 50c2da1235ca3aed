import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { calculateCalendar, paymentDates } from "../../../server/deals/calculate-calendar.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { AccrualBasis, CalendarEntry, FeedEntry } from "../../../server/deals/deal-file.ts";
import { showDeal } from "../../../server/deals/show-deal.ts";
import { readTerms } from "../../../server/deals/read-terms.ts";
import {
  addMonths,
  formatDate,
  formatMonth,
  parseDate,
  parseMonth,
  SECONDS_PER_DAY,
} from "../../../server/lib/dates.ts";
import { COUPON_MONTHS, dayCountDenominator } from "../../../server/lib/day-counts.ts";
import { compileGolden, readGoldenText } from "../waterfall/golden-deals.ts";

const TEXT = readGoldenText("quarterly-rmbs/deal.yaml");
const { terms, file } = compileGolden("quarterly-rmbs");

function calendarOf(change: Partial<CalendarEntry>): CalendarEntry {
  return { ...file.calendar, ...change };
}

const ACTUAL: AccrualBasis[] = (["unadjusted", "adjusted", "collection"] as const).map(
  (accrualDates) => ({ dayCount: "ACT/360", accrualDates }),
);

function dates(change: Partial<CalendarEntry>): string[] {
  const calendar = calendarOf({ businessDays: "unadjusted", ...change });
  return calculateCalendar(calendar, []).map(
    (row) => `${formatMonth(row.collectionMonth)} ${formatDate(row.paymentDay)}`,
  );
}

describe("a calendar that pays every so many months", () => {
  test("[T1] quarters: collection, determination, record and payment over two year ends", () => {
    const dateOf = (seconds: number) => formatDate(Math.floor(seconds / SECONDS_PER_DAY));
    const rows = terms.calendar.map((row) =>
      [
        formatMonth(row.collectionMonth),
        dateOf(row.determinationTime),
        dateOf(row.recordTime),
        dateOf(row.paymentTime),
      ].join(" "),
    );
    assert.deepEqual(rows, [
      "2024-02 2024-03-01 2024-03-20 2024-03-21", // the 1st follows a leap day
      "2024-05 2024-06-01 2024-06-20 2024-06-21",
      "2024-08 2024-09-01 2024-09-20 2024-09-23", // the 21st is a Saturday
      "2024-11 2024-12-01 2024-12-20 2024-12-23", // so is this
      "2025-02 2025-03-01 2025-03-20 2025-03-21",
      "2025-05 2025-06-01 2025-06-20 2025-06-23",
      "2025-08 2025-09-01 2025-09-19 2025-09-22",
      "2025-11 2025-12-01 2025-12-19 2025-12-22",
    ]);
  });

  test("[T1] every two, six and twelve months, at month ends and on a leap day", () => {
    const first = { firstCollectionMonth: parseMonth("2023-09"), periods: 4 };
    const on31 = { ...first, firstPaymentDate: parseDate("2023-12-31"), paymentDay: 31 };
    assert.deepEqual(dates({ ...on31, months: 2 }), [
      "2023-10 2023-12-31",
      "2023-12 2024-02-29",
      "2024-02 2024-04-30",
      "2024-04 2024-06-30",
    ]);
    assert.deepEqual(dates({ ...on31, months: 6, firstPaymentDate: parseDate("2024-02-29") }), [
      "2024-02 2024-02-29",
      "2024-08 2024-08-31",
      "2025-02 2025-02-28",
      "2025-08 2025-08-31",
    ]);
    const leapDay = { firstPaymentDate: parseDate("2024-09-29"), paymentDay: 29 };
    assert.deepEqual(dates({ ...first, ...leapDay, months: 12, periods: 2 }), [
      "2024-08 2024-09-29",
      "2025-08 2025-09-29",
    ]);
  });

  test("[T1] cap years: a quarter paid in January belongs to the new year", () => {
    const calendar = calendarOf({
      closing: parseDate("2023-10-20"),
      firstCollectionMonth: parseMonth("2023-10"),
      firstPaymentDate: parseDate("2024-01-15"),
      paymentDay: 15,
      periods: 6,
    });
    const years = calculateCalendar(calendar, []).map((row) => [row.calendarYear, row.closingYear]);
    // 2024: January, April, July, October, which is before the anniversary; then 2025
    assert.deepEqual(years, [
      [1, 0],
      [1, 0],
      [1, 0],
      [1, 0],
      [2, 1],
      [2, 1],
    ]);
  });

  test("[W5] accruals of the quarter: as scheduled, as moved, and over the collection period", () => {
    const rows = calculateCalendar(file.calendar, ACTUAL).map(({ numerators }) => numerators);
    assert.deepEqual(rows, [
      [91, 91, 91], // 1 December to 29 February
      [92, 92, 92],
      [92, 94, 92],
      [91, 91, 91],
      [90, 88, 90],
      [92, 94, 92],
      [92, 91, 92],
      [91, 91, 91],
    ]);
  });

  test("[W5] ACT/ACT ICMA accrues a whole coupon every regular period, whatever the frequency", () => {
    const icma: AccrualBasis[] = [{ dayCount: "ACT/ACT ICMA", accrualDates: "unadjusted" }];
    for (const months of COUPON_MONTHS) {
      const calendar = calendarOf({
        months,
        firstAccrualFrom: addMonths(file.calendar.firstPaymentDate, -months),
      });
      const year = dayCountDenominator("ACT/ACT ICMA", months);
      for (const { numerators } of calculateCalendar(calendar, icma)) {
        assert.equal((numerators[0] ?? 0) * (12 / months), year);
      }
    }
  });

  test("a feed is fixed before the quarter that it is for", () => {
    const feed: FeedEntry = {
      name: "SONIA",
      place: { line: 1, column: 1 },
      decimals: 8,
      unit: "percent",
      maxAgeSeconds: 86_400,
      initialRateWad: 0n,
      fixingBusinessDaysBefore: 2,
      fixingSeconds: 0,
    };
    const rows = calculateCalendar(file.calendar, [], [feed]);
    assert.deepEqual(
      rows.slice(0, 3).map(({ fixingTimes: [time = 0] }) => formatDate(time / SECONDS_PER_DAY)),
      ["2023-12-19", "2024-03-19", "2024-06-19"],
    );
  });
});

const anyCalendar = fc
  .record({
    months: fc.constantFrom(...COUPON_MONTHS),
    first: fc.integer({ min: parseDate("1995-01-01"), max: parseDate("2060-12-31") }),
    paymentDay: fc.integer({ min: 1, max: 31 }),
    businessDays: fc.constantFrom("following", "modified following", "preceding", "unadjusted"),
    periods: fc.integer({ min: 2, max: 60 }),
    since: fc.integer({ min: 10, max: 500 }),
  })
  .map(({ first, since, ...change }) =>
    calendarOf({
      ...(change as Partial<CalendarEntry>),
      firstPaymentDate: first,
      firstAccrualFrom: first - since,
    }),
  );

describe("any calendar, of any frequency", () => {
  test("[T2] an accrual ends where the next begins, and none overlaps: end(i) = start(i + 1)", () => {
    fc.assert(
      fc.property(anyCalendar, (calendar) => {
        const rows = calculateCalendar(calendar, ACTUAL);
        const total = (basis: number, periods: number) =>
          rows.slice(0, periods).reduce((sum, row) => sum + (row.numerators[basis] ?? 0), 0);
        const { firstAccrualFrom: from, firstCollectionMonth, months } = calendar;
        const collectionStart = parseDate(`${formatMonth(firstCollectionMonth)}-01`);
        for (let period = 1; period <= calendar.periods; period += 1) {
          const { unadjusted, adjusted } = paymentDates(calendar, period);
          assert.equal(total(0, period), unadjusted - from);
          assert.equal(total(1, period), adjusted - from);
          const collected = addMonths(collectionStart, period * months);
          assert.equal(total(2, period), collected - collectionStart);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("[T1] payments lie `months` months apart, on the payment day or the month's last", () => {
    fc.assert(
      fc.property(anyCalendar, (calendar) => {
        for (let period = 2; period <= calendar.periods; period += 1) {
          const { unadjusted } = paymentDates(calendar, period);
          const [year = 0, month = 0, day = 0] = formatDate(unadjusted).split("-").map(Number);
          const [fromYear = 0, fromMonth = 0] = formatDate(calendar.firstPaymentDate)
            .split("-")
            .map(Number);
          const apart = 12 * (year - fromYear) + month - fromMonth;
          assert.equal(apart, (period - 1) * calendar.months);
          const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
          assert.equal(day, Math.min(calendar.paymentDay, last));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("a deal file with `months`", () => {
  const messages = (text: string) => compileDeal(text).problems.map(({ message }) => message);

  test("`months: 1` is what a file without it says: the same bytes", () => {
    const monthly = readGoldenText("program-a/deal.yaml");
    const said = monthly.replace("  periods: 60", "  periods: 60\n  months: 1");
    assert.notEqual(said, monthly);
    assert.equal(compileDeal(said).deal?.termsHash, compileDeal(monthly).deal?.termsHash);
  });

  test("other numbers are refused", () => {
    const [message = ""] = messages(TEXT.replace("months: 3", "months: 4"));
    assert.match(message, /calendar\.months: "4".*1 \| 2 \| 3 \| 6 \| 12/);
  });

  test("the first payment date lies behind the whole first collection period", () => {
    const early = TEXT.replace("firstPaymentDate: 2024-03-21", "firstPaymentDate: 2024-02-21");
    assert.match(
      messages(early).join("\n"),
      /lies in or before 2024-02, the last month of the first/,
    );
  });

  test("show tells the frequency, from the bytes too", () => {
    const deal = compileDeal(TEXT).deal;
    assert.ok(deal !== null);
    const page = showDeal(readTerms(deal.bytes));
    assert.match(page, /payment on day 21 of every 3rd month/);
    assert.match(page, /first collection month 2023-12, collection periods of 3 months/);
    assert.match(page, /determination at the end of the collection period/);
  });
});
