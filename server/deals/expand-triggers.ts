/** Triggers in the terms that the engines know: series, comparisons of two amounts, transitions. */
import { WAD } from "../lib/mul-div.ts";
import type { DealFile, SeriesEntry, TransitionEntry, TriggerEntry } from "./deal-file.ts";
import type { Place } from "./deal-source.ts";
import type { ExpressionNode } from "./program-syntax.ts";

/** Breached when `numerator / denominator comparison threshold`. */
export interface TriggerTest {
  numerator: ExpressionNode;
  denominator: ExpressionNode | null;
}

export interface ExpandedTrigger {
  entry: TriggerEntry;
  test: TriggerTest;
  /** What it must remember, in the order in which it is recorded. */
  series: SeriesEntry[];
}

/** Builds expressions at one place of the file. */
function nodesAt({ line, column }: Place) {
  const at = { line, column };
  return {
    number: (value: bigint, text = `${value}`): ExpressionNode => ({
      kind: "number",
      text,
      value,
      ...at,
    }),
    reference: (text: string): ExpressionNode => ({ kind: "reference", text, ...at }),
    text: (text: string): ExpressionNode => ({ kind: "text", text, ...at }),
    call: (name: string, ...args: ExpressionNode[]): ExpressionNode => ({
      kind: "call",
      name,
      args,
      ...at,
    }),
    binary: (
      operator: "+" | "*" | "and" | "!=",
      left: ExpressionNode,
      right: ExpressionNode,
    ): ExpressionNode => ({ kind: "binary", operator, left, right, ...at }),
  };
}

/** A rate to so many decimals, half-up: floor((rate + unit / 2) / unit) * unit. */
function rounded(trigger: TriggerEntry, rate: ExpressionNode): ExpressionNode {
  if (trigger.decimals === null) return rate;
  const { number, call, binary } = nodesAt(trigger.place);
  const unit = 10n ** BigInt(18 - trigger.decimals);
  const raised = binary("+", rate, number(unit / 2n));
  // ratio(a, b * 100 %) is floor(a / b).
  const units = call("ratio", raised, binary("*", number(unit), number(WAD, "100 %")));
  return binary("*", units, number(unit));
}

/** N / D as one rate, or the amount N. */
function rateOf(trigger: TriggerEntry, { numerator, denominator }: TriggerTest): ExpressionNode {
  if (denominator === null) return numerator;
  return rounded(trigger, nodesAt(trigger.place).call("ratio", numerator, denominator));
}

function expandTest(trigger: TriggerEntry): Omit<ExpandedTrigger, "entry"> {
  const { name, place, smoothing, decimals } = trigger;
  const { number, reference, call, binary } = nodesAt(place);
  const at = trigger.at === "before" ? "before" : "after";
  const series = (suffix: string, value: ExpressionNode): SeriesEntry => ({
    name: `${name}${suffix}`,
    place,
    value,
    at,
  });
  const history = (form: string, suffix: string, periods: number) =>
    call(form, reference(`${name}${suffix}`), number(BigInt(periods)));
  const rate = rateOf(trigger, trigger);
  switch (smoothing.kind) {
    case "none":
      return {
        test: decimals === null ? trigger : { numerator: rate, denominator: null },
        series: [],
      };
    case "mean": {
      // The mean is sum / count; both sides of the comparison are rates, so count stands in 1e18.
      const { periods } = smoothing;
      const count = binary("*", history("histCount", "", periods), number(WAD, "100 %"));
      const test = { numerator: history("histSum", "", periods), denominator: count };
      return { test, series: [series("", rate)] };
    }
    case "ratio of sums": {
      const { periods } = smoothing;
      const { numerator, denominator } = trigger;
      const over = series(".numerator", numerator);
      const sum = history("histSum", ".numerator", periods);
      if (denominator === null) {
        return { test: { numerator: sum, denominator: null }, series: [over] };
      }
      const test = { numerator: sum, denominator: history("histSum", ".denominator", periods) };
      return {
        test: decimals === null ? test : { numerator: rateOf(trigger, test), denominator: null },
        series: [over, series(".denominator", denominator)],
      };
    }
    default: {
      const { periods, meanOf } = smoothing;
      const rates = [series("", rate)];
      if (meanOf !== null) rates.push(series(".mean", history("histMean", "", meanOf)));
      const highest = history("histMax", meanOf === null ? "" : ".mean", periods);
      return { test: { numerator: highest, denominator: null }, series: rates };
    }
  }
}

/** A breach leads out of the phases that the effect names, or out of every other phase. */
function effectTransitions(trigger: TriggerEntry): TransitionEntry[] {
  const { effect, place, name, clause } = trigger;
  if (effect === null) return [];
  const { reference, text, binary } = nodesAt(place);
  const breach = reference(`trig.${name}`);
  const to = effect.phase.text;
  const elsewhere = binary("and", breach, binary("!=", reference("phase"), text(to)));
  const at = trigger.at === "before" ? "before" : "after";
  const sources = effect.from ?? [{ text: "any", ...place }];
  return sources.map((from) => ({
    place,
    places: { from, to: effect.phase },
    from: from.text,
    to,
    at,
    when: effect.from === null ? elsewhere : breach,
    clause,
  }));
}

export interface ExpandedTriggers {
  triggers: ExpandedTrigger[];
  /** All of the deal in the order in which they are recorded: those before the steps first. */
  series: SeriesEntry[];
  /** Those of effects first. */
  transitions: TransitionEntry[];
}

export function expandTriggers(file: DealFile): ExpandedTriggers {
  const triggers = file.triggers.map((entry) => ({ entry, ...expandTest(entry) }));
  const series = [...file.series, ...triggers.flatMap((trigger) => trigger.series)];
  return {
    triggers,
    series: [
      ...series.filter(({ at }) => at === "before"),
      ...series.filter(({ at }) => at === "after"),
    ],
    transitions: [...file.triggers.flatMap(effectTransitions), ...file.transitions],
  };
}
