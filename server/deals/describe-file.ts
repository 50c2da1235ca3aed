/**
 * What only the deal file says: the compiled bytes hold the outcome of these rules (the calendar's
 * times, the accruals' numerators and denominators), not the rules.
 */
import { formatDate, formatMonth } from "../lib/dates.ts";
import { formatCentsGrouped } from "../lib/money.ts";
import type { CalendarEntry, TapeSection } from "./deal-file.ts";

/** The rules that made the calendar, one a line. */
export function describeCalendarRules(calendar: CalendarEntry): string[] {
  const { determination, recordBusinessDaysBefore: record, holidays } = calendar;
  const determined =
    determination.kind === "month end"
      ? `at the end of the collection ${calendar.months === 1 ? "month" : "period"}`
      : `${businessDays(determination.count)} before payment`;
  const first = formatDate(calendar.firstPaymentDate);
  const { months } = calendar;
  const of = months === 1 ? "the month" : `every ${ordinal(months)} month`;
  const monthly = `on day ${calendar.paymentDay} of ${of}`;
  const isRegular = Number(first.slice(-2)) === calendar.paymentDay;
  const days = isRegular ? monthly : `on ${first}, then ${monthly}`;
  return [
    `  payment ${days}, business-day rule ${calendar.businessDays}, ` +
      `${holidays.size} holidays and every Saturday and Sunday are none`,
    `  determination ${determined}, record ${businessDays(record)} before payment`,
    `  first collection month ${formatMonth(calendar.firstCollectionMonth)}, ` +
      (months === 1 ? "" : `collection periods of ${months} months, `) +
      `first accrual from ${formatDate(calendar.firstAccrualFrom)}`,
  ];
}

const ordinal = (months: number): string =>
  months === 2 ? "2nd" : months === 3 ? "3rd" : `${months}th`;

function businessDays(count: number): string {
  return `${count} business day${count === 1 ? "" : "s"}`;
}

/** How a tape is read and what must hold in it, one rule a line. */
export function describeTapeRules(tape: TapeSection): string[] {
  const { rollForward, csv, loanIdPrefix } = tape;
  const terms = [
    ...rollForward.subtract.map((flow) => `- ${flow}`),
    ...rollForward.add.map((flow) => `+ ${flow}`),
  ];
  const lines = [
    `  format ${tape.format}, rates as ${tape.rateUnit}, loan ids ` +
      (loanIdPrefix === "" ? "as they stand" : `begin with "${loanIdPrefix}"`),
    `  ending balance = beginning balance ${terms.join(" ")}, ` +
      `within ${formatCentsGrouped(rollForward.toleranceCents)}`,
    `  available funds = ${tape.availableFunds.join(" + ")}`,
    `  charged off when more than ${tape.chargeOffAgeDays} days past due`,
  ];
  if (csv === null) return lines;
  const columns = Object.entries(csv.columns).map(([field, column]) => `${field} = ${column}`);
  const missing = csv.missing.map((text) => `"${text}"`).join(", ") || "nothing";
  return [
    ...lines,
    `  columns separated by "${csv.delimiter}": ${columns.join(", ")}`,
    `  dates ${csv.dates}, months ${csv.months}, not reported: ${missing}`,
  ];
}
