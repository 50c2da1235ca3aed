/** A run laid out for its explanation: what changed which balance in which step. */
import type { DealFile } from "../deals/deal-file.ts";
import type { DealTerms, StepTerms } from "../deals/deal-terms.ts";
import { formatMonth } from "../lib/dates.ts";
import type { Carried } from "./carry-differences.ts";
import type { Amount } from "./explain-node.ts";
import type { Payment, Reading, StepRecord } from "./run-memory.ts";
import { COMPONENTS } from "../deals/terms-format.ts";
import type { WaterfallInput, WaterfallRun } from "./run-waterfall.ts";

/** What is known of where a run's inputs come from; words that follow the input's name. */
export interface InputSources {
  /** By figure: "total of tape 2017-10 version 1", "stated by the servicer ...". */
  figures: ReadonlyMap<string, string>;
  /** By index: round and time of the feed. */
  fixings: ReadonlyMap<string, string>;
  /** By notice: who gave it, and when. */
  notices: ReadonlyMap<string, string>;
  purchaseList: string | null;
  /** What restatements of earlier periods add to the reported figures; null without any. */
  carried: Carried | null;
}

export const NO_SOURCES: InputSources = {
  figures: new Map(),
  fixings: new Map(),
  notices: new Map(),
  purchaseList: null,
  carried: null,
};

/** Moments of a run as positions: steps are 0, 1, 2 ... */
export const ACCRUAL = -2;
export const BEFORE_STEPS = -1;
export const AFTER_STEPS = Number.MAX_SAFE_INTEGER;

/** Who reads a value, and when: what has happened until then counts. */
export interface Reader {
  at: number;
  by: "accrual" | "series" | "trigger" | "transition" | "step";
  /** Position among its kind. */
  index: number;
}

/** The reader at the end of a run. */
export const AT_THE_END: Reader = { at: AFTER_STEPS, by: "step", index: 0 };

/** One change of a running amount: by what a step paid (`payment` null), or by one of its payments. */
export interface Movement {
  step: number;
  sign: "+" | "-";
  payment: number | null;
}

/** The parts of the explanation that refer to each other. */
export interface Explainers {
  reading(story: RunStory, reading: Reading, reader: Reader): Amount;
  paid(story: RunStory, step: number): Amount;
  payment(story: RunStory, step: number, payment: number): Amount;
  trigger(story: RunStory, trigger: number, reader: Reader): Amount;
}

export interface RunStory {
  input: WaterfallInput;
  run: WaterfallRun;
  terms: DealTerms;
  /** The deal file, where it is at hand: units, and where a constant stands. */
  file: DealFile | null;
  sources: InputSources;
  /** Absolute position of the first step of the program that ran. */
  firstStep: number;
  /** Changes by amount, as `bal.0`, in the order of the run. */
  movements: ReadonlyMap<string, readonly Movement[]>;
  explain: Explainers;
}

export function stepTermsOf(story: RunStory, step: number): StepTerms {
  return story.terms.steps[story.firstStep + step] as StepTerms;
}

export function recordOf(story: RunStory, step: number): StepRecord {
  return story.run.records[step] as StepRecord;
}

/** "step 16" or "step 16, reserveDraw". */
export function nameStep(story: RunStory, step: number): string {
  const { label } = stepTermsOf(story, step);
  return label === null ? `step ${step + 1}` : `step ${step + 1}, ${label}`;
}

/** Collection month of a period, YYYY-MM. */
export function monthOfPeriod({ terms }: RunStory, period: number): string {
  const row = terms.calendar[period - 1];
  return row === undefined ? `period ${period}` : formatMonth(row.collectionMonth);
}

interface Change {
  amount: string;
  sign: "+" | "-";
}

/** What a payment changes, by the name of the running amount. */
function changesOf(terms: DealTerms, step: StepTerms, payment: Payment): Change[] {
  const { kind, to } = payment;
  const change = (amount: string, sign: "+" | "-"): Change => ({ amount, sign });
  switch (kind) {
    case "fee":
      return feeChanges(terms, step, to);
    case "interest":
      return [
        change(`part.${to}.${partOf(payment)}`, "-"),
        ...(step.part === null ? [change(`due.${to}`, "-")] : []),
      ];
    case "principal":
      return [change(`bal.${to}`, "-")];
    case "write-down":
      return [change(`bal.${to}`, "-"), change(`written.${to}`, "+")];
    case "write-up":
      return [change(`bal.${to}`, "+"), change(`written.${to}`, "-")];
    case "capitalised":
      return [
        change(`part.${to}.${partOf(payment)}`, "-"),
        ...(terms.classes[to]?.componentOrder.includes(payment.component ?? "current")
          ? [change(`due.${to}`, "-")]
          : []),
        change(`bal.${to}`, "+"),
        change(`capitalised.${to}`, "+"),
      ];
    case "ledger":
      return [change(`ledger.${to}`, step.mode === "CR" ? "-" : "+")];
    case "payee":
      return [];
    case "account":
      return [change(`acct.${to}`, "+")];
  }
}

const partOf = ({ component }: Payment) => COMPONENTS.indexOf(component ?? "current");

function feeChanges(terms: DealTerms, step: StepTerms, to: number): Change[] {
  const fee = terms.fees[to];
  const changes: Change[] = [{ amount: `fdue.${to}`, sign: "-" }];
  const capped = step.capEach || step.cap !== null;
  const cap = fee?.cap ?? null;
  return capped && cap !== null ? [...changes, { amount: `cap.${cap}`, sign: "+" }] : changes;
}

const PAYING: ReadonlySet<string> = new Set(["FEE", "INT", "PRIN", "FILL", "MOVE", "REST", "BUY"]);

/** All changes of a run, by amount. */
export function listMovements(
  terms: DealTerms,
  firstStep: number,
  records: readonly StepRecord[],
): Map<string, Movement[]> {
  const movements = new Map<string, Movement[]>();
  const add = (amount: string, movement: Movement): void => {
    const list = movements.get(amount);
    if (list === undefined) movements.set(amount, [movement]);
    else list.push(movement);
  };
  for (const { index, paid, payments, operation } of records) {
    const step = terms.steps[firstStep + index] as StepTerms;
    if (PAYING.has(operation) && paid > 0n) {
      add(`acct.${step.source}`, { step: index, sign: "-", payment: null });
    }
    payments.forEach((payment, i) => {
      for (const { amount, sign } of changesOf(terms, step, payment)) {
        add(amount, { step: index, sign, payment: i });
      }
    });
  }
  return movements;
}

/** The movements of an amount before a moment. */
export function movementsBefore(story: RunStory, amount: string, at: number): Movement[] {
  return (story.movements.get(amount) ?? []).filter(({ step }) => step < at);
}
