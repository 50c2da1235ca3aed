/**
 * A deal as a page to read beside its prospectus. It is made of the terms alone, which a deal file
 * and the bytes on chain give alike; only the rules of tapes stand in the file and nowhere else.
 */
import { formatMonth } from "../lib/dates.ts";
import { formatCentsGrouped } from "../lib/money.ts";
import type { DealFile } from "./deal-file.ts";
import { noteOf, notesOf } from "./deal-notes.ts";
import type { DealTerms } from "./deal-terms.ts";
import { describeTapeRules } from "./describe-file.ts";
import { classLines, moneyLines, partyLines, section } from "./describe-parties.ts";
import { reportingLines } from "./describe-reporting.ts";
import { figureLines, stateLines, transitionSections } from "./describe-state.ts";
import { describeStep } from "./describe-step.ts";
import { wordLines } from "./describe-words.ts";

/** What stands in the deal file only. */
const NO_TAPE_RULES = "  how tapes are read stands in the deal file, not in its bytes";

function headingLines(terms: DealTerms): string[] {
  const cap = terms.holderCapBps === null ? "none" : `${terms.holderCapBps / 100} % per identity`;
  const title = noteOf(terms, "title");
  const currency = noteOf(terms, "currency");
  return [
    `Deal ${terms.dealId}`,
    title === null ? "Without a title." : `${title}.`,
    `${currency === null ? "" : `Currency ${currency}, `}legal unit 0.01, cash token of ${terms.cashDecimals} decimals.`,
    `Cut-off pool ${formatCentsGrouped(terms.cutOffBalanceCents)}, ${terms.cutOffLoans} loan${terms.cutOffLoans === 1 ? "" : "s"}. ` +
      `Holder cap: ${cap}. Split rounding: ${terms.splitRounding}.`,
  ];
}

function calendarLines(terms: DealTerms): string[] {
  const first = terms.calendar[0];
  const last = terms.calendar.at(-1);
  if (first === undefined || last === undefined) return [];
  const time = (seconds: number) => new Date(seconds * 1000).toISOString().replace(":00.000Z", "Z");
  const grace = terms.graceSeconds / 86_400;
  return [
    `  closing ${time(terms.closingTime)}, ${terms.calendar.length} periods from ` +
      `${formatMonth(first.collectionMonth)} to ${formatMonth(last.collectionMonth)}`,
    `  first record ${time(first.recordTime)}, first payment ${time(first.paymentTime)}, ` +
      `last payment ${time(last.paymentTime)}, late after ${grace} day${grace === 1 ? "" : "s"}`,
    ...notesOf(terms, "calendar").map((rule) => `  ${rule}`),
  ];
}

/** The programs, each once, with the phases that run it. */
function programLines(terms: DealTerms): string[] {
  const starts = [...new Set(terms.phases.map(({ firstStep }) => firstStep))];
  return starts.flatMap((start) => {
    const phases = terms.phases.filter(({ firstStep }) => firstStep === start);
    const names = phases.map(({ name }) => name).join(", ");
    const heading = `Priority of payments in the phase${phases.length === 1 ? "" : "s"} ${names}`;
    return ["", heading, ...stepLines(terms, start, phases[0]?.stepCount ?? 0)];
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

/** Phases in their order; a deal begins in the first. */
function phaseLines(terms: DealTerms): string[] {
  if (terms.phases.length < 2) return [];
  const [first, ...others] = terms.phases.map(({ name }) => name);
  return section("Phases", [`  begins in ${first}; may go on to ${others.join(", ")}`]);
}

/** A heading and what stands below it; programs are not among the pages of terms. */
export interface DealPage {
  heading: string;
  lines: string[];
}

/** Lines of the sections that `section` and its like return, taken apart again by their blank lines. */
function pagesIn(lines: readonly string[]): DealPage[] {
  const pages: DealPage[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    if (lines[at] === "") pages.push({ heading: lines[(at += 1)] ?? "", lines: [] });
    else pages.at(-1)?.lines.push(lines[at] ?? "");
  }
  return pages;
}

/** The terms of a deal, all but its programs, page by page. */
export function dealPages(terms: DealTerms, file?: DealFile): DealPage[] {
  const kinds = ["id", "title", "money", "pool"];
  const heading = headingLines(terms).map((line, i) => `  ${kinds[i]}  ${line}`);
  const lines = [...section("Deal", heading), ...termLines(terms), ...endLines(terms, file)];
  return pagesIn(lines);
}

function termLines(terms: DealTerms): string[] {
  return [
    ...section("Parties", partyLines(terms)),
    ...section("Calendar", calendarLines(terms)),
    ...section(
      "Classes, senior first",
      terms.classes.flatMap((entry) => classLines(terms, entry)),
    ),
    ...moneyLines(terms),
    ...figureLines(terms),
    ...section("Reporting", reportingLines(terms)),
    ...stateLines(terms),
    ...phaseLines(terms),
  ];
}

function endLines(terms: DealTerms, file: DealFile | undefined): string[] {
  const tape = file === undefined ? [NO_TAPE_RULES] : describeTapeRules(file.tape);
  return [...transitionSections(terms), ...section("Tape", tape)];
}

/**
 * The whole deal in words: parties, dates, classes, fees, every step with its clause, and at its end
 * what the words of its amounts mean.
 */
export function showDeal(terms: DealTerms, file?: DealFile): string {
  const pages = [...termLines(terms), ...programLines(terms), ...endLines(terms, file)];
  const words = section("Words of the amounts", wordLines(pages));
  return [...headingLines(terms), ...pages, ...words, ""].join("\n");
}
