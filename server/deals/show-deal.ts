/** A deal as a page to read beside its prospectus: from the compiled terms, and from the deal file where it is at hand. */
import { formatDate, formatMonth } from "../lib/dates.ts";
import { formatCentsGrouped, formatDecimal } from "../lib/money.ts";
import type { DealFile } from "./deal-file.ts";
import type { ClassTerms, DealTerms, FeeTerms } from "./deal-terms.ts";
import { describeExpression } from "./describe-expression.ts";
import {
  describeAccrual,
  describeCalendarRules,
  describeHeading,
  describeParties,
  describeTapeRules,
} from "./describe-file.ts";
import { describeStep } from "./describe-step.ts";
import { findCatalogueFigure } from "./figure-catalogue.ts";

/** 40000000000000000n -> "4 %". */
export function formatRate(wad: bigint): string {
  return `${formatDecimal(wad, 16).replace(/\.?0+$/, "")} %`;
}

/** What a deal keeps on chain, and what it does not. */
const FROM_CHAIN_ALONE =
  "From the compiled terms alone: they hold each period's times and accruals, not the rules behind " +
  "them. Day counts show as their year (360 or 365); accrual dates, the business-day and record " +
  "rules, the tape's rules, name and currency stand in the deal file only.";

/** The day count as the file names it, or the year that is left of it in the bytes. */
function basisText(terms: DealTerms, file: DealFile | undefined, entry: ClassTerms | FeeTerms) {
  const named =
    file?.classes.find(({ name }) => name === entry.name) ??
    file?.fees.find(({ name }) => name === entry.name);
  if (named !== undefined) return describeAccrual(named);
  return `over a year of ${terms.bases[entry.basis] ?? 0}`;
}

function classLine(terms: DealTerms, file: DealFile | undefined, entry: ClassTerms): string {
  const order = entry.componentOrder.filter(
    (part) => entry.interestOnShortfall || part !== "interestOnShortfall",
  );
  const bearing = entry.interestOnShortfall
    ? "unpaid interest bears interest"
    : "no interest on unpaid interest";
  return (
    `  ${entry.name}  ${entry.seniority}, face ${formatCentsGrouped(entry.faceCents)}, ` +
    `coupon ${formatRate(entry.couponWad)} ${basisText(terms, file, entry)}, ` +
    `accrual rounds ${entry.rounding}, ${bearing}, paid as ${order.join(", then ")}, ` +
    `final payment date ${formatDate(entry.finalDay)}`
  );
}

function feeLine(terms: DealTerms, file: DealFile | undefined, fee: FeeTerms): string {
  const cap = fee.cap === null ? "no cap" : `cap ${terms.caps[fee.cap]?.name ?? ""}`;
  const payee = terms.payees[fee.payee] ?? "";
  if (fee.kind === "fixed") {
    return `  ${fee.name}  ${formatCentsGrouped(fee.amount)} a period to ${payee}, ${cap}`;
  }
  const base = terms.figures[fee.baseFigure ?? 0]?.name ?? "";
  return (
    `  ${fee.name}  ${formatRate(fee.amount)} a year on p.${base} ` +
    `${basisText(terms, file, fee)}, rounds ${fee.rounding}, to ${payee}, ${cap}`
  );
}

function boundText(name: string, value: bigint): string {
  return findCatalogueFigure(name)?.unit === "count" ? `${value}` : formatCentsGrouped(value);
}

function calendarLines(terms: DealTerms): string[] {
  const first = terms.calendar[0];
  const last = terms.calendar.at(-1);
  if (first === undefined || last === undefined) return [];
  const time = (seconds: number) => new Date(seconds * 1000).toISOString().replace(":00.000Z", "Z");
  return [
    `  closing ${time(terms.closingTime)}, ${terms.calendar.length} periods from ` +
      `${formatMonth(first.collectionMonth)} to ${formatMonth(last.collectionMonth)}`,
    `  first record ${time(first.recordTime)}, first payment ${time(first.paymentTime)}, ` +
      `last payment ${time(last.paymentTime)}, late after ${terms.graceSeconds / 86_400} days`,
  ];
}

