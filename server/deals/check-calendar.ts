/** The dates of a deal stand in the order in which they happen. */
import { formatDate, formatMonth, monthOf, SECONDS_PER_DAY, dayInMonth } from "../lib/dates.ts";
import type { Refuse } from "./deal-source.ts";
import type { DealFile } from "./deal-file.ts";
import type { CalendarRow, DealTerms } from "./deal-terms.ts";

/** Cut-off, closing and first dates stand in the order in which they happen. */
function checkFirstDates(file: DealFile, refuse: Refuse): void {
  const { calendar, pool } = file;
  const cutOff = dayInMonth(calendar.firstCollectionMonth, 1) - 1;
  if (pool.cutOff !== cutOff) {
    const first = formatMonth(calendar.firstCollectionMonth);
    const message = `the cut-off date is not the day before the first collection month ${first}; write ${formatDate(cutOff)}`;
    refuse(pool.place, "date-order", formatDate(pool.cutOff), message);
  }
  const last = calendar.firstCollectionMonth + calendar.months - 1;
  if (monthOf(calendar.firstPaymentDate) <= last) {
    const message =
      calendar.months === 1
        ? "the first payment date lies in or before the first collection month"
        : `the first payment date lies in or before ${formatMonth(last)}, the last month of the first collection period`;
    refuse(calendar.place, "date-order", formatDate(calendar.firstPaymentDate), message);
  }
  if (calendar.firstAccrualFrom >= calendar.firstPaymentDate) {
    const message = "firstAccrualFrom is not before the first payment date";
    refuse(calendar.place, "date-order", formatDate(calendar.firstAccrualFrom), message);
  }
}

/** Between two payments a report falls due, is challenged and answered: else nobody could be in time. */
function reportingFaults(seconds: number, reporting: DealTerms["reporting"]): string[] {
  const { dueLeadSeconds, challengeSeconds, answerSeconds } = reporting;
  const faults: string[] = [];
  if (dueLeadSeconds >= seconds) {
    faults.push("the next report would be due before this payment; shorten `due` in reporting");
  }
  if (challengeSeconds + answerSeconds > seconds) {
    faults.push(
      "challengeWindow and answerWithin together are longer than the time to the next payment",
    );
  }
  return faults;
}

function rowFaults(
  row: CalendarRow,
  next: CalendarRow | undefined,
  { graceSeconds: grace, reporting }: DealTerms,
): string[] {
  const faults: string[] = [];
  if (row.recordTime >= row.paymentTime)
    faults.push("the record time is not before the payment time");
  if (row.determinationTime > row.paymentTime) {
    faults.push("the determination time is after the payment time");
  }
  if (row.paymentTime - reporting.dueLeadSeconds < row.determinationTime) {
    faults.push(
      "its report would be due before the determination time; shorten `due` in reporting",
    );
  }
  const monthEnd = dayInMonth(row.collectionMonth + 1, 1) * SECONDS_PER_DAY;
  if (row.determinationTime < monthEnd) {
    faults.push("the determination time lies before the collection period's end");
  }
  if (next !== undefined)
    faults.push(...reportingFaults(next.paymentTime - row.paymentTime, reporting));
  if (next !== undefined && row.paymentTime + grace >= next.recordTime) {
    faults.push("payment and grace reach the next record time; shorten graceDays");
  }
  return faults;
}

/** The record mechanism needs: closing < record < payment, and payment + grace < next record. */
function checkRows(file: DealFile, terms: DealTerms, refuse: Refuse): void {
  const { calendar, closingTime } = terms;
  const at = file.calendar.place;
  const seen = new Set<string>();
  calendar.forEach((row, i) => {
    for (const fault of rowFaults(row, calendar[i + 1], terms)) {
      if (seen.has(fault)) continue; // the first period that breaks a rule stands for all
      seen.add(fault);
      const value = formatDate(row.paymentDay);
      refuse(at, "date-order", value, `period ${i + 1} (paid ${value}): ${fault}`);
    }
  });
  const first = calendar[0];
  if (first !== undefined && first.recordTime <= closingTime) {
    const message = "the closing is not before the first record time";
    refuse(at, "date-order", formatDate(file.calendar.closing), message);
  }
  if (calendar.some((row) => row.calendarYear < 0 || row.calendarYear > 255)) {
    refuse(
      at,
      "date-order",
      formatDate(file.calendar.closing),
      "payments lie in years before closing",
    );
  }
}

function checkFinalDates(file: DealFile, terms: DealTerms, refuse: Refuse): void {
  const days = terms.calendar.map((row) => row.paymentDay);
  for (const { name, finalDay, place } of file.classes) {
    if (days.includes(finalDay)) continue;
    const near = days.find((day) => day >= finalDay) ?? days.at(-1) ?? 0;
    const isLater = finalDay > (days.at(-1) ?? 0);
    const instead = isLater
      ? `the last one of the calendar's ${days.length} periods is ${formatDate(near)}; raise periods or write that`
      : `write one, e.g. ${formatDate(near)}`;
    const message = `class ${name}: ${formatDate(finalDay)} is not a payment date; ${instead}`;
    refuse(place, "date-order", formatDate(finalDay), message);
  }
}

/** Complains of dates that the record mechanism or the documents cannot mean. */
export function checkCalendar(file: DealFile, terms: DealTerms, refuse: Refuse): void {
  checkFirstDates(file, refuse);
  checkRows(file, terms, refuse);
  checkFinalDates(file, terms, refuse);
}
