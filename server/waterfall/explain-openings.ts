/** Where a tree ends: what the deal states, what the period before left, what the report brought. */
import { formatDate } from "../lib/dates.ts";
import { amountOf, say } from "./explain-node.ts";
import type { Amount, AmountSource } from "./explain-node.ts";
import { unitOfToken } from "./explain-units.ts";
import type { AmountUnit } from "./explain-units.ts";
import { monthOfPeriod } from "./explain-story.ts";
import type { RunStory } from "./explain-story.ts";
import { OPCODE } from "../deals/terms-format.ts";
import type { ClassState } from "./waterfall-state.ts";

type ClassOpening = Exclude<keyof ClassState, "pik">;

/** An amount that the state before the run holds. */
export interface Opening {
  kind: ClassOpening | "account" | "fee" | "cap" | "ledger" | "pik";
  index: number;
}

/** How openings are called, and under which address the period before explains them. */
const CLASS_OPENINGS: Record<ClassOpening | "pik", { words: string; address: string }> = {
  balance: { words: "principal balance", address: "balance" },
  shortfall: { words: "interest unpaid from earlier periods", address: "shortfall" },
  shortfallInterest: { words: "unpaid interest on unpaid interest", address: "shortfallInterest" },
  written: { words: "written down and not written up again", address: "writtenDown" },
  deferred: { words: "interest deferred", address: "deferred" },
  carryOver: { words: "interest carried over", address: "carryOver" },
  pik: { words: "capitalised and not repaid", address: "capitalised" },
};

interface OpeningFacts {
  name: string;
  words: string;
  address: string;
  value: bigint;
  /** What it is at closing. */
  atClosing: string;
}

function factsOf({ terms, input }: RunStory, { kind, index }: Opening): OpeningFacts {
  const { state } = input;
  const nothing = "nothing at closing";
  if (kind === "account") {
    const name = terms.accounts[index]?.name ?? "";
    const words = `opening balance of account ${name}`;
    const value = state.accounts[index] ?? 0n;
    const facts = { name: `opening.${name}`, words, value, address: `accounts.${name}` };
    return { ...facts, atClosing: `paid in at closing, accounts.${name}.initialDeposit` };
  }
  if (kind === "fee") {
    const name = terms.fees[index]?.name ?? "";
    const words = `unpaid of the fee ${name} from earlier periods`;
    const address = `fees.${name}.unpaid`;
    const value = state.feesUnpaid[index] ?? 0n;
    return { name: `unpaid.${name}`, words, address, value, atClosing: nothing };
  }
  if (kind === "cap" || kind === "ledger") {
    const name = terms[kind === "cap" ? "caps" : "ledgers"][index]?.name ?? "";
    const value = (kind === "cap" ? state.capsUsed : state.ledgers)[index] ?? 0n;
    const words = kind === "cap" ? `paid under the cap ${name} so far` : `ledger ${name}`;
    const address = kind === "cap" ? `caps.${name}.used` : `ledgers.${name}`;
    return { name: `opening.${name}`, words, address, value, atClosing: nothing };
  }
  const name = terms.classes[index]?.name ?? "";
  const { words, address } = CLASS_OPENINGS[kind];
  return {
    name: kind === "balance" ? `opening.${name}` : `${kind}.${name}`,
    words: `${words} of class ${name} at the start of the period`,
    address: `classes.${name}.${address}`,
    value: state.classes[index]?.[kind] ?? 0n,
    atClosing: kind === "balance" ? `original face, classes.${name}.face` : nothing,
  };
}

/** The period before, as a source; at the first period the closing. */
function sourceBefore(story: RunStory, facts: OpeningFacts): AmountSource {
  const before = story.input.state.lastPeriod;
  if (before === 0) return { kind: "opening balance", words: facts.atClosing };
  const period = monthOfPeriod(story, before);
  const words = `closing amount of period ${before} (${period})`;
  return { kind: "opening balance", words, period, amount: facts.address };
}

