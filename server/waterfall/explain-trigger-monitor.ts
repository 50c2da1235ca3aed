/** The trigger monitor: value, thresholds ahead, headroom, what was tested, and the cure. */
import type { Expression, TriggerTerms } from "../deals/deal-terms.ts";
import { describeExpression } from "../deals/describe-expression.ts";
import { CURE_BY_NOTICE, OPCODE } from "../deals/terms-format.ts";
import { WAD } from "../lib/mul-div.ts";
import { evaluateExpression } from "./evaluate-expression.ts";
import { cureAmountsOf } from "./explain-cures.ts";
import { AT_THE_END } from "./explain-story.ts";
import type { RunStory } from "./explain-story.ts";
import { describeTests, lastTest, ratioOf, sideUnit, triggerAt } from "./explain-triggers.ts";
import type { Tested } from "./explain-triggers.ts";
import type { AmountUnit } from "./explain-units.ts";
import { writeAmount } from "./explain-units.ts";
import { prepareDeal } from "./prepare-deal.ts";
import { openMemory } from "./run-memory.ts";
import { readTriggerLane } from "./trigger-lane.ts";

/** An exact value with its unit: money "1234.56", rates in percent. */
export interface MonitoredValue {
  value: string;
  unit: AmountUnit;
}

export interface MonitoredTrigger {
  trigger: string;
  clause: string;
  inBreach: boolean;
  /** "p.delinquent60 / p.poolClosing >= 4.5 %". */
  test: string;
  /** The ratio, rounded down, or the amount; null where this run tested nothing. */
  value: MonitoredValue | null;
  numerator: MonitoredValue | null;
  denominator: MonitoredValue | null;
  /** This period's, and those of the next three where only the calendar moves them. */
  threshold: MonitoredValue | null;
  thresholdsAhead: { period: number; threshold: MonitoredValue | null }[];
  /** How much the numerator may still rise (or fall) before a test fails; below 0 it has failed. */
  headroom: (MonitoredValue & { direction: "rise" | "fall" }) | null;
  breachRule: string;
  /** The tests that the rule looks at, oldest first. */
  lastTests: string;
  testsFailed: number;
  cure: string;
  /** What the deal's cure amounts over the same ratio come to. */
  cureAmounts: { amount: string; value: string }[];
}

const valueOf = (unit: AmountUnit, value: bigint): MonitoredValue => ({
  value: writeAmount(unit, value).replaceAll(",", "").replace(/ %$/, ""),
  unit,
});

/** Tokens whose value the calendar alone moves. */
const FORESEEN: ReadonlySet<number> = new Set([
  ...[OPCODE.CONST, OPCODE.SCHED, OPCODE.PERIOD, OPCODE.MONTH, OPCODE.PAYDAY, OPCODE.FINAL],
  ...[OPCODE.ADD, OPCODE.SUB, OPCODE.MIN, OPCODE.MAX, OPCODE.POS, OPCODE.PCT, OPCODE.PCTUP],
  ...[OPCODE.MULDIV, OPCODE.MULDIVUP, OPCODE.MUL, OPCODE.SMULDIV, OPCODE.JZ, OPCODE.JMP],
  ...[OPCODE.EQ, OPCODE.NE, OPCODE.LT, OPCODE.LE, OPCODE.GT, OPCODE.GE, OPCODE.AND, OPCODE.OR],
  OPCODE.NOT,
]);

const AHEAD = 3;

/** The threshold of a later period, by the engine; null when it waits for that period's report. */
function thresholdIn(story: RunStory, index: number, period: number): bigint | null {
  const { terms, input, run } = story;
  const row = terms.calendar[period - 1];
  const trigger = terms.triggers[index];
  if (row === undefined || trigger === undefined) return null;
  if (!trigger.threshold.every(({ code }) => FORESEEN.has(code))) return null;
  const deal = prepareDeal(terms);
  const figures = input.figures;
  const opened = { row, period, figures, notices: 0, price: 0n, trace: null };
  return evaluateExpression(
    openMemory(deal, run.state, opened),
    deal.triggers[index]?.threshold ?? null,
  );
}

const floorDiv = (a: bigint, b: bigint): bigint => {
  const quotient = a / b;
  return a < 0n && quotient * b !== a ? quotient - 1n : quotient;
};
const ceilDiv = (a: bigint, b: bigint): bigint => -floorDiv(-a, b);

