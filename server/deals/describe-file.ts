/**
 * What only the deal file says: the compiled bytes hold the outcome of these rules (the calendar's
 * times, the accruals' numerators and denominators), not the rules.
 */
import { formatDate, formatMonth } from "../lib/dates.ts";
import { formatCentsGrouped } from "../lib/money.ts";
import type { CalendarEntry, TapeSection } from "./deal-file.ts";
import type { MappingSection } from "./mapping-section.ts";

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
  const { rollForward, mapping, loanIdPrefix, rateUnit, feeUnit } = tape;
  const terms = [
    ...rollForward.subtract.map((flow) => `- ${flow}`),
    ...rollForward.add.map((flow) => `+ ${flow}`),
  ];
  const fees = feeUnit === rateUnit ? "" : `, servicing fees as ${feeUnit}`;
  const checks = Object.entries(tape.checks).map(([code, setting]) => `${code} ${setting}`);
  return [
    `  format ${tape.format}, rates as ${rateUnit}${fees}, loan ids ` +
      (loanIdPrefix === "" ? "as they stand" : `begin with "${loanIdPrefix}"`),
    `  ending balance = beginning balance ${terms.join(" ")}, ` +
      `within ${formatCentsGrouped(rollForward.toleranceCents)}`,
    `  available funds = ${tape.availableFunds.join(" + ")}`,
    `  charged off when more than ${tape.chargeOffAgeDays} days past due`,
    ...(checks.length === 0 ? [] : [`  checks: ${checks.join(", ")}`]),
    ...(mapping === null ? [] : describeMapping(mapping)),
  ];
}

const WORDS: Partial<Record<string, string>> = { ",": '","', ";": '";"', "|": '"|"', "\t": "tab" };

function describeMapping(mapping: MappingSection): string[] {
  const columns = Object.entries(mapping.columns).map(
    ([field, reading]) => `${field} = ${describeReading(reading)}`,
  );
  const missing = mapping.missing.map((text) => `"${text}"`).join(", ") || "nothing";
  const rules = [
    ...(mapping.loanIds === null ? [] : [`loan ids as ${mapping.loanIds}`]),
    ...(mapping.totals === null ? [] : [`totals rows as ${mapping.totals}`]),
    ...(mapping.personal.length === 0 ? [] : [`dropped: ${mapping.personal.join(", ")}`]),
    ...(mapping.differenced ? ["flows are differences to the tape before"] : []),
    ...(mapping.history ? ["the file has the rows of many months"] : []),
  ];
  const { delimiter } = mapping;
  return [
    `  columns separated by ${WORDS[delimiter] ?? delimiter}: ${columns.join(", ")}`,
    `  dates ${mapping.dates.join(" or ")}, months ${mapping.months.join(" or ")}, ` +
      `not reported: ${missing}`,
    ...(rules.length === 0 ? [] : [`  ${rules.join("; ")}`]),
  ];
}

function describeReading(
  reading: NonNullable<MappingSection["columns"][keyof MappingSection["columns"]]>,
): string {
  if (typeof reading === "string") return reading;
  if ("sum" in reading) return `sum of ${reading.sum.join(", ")}`;
  const { column, ...special } = reading;
  const said = Object.entries(special).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  const name = column.join(" or ");
  return said.length === 0 ? name : `${name} (${said.join(", ")})`;
}