export function openingOf(story: RunStory, opening: Opening): Amount {
  const facts = factsOf(story, opening);
  const { name, words, value } = facts;
  const source = sourceBefore(story, facts);
  return amountOf({ key: `opening:${name}`, name, value, unit: "money", words, source });
}

/** Where an entry of the deal file stands. */
function placeIn({ file }: RunStory, section: DealSection, entry: string): string {
  const entries: readonly { name: string; place: { line: number } }[] = file?.[section] ?? [];
  const line = entries.find(({ name }) => name === entry)?.place.line;
  return `${section}.${entry}${line === undefined ? "" : `, line ${line} of the deal file`}`;
}

export type DealSection = "classes" | "accounts" | "fees" | "caps" | "constants" | "figures";

/** A number that the deal states: a face, a rate, a limit. */
export function termOf(
  story: RunStory,
  name: string,
  term: { value: bigint; section: DealSection; entry: string; unit?: AmountUnit },
): Amount {
  const { value, section, entry, unit = "money" } = term;
  const source = { kind: "term of the deal", words: placeIn(story, section, entry) } as const;
  const words = `stated by the deal for ${entry}`;
  return amountOf({ key: `term:${name}`, name, value, unit, words, source });
}

/** A constant `k.x`, fixed or by schedule. */
export function constantOf(story: RunStory, name: string, place: ConstantPlace): Amount {
  const { value, token } = place;
  const isPool = name === "cutOffBalance";
  const pool = story.file === null ? "" : `, line ${story.file.pool.place.line} of the deal file`;
  const where = isPool ? `pool.cutOffBalance${pool}` : placeIn(story, "constants", name);
  const unit = unitOfToken(story, token, -1);
  const scheduled = token.code === OPCODE.SCHED;
  const words = scheduled ? `${where}: ${scheduleWords(story, token.operand, unit)}` : where;
  return amountOf({
    key: `constant:${name}`,
    name: `k.${name}`,
    value,
    unit,
    words: scheduled ? `value of the schedule k.${name} this period` : `constant k.${name}`,
    source: { kind: scheduled ? "schedule" : "constant", words },
  });
}

interface ConstantPlace {
  value: bigint;
  token: { code: number; operand: number };
}

/** The row of a schedule that counts. */
function scheduleWords({ terms, input }: RunStory, index: number, unit: AmountUnit): string {
  const rows = terms.schedules[index]?.rows ?? [];
  const row = rows.findLast(({ period }) => period <= input.period) ?? rows[0];
  if (row === undefined) return "no rows";
  const write = (value: bigint) => amountOf({ ...BLANK, value, unit }).valueText;
  const grown =
    row.increment === 0n
      ? ""
      : ` and ${write(row.increment)} more per 12 periods, ${input.period - row.period} since`;
  return `from period ${row.period} ${write(row.value)}${grown}`;
}

const BLANK = { key: "", name: "", words: "", source: { kind: "schedule", words: "" } } as const;

/** A figure of the report, the fixing of an index, or the price of the purchase list. */
export function figureOf(story: RunStory, index: number, value: bigint): Amount {
  const { figures, indices } = story.terms;
  const unit = unitOfToken(story, { code: OPCODE.FIGURE, operand: index }, -1);
  const figure = figures[index]?.name;
  const key = `figure:${index}`;
  if (figure !== undefined) return reportFigure(story, { index, figure, value, unit });
  const fixing = indices[index - figures.length]?.name;
  if (fixing === undefined) {
    const words = story.sources.purchaseList ?? "price of the purchase list of this period";
    const source = { kind: "purchase list", words } as const;
    return amountOf({ key, name: "purchasePrice", value, unit, words, source });
  }
  const words = story.sources.fixings.get(fixing) ?? "as the feed fixed it for this period";
  const source = { kind: "index fixing", words } as const;
  return amountOf({ key, name: `index.${fixing}`, value, unit, words: `index ${fixing}`, source });
}

interface ReportFigure {
  index: number;
  figure: string;
  value: bigint;
  unit: AmountUnit;
}

