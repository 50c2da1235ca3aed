/** Constants that change with time, and coupons that step: values by period. */
import { paymentDates } from "./calculate-calendar.ts";
import type { CalendarEntry, DealFile, ScheduleRow } from "./deal-file.ts";
import type { Place } from "./deal-source.ts";
import type { ScheduleTerms } from "./deal-terms.ts";
import type { DealScope } from "./expression-scope.ts";

type Row = ScheduleTerms["rows"][number];

/** First period whose payment date passes a test; one past the calendar when none does. */
function firstPeriod(calendar: CalendarEntry, test: (period: number) => boolean): number {
  for (let period = 1; period <= calendar.periods; period += 1) if (test(period)) return period;
  return calendar.periods + 1;
}

/** From the first period that is paid on or after a date. */
function periodPaidFrom(calendar: CalendarEntry, { from }: ScheduleRow): number {
  if (from.kind === "period") return from.period;
  return firstPeriod(calendar, (period) => paymentDates(calendar, period).adjusted >= from.day);
}

/** Rows in the order of periods; of two in one period the later stands. */
function inOrder(rows: readonly Row[]): Row[] {
  const byPeriod = new Map(rows.map((row) => [row.period, row]));
  return [...byPeriod.values()].toSorted((a, b) => a.period - b.period);
}

export function couponScheduleName(className: string): string {
  return `coupon.${className}`;
}

/** Schedules of constants in the order of the file, then those of stepped coupons. */
export function compileSchedules(
  file: DealFile,
  scope: Pick<DealScope, "complain">,
): ScheduleTerms[] {
  const { calendar } = file;
  const check = (rows: Row[], name: string, place: Place): Row[] => {
    if (rows.some(({ period }) => period > calendar.periods)) {
      const message = `${name} has a row behind the last of the ${calendar.periods} periods; leave it out`;
      scope.complain(place, "date-order", name, message);
    }
    return inOrder(rows);
  };
  const constants = file.constants.flatMap(({ name, place, value: constant }) => {
    if (constant.kind !== "schedule") return [];
    const rows = constant.rows.map((row) => ({
      period: periodPaidFrom(calendar, row),
      value: row.value,
      increment: row.increment,
    }));
    return [{ name, rows: check(rows, name, place) }];
  });
  const coupons = file.classes.flatMap(({ name, place, coupon }) => {
    if (coupon.kind !== "steps") return [];
    const rows = coupon.steps.map(({ from, wad }) => ({
      // The accrual of the first scheduled payment date after the step.
      period: firstPeriod(calendar, (i) => paymentDates(calendar, i).unadjusted > from),
      value: wad,
      increment: 0n,
    }));
    return [{ name: couponScheduleName(name), rows: check(rows, name, place) }];
  });
  return [...constants, ...coupons];
}
