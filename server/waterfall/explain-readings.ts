/** What a token of an expression read, as an amount with its own explanation. */
import { describeReference } from "../deals/describe-reference.ts";
import { laneLayoutOf } from "../deals/lane-layout.ts";
import { FLAG, OPCODE } from "../deals/terms-format.ts";
import {
  claimPartAtStart,
  dueAtStart,
  feeDueAtStart,
  rateOf,
  accountAtStart,
} from "./explain-claims.ts";
import { amountOf, say, saySum } from "./explain-node.ts";
import type { Amount } from "./explain-node.ts";
import {
  calendarOf,
  constantOf,
  daysOf,
  figureOf,
  noticeOf,
  openingOf,
  termOf,
} from "./explain-openings.ts";
import { phaseAt } from "./explain-phase.ts";
import {
  accountAt,
  balanceAt,
  capLeftAt,
  capUsedAt,
  dueAt,
  feeDueAt,
  ledgerAt,
  writtenAt,
} from "./explain-running.ts";
import { historyOf, variableAt } from "./explain-series.ts";
import { dueOf, lostOf, paidOf } from "./explain-steps.ts";
import { stepTermsOf } from "./explain-story.ts";
import type { Reader, RunStory } from "./explain-story.ts";
import { triggerAt } from "./explain-triggers.ts";
import { PART } from "./run-memory.ts";
import type { Reading } from "./run-memory.ts";

type Read = (story: RunStory, reading: Reading, reader: Reader) => Amount;
type At = (story: RunStory, index: number, at: number) => Amount;

const running =
  (of: At): Read =>
  (story, { operand }, { at }) =>
    of(story, operand, at);

/** The sum over a mask of classes or fees. */
function sumOver(of: At, count: (story: RunStory) => number): Read {
  return (story, reading, reader) => {
    const { operand, value } = reading;
    const parts = Array.from({ length: count(story) }, (_, i) => i)
      .filter((i) => (operand >> i) & 1)
      .map((i) => of(story, i, reader.at));
    return amountOf({
      key: `sum.${reading.code}.${operand}@${parts.map(({ key }) => key).join()}`,
      name: describeReference(story.terms, reading, -1) ?? "sum",
      value,
      unit: "money",
      words: `sum of ${parts.map(({ name }) => name).join(", ")}`,
      source: { kind: "running balance", words: "sum of what is listed" },
      formula: () => saySum(parts),
    });
  };
}

const overClasses = (of: At): Read => sumOver(of, ({ terms }) => terms.classes.length);
const overFees = (of: At): Read => sumOver(of, ({ terms }) => terms.fees.length);

/** A step of the program that ran; one of another program paid nothing in this run. */
function ofStep(of: (story: RunStory, step: number, value: bigint) => Amount): Read {
  return (story, reading) => {
    const step = reading.operand - story.firstStep;
    if (step >= 0 && step < story.run.records.length) return of(story, step, reading.value);
    const name = describeReference(story.terms, reading, -1) ?? "paid";
    const source = { kind: "step", words: "a step of a program that did not run" } as const;
    const words = "0: its program did not run";
    return amountOf({ key: name, name, value: reading.value, unit: "money", words, source });
  };
}

/** The LET that named the amount before; one in a block that did not run has left 0. */
function readLet(story: RunStory, reading: Reading, { at }: Reader): Amount {
  const { operand, value } = reading;
  const step = story.run.records.findLastIndex(
    ({ operation, flags }, i) =>
      operation === "LET" &&
      i < at &&
      (flags & FLAG.SKIPPED) === 0 &&
      stepTermsOf(story, i).destination === operand,
  );
  if (step !== -1) return { ...dueOf(story, step), value };
  const name = describeReference(story.terms, reading, story.firstStep) ?? `let ${operand}`;
  const source = {
    kind: "defined term",
    words: "0: no step that ran has named it before",
  } as const;
  return amountOf({ key: `let.${operand}`, name, value, unit: "money", words: name, source });
}

function readConstant(story: RunStory, reading: Reading): Amount {
  const name = story.terms.constantNames[reading.operand] ?? `${reading.value}`;
  return constantOf(story, name, { value: reading.value, token: reading });
}

function readFinal(story: RunStory, { operand, value }: Reading): Amount {
  const name = story.terms.classes[operand]?.name ?? "";
  const term = { value, section: "classes", entry: name, unit: "date" } as const;
  return termOf(story, `final.${name}`, term);
}

const ofCalendar = (name: string, unit: "date" | "count", words: string): Read => {
  return (story, { value }) => calendarOf(story, name, { value, unit, words });
};