/** The furthest that the numerator may go: N x 1e18 is compared with T x D, nothing is divided. */
function headroomOf(
  trigger: TriggerTerms,
  { n, d, t }: { n: bigint; d: bigint | null; t: bigint },
): { cents: bigint; direction: "rise" | "fall" } {
  const [limit, scale] = d === null ? [t, 1n] : [t * d, WAD];
  switch (trigger.comparison) {
    case ">":
      return { cents: floorDiv(limit, scale) - n, direction: "rise" };
    case ">=":
      return { cents: ceilDiv(limit, scale) - 1n - n, direction: "rise" };
    case "<":
      return { cents: n - ceilDiv(limit, scale), direction: "fall" };
    case "<=":
      return { cents: n - floorDiv(limit, scale) - 1n, direction: "fall" };
  }
}

function cureOf(story: RunStory, trigger: TriggerTerms, failures: bigint, inBreach: boolean) {
  const { cure, cureNotice } = trigger;
  if (cure === 0) return inBreach ? "never cured: it stays in breach" : "never cured";
  if (cure === CURE_BY_NOTICE) {
    return `cured by the notice ${story.terms.notices[cureNotice ?? 0]?.name ?? ""}`;
  }
  let passed = 0;
  while (passed < cure && ((failures >> BigInt(passed)) & 1n) === 0n) passed += 1;
  const rule = `cured by ${cure} passing test${cure === 1 ? "" : "s"} in a row`;
  return inBreach ? `${rule}; ${passed} passed so far` : rule;
}

/** One trigger after a run. */
export function monitorTrigger(story: RunStory, index: number): MonitoredTrigger {
  const trigger = story.terms.triggers[index];
  if (trigger === undefined) throw new RangeError(`the deal has no trigger ${index}`);
  const lane = readTriggerLane(story.run.state.triggers[index] ?? 0n);
  const { inBreach, failures } = lane;
  const say = (tokens: Expression) => describeExpression(story.terms, tokens, -1);
  const over = trigger.denominator === null ? "" : ` / (${say(trigger.denominator)})`;
  const unit = (side: "numerator" | "denominator" | "threshold") => sideUnit(story, trigger, side);
  const tested = lastTest(story, index);
  const compared = tested?.test.compared ?? null;
  const [n, d] = [compared?.numerator.value ?? null, compared?.denominator?.value ?? null];
  const t = compared?.threshold.value ?? null;
  const headroom = n === null || t === null ? null : headroomOf(trigger, { n, d, t });
  const { period } = story.input;
  return {
    trigger: trigger.name,
    clause: trigger.clause,
    inBreach: triggerAt(story, index, AT_THE_END).value === 1n,
    test: `${say(trigger.numerator)}${over} ${trigger.comparison} ${say(trigger.threshold)}`,
    value: tested === null ? null : measured(tested, unit("numerator")),
    numerator: n === null ? null : valueOf(unit("numerator"), n),
    denominator: d === null ? null : valueOf(unit("denominator"), d),
    threshold: t === null ? null : valueOf(unit("threshold"), t),
    thresholdsAhead: Array.from({ length: AHEAD }, (_, i) => {
      const value = thresholdIn(story, index, period + 1 + i);
      return {
        period: period + 1 + i,
        threshold: value === null ? null : valueOf(unit("threshold"), value),
      };
    }),
    headroom:
      headroom === null
        ? null
        : { ...valueOf(unit("numerator"), headroom.cents), direction: headroom.direction },
    breachRule:
      trigger.tests === 1
        ? "in breach at once"
        : `in breach when ${trigger.breaches} of the last ${trigger.tests} tests failed`,
    lastTests: describeTests(lane, trigger.tests),
    testsFailed: Array.from({ length: Math.min(lane.tests, trigger.tests) }, (_, i) =>
      Number((failures >> BigInt(i)) & 1n),
    ).reduce((sum, bit) => sum + bit, 0),
    cure: cureOf(story, trigger, failures, inBreach),
    cureAmounts: cureAmountsOf(story, trigger),
  };
}

/** The ratio, or the amount of a trigger that has none. */
function measured({ test, trigger }: Tested, unit: AmountUnit): MonitoredValue {
  const ratio = ratioOf(test);
  if (ratio !== null && trigger.denominator !== null) return valueOf("percent", ratio);
  return valueOf(unit, test.compared?.numerator.value ?? 0n);
}
