import {
  businessDaysBefore,
  civilDate,
  dayInMonth,
  fullYearsBetween,
  monthOf,
  SECONDS_PER_DAY,
  toBusinessDay,
} from "../lib/dates.ts";
import type { EpochDay } from "../lib/dates.ts";
import { dayCountNumerator } from "../lib/day-counts.ts";
import type { AccrualBasis, CalendarEntry, FeedEntry } from "./deal-file.ts";
import type { CalendarRow } from "./deal-terms.ts";

/** The payment date of a period (1-based): as scheduled, and moved to a business day. */
export function paymentDates(calendar: CalendarEntry, period: number) {
  const { firstPaymentDate: first, paymentDay, months } = calendar;
  const later = monthOf(first) + (period - 1) * months;
  const unadjusted = period === 1 ? first : dayInMonth(later, paymentDay);
  const adjusted = toBusinessDay(unadjusted, calendar.businessDays, calendar.holidays);
  return { unadjusted, adjusted };
}

/** The first day after the collection period; period 0 ends where the first begins. */
function collectionEnd({ firstCollectionMonth, months }: CalendarEntry, period: number): EpochDay {
  return dayInMonth(firstCollectionMonth + period * months, 1);
}

/** End of an accrual period; period 0 ends where the first begins, so periods are contiguous. */
function accrualDate(
  calendar: CalendarEntry,
  dates: AccrualBasis["accrualDates"],
  period: number,
): EpochDay {
  if (dates === "collection") return collectionEnd(calendar, period);
  return period === 0 ? calendar.firstAccrualFrom : paymentDates(calendar, period)[dates];
}

/** When a feed is fixed for the accrual (between moved payment dates) of a period. */
function fixingTime(calendar: CalendarEntry, feed: FeedEntry, period: number): number {
  const start = accrualDate(calendar, "adjusted", period - 1);
  const day = businessDaysBefore(start, feed.fixingBusinessDaysBefore, calendar.holidays);
  return day * SECONDS_PER_DAY + (feed.fixingSeconds ?? calendar.times.determination);
}

function determinationDay(calendar: CalendarEntry, period: number, payment: EpochDay): EpochDay {
  const { determination, holidays } = calendar;
  if (determination.kind === "month end") return collectionEnd(calendar, period);
  return businessDaysBefore(payment, determination.count, holidays);
}

/** Every period's times and day-count numerators, in period order. Pure. */
export function calculateCalendar(
  calendar: CalendarEntry,
  bases: readonly AccrualBasis[],
  feeds: readonly FeedEntry[] = [],
): CalendarRow[] {
  const { times, closing, holidays, months } = calendar;
  const at = (day: EpochDay, seconds: number) => day * SECONDS_PER_DAY + seconds;
  return Array.from({ length: calendar.periods }, (_, i) => {
    const period = i + 1;
    const paymentDay = paymentDates(calendar, period).adjusted;
    const recordDay = businessDaysBefore(paymentDay, calendar.recordBusinessDaysBefore, holidays);
    const numerators = bases.map((basis) =>
      dayCountNumerator(basis.dayCount, {
        start: accrualDate(calendar, basis.accrualDates, period - 1),
        end: accrualDate(calendar, basis.accrualDates, period),
        termination: accrualDate(calendar, basis.accrualDates, calendar.periods),
        months,
      }),
    );
    return {
      determinationTime: at(determinationDay(calendar, period, paymentDay), times.determination),
      recordTime: at(recordDay, times.record),
      paymentTime: at(paymentDay, times.payment),
      paymentDay,
      collectionMonth: calendar.firstCollectionMonth + period * months - 1,
      calendarYear: civilDate(paymentDay).year - civilDate(closing).year,
      closingYear: fullYearsBetween(closing, paymentDay),
      numerators,
      fixingTimes: feeds.map((feed) => fixingTime(calendar, feed, period)),
    };
  });
}