/** Lanes that expressions read: own amounts of classes, ledgers, variables; others by what they hold. */
function readLane(story: RunStory, reading: Reading, reader: Reader): Amount {
  const { operand: lane, value } = reading;
  const layout = laneLayoutOf(story.terms);
  if (lane < layout.fees) return accountAt(story, lane, reader.at);
  if (lane < layout.caps) return feeDueAt(story, lane - layout.fees, reader.at);
  if (lane < layout.ledgers) return capUsedAt(story, lane - layout.caps, reader.at);
  if (lane < layout.variables) return ledgerAt(story, lane - layout.ledgers, reader.at);
  if (lane < layout.classes) {
    return variableAt(story, lane - layout.variables, { reader, value });
  }
  return readOwnLane(story, reading, reader);
}

/** Deferred and carried-over interest as at the start of the run; capitalised interest running. */
function readOwnLane(story: RunStory, reading: Reading, { at }: Reader): Amount {
  const index = story.terms.classes.findIndex(({ lanes }) =>
    Object.values(lanes).includes(reading.operand),
  );
  const lanes = story.terms.classes[index]?.lanes;
  if (lanes?.deferred === reading.operand) return openingOf(story, { kind: "deferred", index });
  if (lanes?.carryOver === reading.operand) return openingOf(story, { kind: "carryOver", index });
  const opening = openingOf(story, { kind: "pik", index });
  const added = (story.movements.get(`capitalised.${index}`) ?? []).filter(({ step }) => step < at);
  if (added.length === 0) return opening;
  return amountOf({
    key: `pik.${index}#${added.length}`,
    name: opening.name,
    value: reading.value,
    unit: "money",
    words: opening.words,
    source: { kind: "running balance", words: "with what this run capitalised" },
    formula: () => {
      const parts = added.map(({ step, payment }) =>
        story.explain.payment(story, step, payment ?? 0),
      );
      return say`${opening} + ${saySum(parts)}`;
    },
  });
}

const readers: Readonly<Record<number, Read>> = {
  [OPCODE.CONST]: readConstant,
  [OPCODE.SCHED]: (story, reading) => {
    const name = story.terms.schedules[reading.operand]?.name ?? "";
    return constantOf(story, name, { value: reading.value, token: reading });
  },
  [OPCODE.FIGURE]: (story, { operand, value }) => figureOf(story, operand, value),
  [OPCODE.LET]: readLet,
  [OPCODE.BAL]: running(balanceAt),
  [OPCODE.BAL0]: (story, { operand }) => openingOf(story, { kind: "balance", index: operand }),
  [OPCODE.DUE]: running(dueAt),
  [OPCODE.DUE0]: (story, { operand }) => dueAtStart(story, operand),
  [OPCODE.FDUE]: running(feeDueAt),
  [OPCODE.FDUE0]: (story, { operand }) => feeDueAtStart(story, operand),
  [OPCODE.ACCT]: running(accountAt),
  [OPCODE.ACCT0]: (story, { operand }) => accountAtStart(story, operand),
  [OPCODE.CAPLEFT]: running(capLeftAt),
  [OPCODE.PAID]: ofStep((story, step) => paidOf(story, step)),
  [OPCODE.LOST]: ofStep(lostOf),
  [OPCODE.WRITTEN]: running(writtenAt),
  [OPCODE.FINAL]: readFinal,
  [OPCODE.PAYDAY]: ofCalendar("payDate", "date", "payment date"),
  [OPCODE.PERIOD]: ofCalendar("period", "count", "number of the period"),
  [OPCODE.MONTH]: ofCalendar("month", "count", "month of collection"),
  [OPCODE.DAYS]: (story, { operand }) => daysOf(story, operand),
  [OPCODE.SUMBAL]: overClasses(balanceAt),
  [OPCODE.SUMDUE]: overClasses(dueAt),
  [OPCODE.SUMWRITTEN]: overClasses(writtenAt),
  [OPCODE.SUMFDUE]: overFees(feeDueAt),
  [OPCODE.PHASE]: (story, _reading, reader) => phaseAt(story, reader),
  [OPCODE.TRIG]: (story, { operand }, reader) => triggerAt(story, operand, reader),
  [OPCODE.LANE]: readLane,
  [OPCODE.SLANE]: readLane,
  [OPCODE.HIST]: historyOf,
  [OPCODE.HISTSUM]: historyOf,
  [OPCODE.HISTMAX]: historyOf,
  [OPCODE.HISTCOUNT]: historyOf,
  [OPCODE.NOTICE]: (story, { operand, value }) => noticeOf(story, operand, value),
  [OPCODE.CURRENT]: (story, { operand }) => claimPartAtStart(story, operand, PART.CURRENT),
  [OPCODE.RATE]: (story, { operand }) => rateOf(story, operand),
};

/** The amount that a reading stands for. */
export function explainReading(story: RunStory, reading: Reading, reader: Reader): Amount {
  const read = readers[reading.code];
  if (read === undefined) throw new RangeError(`opcode ${reading.code} reads nothing`);
  return read(story, reading, reader);
}