/** A figure as the run has it: as reported, and with what restatements of earlier periods carry into it. */
function reportFigure(story: RunStory, { index, figure, value, unit }: ReportFigure): Amount {
  const words = story.sources.figures.get(figure) ?? reportedWords(story, figure);
  const source = { kind: "report figure", words } as const;
  const [key, name] = [`figure:${index}`, `p.${figure}`];
  const carried = story.sources.carried?.differences[index] ?? 0n;
  if (carried === 0n) {
    return amountOf({ key, name, value, unit, words: `figure ${figure} of the report`, source });
  }
  const months = (story.sources.carried?.periods[index] ?? []).map(
    (period) => `${period} (${monthOfPeriod(story, period)})`,
  );
  const from = `the restatement of period ${months.join(", and of period ")}`;
  const reported = amountOf({
    ...{ key: `reported:${index}`, name: `reported.${figure}`, unit, source },
    value: value - carried,
    words: `figure ${figure} of the report`,
  });
  const difference = amountOf({
    ...{ key: `carried:${index}`, name: `carried.${figure}`, value: carried, unit },
    words: `difference of ${figure} carried from ${from}`,
    source: { kind: "restatement", words: `restated minus reported in ${from}` },
  });
  return amountOf({
    ...{ key, name, value, unit, source },
    words:
      `figure ${figure}: reported ${reported.valueText}, ` +
      `carried ${difference.valueText} from ${from}`,
    formula: () => say`${reported} + ${difference}`,
  });
}

function reportedWords({ file }: RunStory, figure: string): string {
  const stated = file?.figures.find(({ name }) => name === figure)?.source;
  if (stated === undefined) return "in the report of this period";
  return stated === "tape" ? "total of the period's tape" : "stated by the servicer";
}

/** A number of the period's row of the calendar. */
export function calendarOf(
  story: RunStory,
  name: string,
  fact: { value: bigint; unit: AmountUnit; words: string },
): Amount {
  const { period } = story.input;
  const words = `calendar of period ${period} (${monthOfPeriod(story, period)})`;
  return amountOf({ key: `calendar:${name}`, name, ...fact, source: { kind: "calendar", words } });
}

/** Whether a notice is in force. */
export function noticeOf(story: RunStory, index: number, value: bigint): Amount {
  const name = story.terms.notices[index]?.name ?? `${index}`;
  const given = value === 0n ? "not in force" : "in force";
  const words = `notice ${name} is ${given}`;
  const source = {
    kind: "notice",
    words: story.sources.notices.get(name) ?? words,
  } as const;
  return amountOf({
    key: `notice:${index}`,
    name: `notice.${name}`,
    value,
    unit: "flag",
    words,
    source,
  });
}

/** "30 days of a year of 360, paid on 2020-05-15". */
export function daysOf(story: RunStory, basis: number): Amount {
  const row = story.terms.calendar[story.input.period - 1];
  const value = BigInt(row?.numerators[basis] ?? 0);
  const base = story.terms.bases[basis] ?? 0;
  const named = nameBasis(story, basis);
  const words = `days accrued of a year of ${base}, payment date ${formatDate(row?.paymentDay ?? 0)}`;
  return {
    ...calendarOf(story, `days(${named ?? `over ${base}`})`, { value, unit: "count", words }),
    key: `days:${basis}`,
  };
}

/** "ACT/360, adjusted", where the deal file is at hand. */
function nameBasis({ terms, file }: RunStory, basis: number): string | null {
  const ofClass = file?.classes[terms.classes.findIndex((entry) => entry.basis === basis)];
  const rateFees = terms.fees.findIndex((fee) => fee.kind === "rate" && fee.basis === basis);
  const ofFee = file?.fees[rateFees]?.amount;
  const found = ofClass ?? (ofFee?.kind === "rate" ? ofFee : undefined);
  return found === undefined ? null : `${found.dayCount}, ${found.accrualDates}`;
}
