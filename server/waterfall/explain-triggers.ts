/** Why a trigger is in breach or not: each test of the run, what it remembers, and its cure. */
import { CURE_BY_NOTICE, FLAG } from "../deals/terms-format.ts";
import type { Expression, TriggerTerms } from "../deals/deal-terms.ts";
import { explainExpression } from "./explain-expression.ts";
import { amountOf, say } from "./explain-node.ts";
import type { Amount, Formula } from "./explain-node.ts";
import { noticeOf } from "./explain-openings.ts";
import {
  AFTER_STEPS,
  BEFORE_STEPS,
  monthOfPeriod,
  nameStep,
  recordOf,
  stepTermsOf,
} from "./explain-story.ts";
import type { Reader, RunStory } from "./explain-story.ts";
import { unitOfExpression, writeAmount } from "./explain-units.ts";
import { WAD } from "../lib/mul-div.ts";
import type { AmountUnit } from "./explain-units.ts";
import { readTriggerLane } from "./trigger-lane.ts";
import type { TriggerMemory } from "./trigger-lane.ts";
import type { Derivation } from "./run-memory.ts";

/** One test of a trigger in this run. */
export interface TriggerTest {
  before: TriggerMemory;
  after: TriggerMemory;
  /** What was compared; null where a notice cured the trigger and nothing was tested. */
  compared: { numerator: Derivation; denominator: Derivation | null; threshold: Derivation } | null;
  failed: boolean;
  /** Step of a TEST; null for the tests before and after the steps. */
  step: number | null;
}

function derivationsOf(story: RunStory, of: Derivation["of"], index: number): Derivation[] {
  return story.run.derivations.filter((entry) => entry.of === of && entry.index === index);
}

/** The steps of the run that tested a trigger. */
function testSteps(story: RunStory, index: number): number[] {
  return story.run.records.flatMap(({ operation, flags }, i) =>
    operation === "TEST" &&
    (flags & FLAG.SKIPPED) === 0 &&
    stepTermsOf(story, i).destination === index
      ? [i]
      : [],
  );
}

function remember(before: TriggerMemory, failed: boolean, inBreach: boolean): TriggerMemory {
  const failures = ((before.failures << 1n) | (failed ? 1n : 0n)) & ((1n << 48n) - 1n);
  return { inBreach, tests: Math.min(before.tests + 1, 0xff), failures };
}

/** All tests of a trigger in this run, in order. */
export function testsOf(story: RunStory, index: number): TriggerTest[] {
  const trigger = story.terms.triggers[index];
  if (trigger === undefined) return [];
  const end = readTriggerLane(story.run.state.triggers[index] ?? 0n);
  const [numerators, denominators, thresholds] = (
    ["numerator", "denominator", "threshold"] as const
  ).map((of) => derivationsOf(story, of, index)) as [Derivation[], Derivation[], Derivation[]];
  const within = trigger.at === "within";
  const steps = within ? testSteps(story, index) : [null];
  let before = readTriggerLane(story.input.state.triggers[index] ?? 0n);
  return steps.map((step, i) => {
    const [numerator, threshold] = [numerators[i], thresholds[i]];
    const isTested = numerator !== undefined && threshold !== undefined;
    const compared = isTested
      ? { numerator, denominator: denominators[i] ?? null, threshold }
      : null;
    const record = step === null ? null : recordOf(story, step);
    const failed = record === null ? (end.failures & 1n) === 1n : record.paid === 1n;
    const inBreach = record === null ? end.inBreach : record.demand === 1n;
    const cleared = { inBreach: false, tests: 0, failures: 0n };
    const after = isTested ? remember(before, failed, inBreach) : cleared;
    const test = { before, after, compared, failed: isTested && failed, step };
    before = after;
    return test;
  });
}

/** How many of the run's tests a reader comes after. */
function testsBefore(story: RunStory, index: number, reader: Reader): number {
  const trigger = story.terms.triggers[index];
  if (trigger?.at === "within") {
    return testSteps(story, index).filter((step) => step < reader.at).length;
  }
  const at = trigger?.at === "before" ? BEFORE_STEPS : AFTER_STEPS;
  if (reader.at !== at) return reader.at > at ? 1 : 0;
  if (reader.by === "series") return 0;
  return reader.by === "trigger" && reader.index <= index ? 0 : 1;
}

/** When the expressions of a test read. */
function readerOf(trigger: TriggerTerms, index: number, step: number | null): Reader {
  if (step !== null) return { at: step, by: "step", index: step };
  return { at: trigger.at === "before" ? BEFORE_STEPS : AFTER_STEPS, by: "trigger", index };
}