function programLines(terms: DealTerms): string[] {
  return terms.phases.flatMap((phase) => {
    const lines: string[] = [];
    const blockEnds: number[] = [];
    for (let i = phase.firstStep; i < phase.firstStep + phase.stepCount; i += 1) {
      const step = terms.steps[i];
      if (step === undefined) break;
      while (blockEnds.at(-1) === i) blockEnds.pop();
      if (step.operation === "ELSE") blockEnds.pop();
      const indent = "  ".repeat(blockEnds.length);
      const number = String(i - phase.firstStep + 1).padStart(4);
      const label = step.label === null || step.operation === "LET" ? "" : ` (${step.label})`;
      lines.push(`${number}. ${indent}${describeStep(terms, i)}${label}. [${step.clause}]`);
      if (step.operation === "IF" || step.operation === "ELSE") blockEnds.push(step.jump);
    }
    return ["", `Program ${phase.name}`, ...lines];
  });
}

function transitionLines(terms: DealTerms): string[] {
  return terms.transitions.map(({ from, to, when, clause }) => {
    const [before, after] = [
      from === null ? "any phase" : terms.phases[from]?.name,
      terms.phases[to]?.name,
    ];
    return `  ${before} -> ${after} when ${describeExpression(terms, when, -1)}. [${clause}]`;
  });
}

function moneyLines(terms: DealTerms, file: DealFile | undefined): string[] {
  const accounts = terms.accounts.map(({ name, retained, initialDepositCents }, i) => {
    const kind =
      i === terms.collectionAccount
        ? "collection"
        : i === terms.reserveAccount
          ? "reserve"
          : "other";
    const kept = retained ? "may hold a balance between periods" : "swept in every run";
    return `  ${name}  ${kind}, ${kept}, ${formatCentsGrouped(initialDepositCents)} at closing`;
  });
  const caps = terms.caps.map(
    ({ name, cents, year }) => `  ${name}  ${formatCentsGrouped(cents)} a ${year}`,
  );
  const fees = terms.fees.map((fee) => feeLine(terms, file, fee));
  return ["", "Accounts", ...accounts, "", "Fees", ...fees, "", "Caps", ...caps];
}

function figureLines(terms: DealTerms): string[] {
  const figures = terms.figures.map(
    ({ name, minimum, maximum }) =>
      `  p.${name}  ${boundText(name, minimum)} to ${boundText(name, maximum)}`,
  );
  const constants = terms.constantNames.map((name, i) => {
    const value = terms.constants[i] ?? 0n;
    return `  k.${name}  ${value >= 10n ** 13n ? formatRate(value) : formatCentsGrouped(value)}`;
  });
  return ["", "Reported figures", ...figures, "", "Constants", ...constants];
}

/**
 * The whole deal in words: parties, dates, classes, fees, every step with its clause. Without the
 * file (a deal that was found on chain) it says what cannot be known.
 */
export function showDeal(terms: DealTerms, file?: DealFile): string {
  const cap = terms.holderCapBps === null ? "none" : `${terms.holderCapBps / 100} % per identity`;
  const rules = file === undefined ? [] : describeCalendarRules(file.calendar);
  return [
    `Deal ${terms.dealId}`,
    file === undefined ? FROM_CHAIN_ALONE : describeHeading(file),
    `Cut-off pool ${formatCentsGrouped(terms.cutOffBalanceCents)}, ${terms.cutOffLoans} loans. ` +
      `Holder cap: ${cap}. Split rounding: ${terms.splitRounding}.`,
    `Payees: ${terms.payees.join(", ")}`,
    ...(file === undefined ? [] : ["", "Parties", ...describeParties(file)]),
    ...["", "Calendar", ...calendarLines(terms), ...rules],
    ...(file === undefined ? [] : ["", "Tape", ...describeTapeRules(file.tape)]),
    ...["", "Classes", ...terms.classes.map((entry) => classLine(terms, file, entry))],
    ...moneyLines(terms, file),
    ...figureLines(terms),
    ...programLines(terms),
    ...["", "Transitions, judged after each run", ...transitionLines(terms), ""],
  ].join("\n");
}
