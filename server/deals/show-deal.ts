/** A deal as a page to read beside its prospectus: from the compiled terms, and from the deal file where it is at hand. */
import { formatMonth } from "../lib/dates.ts";
import { formatCentsGrouped } from "../lib/money.ts";
import type { DealFile } from "./deal-file.ts";
import type { DealTerms } from "./deal-terms.ts";
import {
  describeCalendarRules,
  describeHeading,
  describeParties,
  describeTapeRules,
} from "./describe-file.ts";
import { describeClass, formatRate, moneyLines } from "./describe-parties.ts";
import { constantUnit, stateLines, transitionSections, valueText } from "./describe-state.ts";
import { describeStep } from "./describe-step.ts";
import { findCatalogueFigure } from "./figure-catalogue.ts";

/** What a deal keeps on chain, and what it does not. */
const FROM_CHAIN_ALONE =
  "From the compiled terms alone: they hold each period's times and accruals, not the rules behind " +
  "them. Day counts show as their year (360 or 365); accrual dates, the business-day and record " +
  "rules, the tape's rules, name and currency stand in the deal file only.";

/** A bound in its figure's unit, as far as that is known: the bytes do not hold it. */
function boundText(name: string, file: DealFile | undefined, value: bigint): string {
  const stated = file?.figures.find((figure) => figure.name === name)?.unit;
  const unit = stated ?? findCatalogueFigure(name)?.unit ?? "money";
  if (unit === "rate") return formatRate(value);
  return unit === "money" ? formatCentsGrouped(value) : `${value}`;
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

/** The programs, each once, with the phases that run it. */
function programLines(terms: DealTerms): string[] {
  const starts = [...new Set(terms.phases.map(({ firstStep }) => firstStep))];
  return starts.flatMap((start) => {
    const phases = terms.phases.filter(({ firstStep }) => firstStep === start);
    const names = phases.map(({ name }) => name).join(", ");
    return ["", `Program ${names}`, ...stepLines(terms, start, phases[0]?.stepCount ?? 0)];
  });
}

function stepLines(terms: DealTerms, first: number, count: number): string[] {
  const lines: string[] = [];
  const blockEnds: number[] = [];
  for (let i = first; i < first + count; i += 1) {
    const step = terms.steps[i];
    if (step === undefined) break;
    while (blockEnds.at(-1) === i) blockEnds.pop();
    if (step.operation === "ELSE") blockEnds.pop();
    const indent = "  ".repeat(blockEnds.length);
    const number = String(i - first + 1).padStart(4);
    const label = step.label === null || step.operation === "LET" ? "" : ` (${step.label})`;
    lines.push(`${number}. ${indent}${describeStep(terms, i)}${label}. [${step.clause}]`);
    if (step.operation === "IF" || step.operation === "ELSE") blockEnds.push(step.jump);
  }
  return lines;
}

function figureLines(terms: DealTerms, file: DealFile | undefined): string[] {
  const figures = terms.figures.map(
    ({ name, minimum, maximum }) =>
      `  p.${name}  ${boundText(name, file, minimum)} to ${boundText(name, file, maximum)}`,
  );
  const constants = terms.constantNames.map((name, i) => {
    const value = terms.constants[i] ?? 0n;
    return `  k.${name}  ${valueText(value, constantUnit(file, name))}`;
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
    ...["", "Classes", ...terms.classes.map((entry) => describeClass(terms, file, entry))],
    ...moneyLines(terms, file),
    ...figureLines(terms, file),
    ...stateLines(terms, file),
    ...programLines(terms),
    ...transitionSections(terms),
    "",
  ].join("\n");
}