export interface Tested {
  index: number;
  trigger: TriggerTerms;
  test: TriggerTest;
  /** Tells the tests of a run apart. */
  number: number;
}

const SIDES = {
  numerator: "what the trigger measures",
  denominator: "what it is measured against",
  threshold: "its threshold this period",
} as const;

/** One side of the comparison. */
export function sideOf(story: RunStory, tested: Tested, side: keyof typeof SIDES): Amount {
  const { index, trigger, test, number } = tested;
  const derived = test.compared?.[side] ?? null;
  const tokens: Expression = trigger[side] ?? [];
  return amountOf({
    key: `trigger.${index}.${number}.${side}`,
    name: `${trigger.name}.${side}`,
    address: `triggers.${trigger.name}.${side}`,
    value: derived?.value ?? 0n,
    unit: sideUnit(story, trigger, side),
    words: `${SIDES[side]}: ${trigger.name}`,
    clause: trigger.clause,
    source: { kind: "trigger", words: `trigger ${trigger.name}, ${side}` },
    formula: () =>
      explainExpression(story, {
        tokens,
        readings: derived?.readings ?? [],
        position: test.step === null ? -1 : story.firstStep + test.step,
        reader: readerOf(trigger, index, test.step),
      }),
  });
}

/**
 * A ratio's threshold is a rate, its sides have one unit or none; an amount and its threshold have
 * the amount's.
 */
export function sideUnit(
  story: RunStory,
  trigger: TriggerTerms,
  side: keyof typeof SIDES,
): AmountUnit {
  const unit = unitOfExpression(story, trigger.numerator, -1);
  if (trigger.denominator === null) return unit;
  if (side === "threshold") return "percent";
  return unitOfExpression(story, trigger.denominator, -1) === unit ? unit : "number";
}

function comparison(story: RunStory, tested: Tested): Formula {
  const { trigger, test } = tested;
  const [n, t] = [sideOf(story, tested, "numerator"), sideOf(story, tested, "threshold")];
  const sign = ` ${trigger.comparison} `;
  if (trigger.denominator === null) return say`${n}${sign}${t}`;
  const d = sideOf(story, tested, "denominator");
  const divisor = test.compared?.denominator?.value ?? 0n;
  if (divisor > 0n) return say`${n} / ${d}${sign}${t}`;
  // The engine multiplies instead of dividing: below zero that is not the same.
  if (divisor < 0n) return say`${n} / 1${sign}${t} * ${d}`;
  // Nothing is divided by zero: the ratio counts as 0.
  return say`iff(${d} == 0, 0, ${n} / ${d})${sign}${t}`;
}

/** N / D as a rate, rounded down, to read; the comparison divides nothing. */
export function ratioOf({ compared }: TriggerTest): bigint | null {
  const [n, d] = [compared?.numerator.value ?? 0n, compared?.denominator?.value ?? null];
  if (d === null) return null;
  if (d === 0n) return 0n;
  const quotient = (n * WAD) / d;
  return quotient * d > n * WAD === d > 0n && quotient * d !== n * WAD ? quotient - 1n : quotient;
}

function ratioText({ test }: Tested): string | null {
  const ratio = ratioOf(test);
  return ratio === null ? null : writeAmount("percent", ratio);
}

/** Whether the test of this run failed. */
function failedTest(story: RunStory, tested: Tested): Amount {
  const { trigger, test, number, index } = tested;
  const ratio = ratioText(tested);
  const outcome = `${test.failed ? "failed" : "passed"}${ratio === null ? "" : `; the ratio is ${ratio}`}`;
  return amountOf({
    key: `trigger.${index}.${number}.failed`,
    name: `${trigger.name}.failed`,
    value: test.failed ? 1n : 0n,
    unit: "flag",
    words: `this test of ${trigger.name} ${outcome}`,
    clause: trigger.clause,
    source: { kind: "trigger", words: `test of the trigger ${trigger.name}` },
    formula: () => comparison(story, tested),
  });
}

function countFailures(failures: bigint, tests: number): number {
  return Array.from({ length: tests }, (_, i) => Number((failures >> BigInt(i)) & 1n)).reduce(
    (sum, bit) => sum + bit,
    0,
  );
}

/** The results of the last tests, oldest first: "passed, failed, passed". */
export function describeTests({ failures, tests }: TriggerMemory, most: number): string {
  const count = Math.min(tests, most, 48);
  const words = Array.from({ length: count }, (_, i) =>
    (failures >> BigInt(count - 1 - i)) & 1n ? "failed" : "passed",
  );
  return count === 0 ? "never tested" : words.join(", ");
}

