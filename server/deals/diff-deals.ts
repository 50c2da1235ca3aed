/** Two deals term by term, in the words of `deal show`. */
import { formatDate } from "../lib/dates.ts";
import type { DealFile } from "./deal-file.ts";
import type { CalendarRow, DealTerms } from "./deal-terms.ts";
import { diffPrograms } from "./diff-steps.ts";
import { dealPages } from "./show-deal.ts";
import type { DealPage } from "./show-deal.ts";

/** A deal from a file or from a chain; two equal deals have equal bytes. */
export interface ComparableDeal {
  terms: DealTerms;
  termsHash: string;
  file?: DealFile;
}

/** One term: its name, and each of its lines. */
interface Term {
  name: string;
  lines: string[];
}

/** Lines of a page by term: what is indented deeper belongs to the term above it. */
function termsOf({ lines }: DealPage): Term[] {
  const terms: Term[] = [];
  for (const line of lines) {
    const text = line.trim();
    const last = terms.at(-1);
    if (/^ {4,}/.test(line) && last !== undefined) last.lines.push(text);
    else terms.push({ name: nameOf(text), lines: [text] });
  }
  return terms;
}

/** Terms stand as `name  text`; transitions as `from -> to when …`; rules begin with two words of their own. */
function nameOf(text: string): string {
  const named = /^(\S+) {2}/.exec(text)?.[1];
  if (named !== undefined) return named;
  const transition = /^(.* -> \S+) when /.exec(text)?.[1];
  return transition ?? text.split(" ").slice(0, 2).join(" ");
}

/** Only the parts of a line that differ, when it has as many parts as before. */
function changedParts(before: string, after: string): string {
  const parts = (text: string) => text.split(/(?<=[,;]) (?![^(]*\))/);
  const [was, is] = [parts(before), parts(after)];
  if (was.length !== is.length) return `${before} -> ${after}`;
  const trim = (text: string) => text.replace(/[,;]$/, "");
  return was
    .flatMap((part, i) => (part === is[i] ? [] : [`${trim(part)} -> ${trim(is[i] ?? "")}`]))
    .join("; ");
}

function withoutName(text: string, name: string): string {
  return text.startsWith(name) ? text.slice(name.length).trim() : text;
}

function changedLines(before: Term, after: Term): string[] {
  const count = Math.max(before.lines.length, after.lines.length);
  return Array.from({ length: count }, (_, i) => [before.lines[i] ?? "", after.lines[i] ?? ""])
    .filter(([was, is]) => was !== is)
    .map(([was = "", is = ""]) => {
      const texts = [was, is].map((text) => withoutName(text, before.name)) as [string, string];
      return `  changed  ${before.name}: ${changedParts(...texts)}`;
    });
}

function diffPage(before: readonly Term[], after: readonly Term[]): string[] {
  // Two transitions may lead between the same phases, so names are matched in their order.
  const rest = [...after];
  const lines = before.flatMap((was) => {
    const same = rest.findIndex((is) => is.lines.join("\n") === was.lines.join("\n"));
    const found = same === -1 ? rest.findIndex(({ name }) => name === was.name) : same;
    if (found === -1) return was.lines.map((line) => `  removed  ${line}`);
    const [is] = rest.splice(found, 1);
    return is === undefined ? [] : changedLines(was, is);
  });
  return [...lines, ...rest.flatMap(({ lines: all }) => all.map((line) => `  added    ${line}`))];
}

const rowText = (row: CalendarRow) => JSON.stringify(row);

/** Periods whose dates differ though the rules read alike: holidays and the length of the calendar. */
function diffCalendar({ calendar: before }: DealTerms, { calendar: after }: DealTerms): string[] {
  const both = before.slice(0, after.length);
  const other = both.flatMap((row, i) => {
    const now = after[i];
    return now !== undefined && rowText(row) !== rowText(now) ? [{ period: i + 1, row, now }] : [];
  });
  const first = other[0];
  if (first === undefined) return [];
  const date = (row: CalendarRow) => formatDate(row.paymentDay);
  return [
    `  changed  dates or accruals of ${other.length} of ${both.length} periods, first of period ` +
      `${first.period}: paid ${date(first.row)} -> paid ${date(first.now)}`,
  ];
}

/** Without the file of both deals nothing is known of the rules of tapes. */
function pagesOf(deal: ComparableDeal, withFile: boolean): DealPage[] {
  return dealPages(deal.terms, withFile ? deal.file : undefined);
}

/**
 * What was added, removed or changed from one deal to another; nothing when they are equal. What reads
 * alike though its bytes differ is told too.
 */
export function diffDeals(before: ComparableDeal, after: ComparableDeal): string[] {
  const withFile = before.file !== undefined && after.file !== undefined;
  const [was, is] = [pagesOf(before, withFile), pagesOf(after, withFile)];
  const headings = [...new Set([...was, ...is].map(({ heading }) => heading))];
  const termsUnder = (pages: readonly DealPage[], heading: string) =>
    termsOf(pages.find((page) => page.heading === heading) ?? { heading, lines: [] });
  const lines = headings.flatMap((heading) => {
    const changes = diffPage(termsUnder(was, heading), termsUnder(is, heading));
    if (heading === "Calendar") changes.push(...diffCalendar(before.terms, after.terms));
    return changes.length === 0 ? [] : ["", heading, ...changes];
  });
  const all = [...lines, ...diffPrograms(before.terms, after.terms)];
  if (all.length > 0 || before.termsHash === after.termsHash) return all.slice(1);
  return ["the deals read alike, but their bytes differ: the order of their terms or literals"];
}
