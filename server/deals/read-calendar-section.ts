import {
  BUSINESS_DAY_RULES,
  civilDate,
  parseDate,
  parseMonth,
  parseTimeOfDay,
} from "../lib/dates.ts";
import type { EpochDay } from "../lib/dates.ts";
import { COUPON_MONTHS } from "../lib/day-counts.ts";
import type { CouponMonths } from "../lib/day-counts.ts";
import type { CalendarEntry, DeterminationRule } from "./deal-file.ts";
import {
  complainAt,
  readChoice,
  readList,
  readSection,
  readText,
  readWhole,
  readWith,
} from "./deal-source.ts";
import type { Field, Section } from "./deal-source.ts";

const DATE = "a date such as 2017-10-18";
const TIME = "a UTC time of day such as 14:00Z";

export const CALENDAR_KEYS = {
  closing: `the closing date, ${DATE}`,
  firstCollectionMonth:
    "the first month of the first collection period, a month such as 2017-10; every collection period has as many months as `months` says",
  firstPaymentDate: `the first payment date before it is moved to a business day, ${DATE}`,
  "paymentDay?": "the day of the month of the later payment dates, where it is not the first one's",
  periods: "how many periods the calendar has, a whole number",
  "months?": `from one payment date to the next, and of each collection period: ${COUPON_MONTHS.join(" | ")}; 1 where it is not said`,
  businessDays: `how a payment date moves: ${BUSINESS_DAY_RULES.join(" | ")}`,
  determination: "`end of collection month` or `2 business days before payment`",
  record: "`1 business day before payment`",
  firstAccrualFrom: `where the first accrual period begins, ${DATE}`,
  graceDays: "days after the payment date from which a distribution is late",
  times: "{ closing: 14:00Z, determination: 00:00Z, record: 22:00Z, payment: 14:00Z }",
  holidays: `the list of holidays, each ${DATE}; Saturdays and Sundays are never business days`,
};

const MONTHS = COUPON_MONTHS.map(String);

export const TIME_KEYS = { closing: TIME, determination: TIME, record: TIME, payment: TIME };

/** "1 business day before payment" -> 1. */
function parseBusinessDays(text: string): number {
  const match = /^(\d{1,2}) business days? before payment$/.exec(text);
  if (match === null) throw new RangeError(`"${text}" is not a number of business days`);
  return Number(match[1]);
}

function parseDetermination(text: string): DeterminationRule {
  if (text === "end of collection month") return { kind: "month end" };
  return { kind: "business days", count: parseBusinessDays(text) };
}

export function readDate(field: Field | undefined): EpochDay | undefined {
  return readWith(field, parseDate, DATE);
}

function readHolidays(field: Field | undefined): Set<EpochDay> {
  const holidays = new Set<EpochDay>();
  for (const item of readList(field)) {
    const day = readDate(item);
    if (day === undefined) continue;
    if (holidays.has(day)) {
      complainAt(item, "repeated-date", `${readText(item) ?? ""} stands twice; leave one`);
    }
    holidays.add(day);
  }
  return holidays;
}

function readTimes(field: Field | undefined): CalendarEntry["times"] {
  const section = readSection(field, TIME_KEYS);
  const time = (key: string) => readWith(section.get(key), parseTimeOfDay, TIME) ?? 0;
  return {
    closing: time("closing"),
    determination: time("determination"),
    record: time("record"),
    payment: time("payment"),
  };
}

function readDates(section: Section) {
  return {
    closing: readDate(section.get("closing")) ?? 0,
    firstCollectionMonth:
      readWith(section.get("firstCollectionMonth"), parseMonth, "a month such as 2017-10") ?? 0,
    firstPaymentDate: readDate(section.get("firstPaymentDate")) ?? 0,
    firstAccrualFrom: readDate(section.get("firstAccrualFrom")) ?? 0,
  };
}

/** The calendar terms; a fault leaves a neutral value and a problem. */
export function readCalendarSection(field: Field | undefined): CalendarEntry {
  const section = readSection(field, CALENDAR_KEYS);
  const record = readWith(section.get("record"), parseBusinessDays, CALENDAR_KEYS.record);
  if (record === 0) {
    const message =
      "the record date lies before the payment date; write `1 business day before payment`";
    const at = section.get("record");
    if (at !== undefined) complainAt(at, "bad-value", message);
  }
  const dates = readDates(section);
  const dayOfFirst = civilDate(dates.firstPaymentDate).day;
  return {
    place: field?.place ?? { line: 1, column: 1 },
    ...dates,
    paymentDay: readWhole(section.get("paymentDay"), { minimum: 1, maximum: 31 }) ?? dayOfFirst,
    periods: readWhole(section.get("periods"), { minimum: 1, maximum: 480 }) ?? 1,
    months: Number(readChoice(section.get("months"), MONTHS) ?? 1) as CouponMonths,
    businessDays: readChoice(section.get("businessDays"), BUSINESS_DAY_RULES) ?? "following",
    determination: readWith(
      section.get("determination"),
      parseDetermination,
      CALENDAR_KEYS.determination,
    ) ?? {
      kind: "month end",
    },
    recordBusinessDaysBefore: record ?? 1,
    graceDays: readWhole(section.get("graceDays"), { minimum: 0, maximum: 90 }) ?? 0,
    times: readTimes(section.get("times")),
    holidays: readHolidays(section.get("holidays")),
  };
}