function remembered(
  story: RunStory,
  tested: Tested,
  fact: { key: string; words: string; value: bigint; unit: AmountUnit },
): Amount {
  const { trigger, index, test, number } = tested;
  const before = story.input.state.lastPeriod;
  const period = before === 0 ? "closing" : monthOfPeriod(story, before);
  const earlier = number > 0;
  const when = earlier ? "from the test before in this run" : `from the tests up to ${period}`;
  const history = describeTests(test.before, Math.max(trigger.tests, 1));
  return amountOf({
    ...fact,
    key: `trigger.${index}.${number}.${fact.key}`,
    name: `${trigger.name}.${fact.key}`,
    source: { kind: "trigger", words: `${when}: ${history}` },
  });
}

/** In breach: enough of the last tests failed, or it was and nothing has cured it. */
function breachFormula(story: RunStory, tested: Tested): Formula {
  const { trigger, test } = tested;
  const failed = failedTest(story, tested);
  const earlier = countFailures(test.before.failures, trigger.tests - 1);
  const enough =
    trigger.tests === 1
      ? say`${failed}`
      : say`${failed} + ${remembered(story, tested, {
          key: "failedBefore",
          words: `failed among the ${trigger.tests - 1} tests before`,
          value: BigInt(earlier),
          unit: "count",
        })} >= ${trigger.breaches.toString()}`;
  if (!test.before.inBreach) return enough;
  const was = remembered(story, tested, {
    key: "inBreachBefore",
    words: `${trigger.name} was in breach before this test`,
    value: 1n,
    unit: "flag",
  });
  if (trigger.cure === 0 || trigger.cure === CURE_BY_NOTICE) return say`${enough} or ${was}`;
  const { tests, failures } = test.after;
  const cured = tests >= trigger.cure && countFailures(failures, trigger.cure) === 0;
  const cure = remembered(story, tested, {
    key: "cured",
    words: `${trigger.cure} passing tests in a row, this one included, cure it`,
    value: cured ? 1n : 0n,
    unit: "flag",
  });
  return say`${enough} or ${was} and not ${cure}`;
}

/** Whether a trigger is in breach, as a reader finds it. */
export function triggerAt(story: RunStory, index: number, reader: Reader): Amount {
  const trigger = story.terms.triggers[index];
  if (trigger === undefined) throw new RangeError(`the deal has no trigger ${index}`);
  const { name, clause } = trigger;
  const count = testsBefore(story, index, reader);
  const test = testsOf(story, index)[count - 1];
  const address = reader.at === AFTER_STEPS ? `triggers.${name}` : null;
  const facts = { name: `trig.${name}`, address, unit: "flag", clause } as const;
  if (test === undefined) {
    const { inBreach, ...memory } = readTriggerLane(story.input.state.triggers[index] ?? 0n);
    const history = describeTests({ inBreach, ...memory }, trigger.tests);
    const before = story.input.state.lastPeriod;
    const when = before === 0 ? "at closing" : `after ${monthOfPeriod(story, before)}`;
    return amountOf({
      ...facts,
      key: `trigger.${index}`,
      value: inBreach ? 1n : 0n,
      words: `trigger ${name} is ${inBreach ? "" : "not "}in breach`,
      source: { kind: "trigger", words: `${when}; not tested before this; tests: ${history}` },
    });
  }
  const tested = { index, trigger, test, number: count - 1 };
  const { inBreach } = test.after;
  const rule = trigger.tests === 1 ? "at once" : `${trigger.breaches} of ${trigger.tests} tests`;
  const where = test.step === null ? `${trigger.at} the steps` : `by ${nameStep(story, test.step)}`;
  const history = describeTests(test.after, trigger.tests);
  return amountOf({
    ...facts,
    key: `trigger.${index}#${count}`,
    value: inBreach ? 1n : 0n,
    words: `trigger ${name} is ${inBreach ? "" : "not "}in breach, tested ${where}`,
    source: { kind: "trigger", words: `in breach ${rule}; last tests: ${history}` },
    formula: () => {
      if (test.compared !== null) return breachFormula(story, tested);
      return say`not ${noticeOf(story, trigger.cureNotice ?? 0, 1n)}`;
    },
  });
}

/** The last test of a trigger in this run, with its sides; null where nothing was compared. */
export function lastTest(story: RunStory, index: number): Tested | null {
  const trigger = story.terms.triggers[index];
  const tests = testsOf(story, index);
  const test = tests.at(-1);
  if (trigger === undefined || test === undefined || test.compared === null) return null;
  return { index, trigger, test, number: tests.length - 1 };
}
