/** A deal made ready for many runs: lanes laid out, expressions resolved, parts of claims numbered. */
import type { DealTerms, Expression, ExpressionToken } from "../deals/deal-terms.ts";
import { laneLayoutOf } from "../deals/lane-layout.ts";
import type { LaneLayout } from "../deals/lane-layout.ts";
import { COMPONENTS } from "../deals/terms-format.ts";
import type { CapTerms, ClassTerms, FeeTerms, SeriesTerms } from "../deals/deal-terms.ts";
import type { StepTerms, TransitionTerms, TriggerTerms } from "../deals/deal-terms.ts";
import { OPERATORS, READERS } from "./opcodes.ts";
import type { Operator, Reader } from "./opcodes.ts";

/** A token with what it does: it reads a value, applies an operator, or (neither) jumps. */
export interface PreparedToken {
  token: ExpressionToken;
  code: number;
  operand: number;
  read: Reader | null;
  operate: Operator | null;
}

/** An expression ready to run; null where the terms have none. */
export type Formula = readonly PreparedToken[] | null;

export interface PreparedClass {
  terms: ClassTerms;
  coupon: Formula;
  availableFundsCap: Formula;
  /** Positions in COMPONENTS of the parts that an ordinary interest payment meets, in order. */
  order: readonly number[];
  /** Whether each part, by position in COMPONENTS, stands in that order. */
  inOrder: readonly boolean[];
}

export interface PreparedStep {
  terms: StepTerms;
  /** Absolute position. */
  position: number;
  amount: Formula;
  weights: Formula;
  cap: Formula;
}

export interface PreparedDeal {
  terms: DealTerms;
  layout: LaneLayout;
  classes: readonly PreparedClass[];
  fees: readonly { terms: FeeTerms; formula: Formula }[];
  caps: readonly CapTerms[];
  steps: readonly PreparedStep[];
  series: readonly { terms: SeriesTerms; value: Formula }[];
  triggers: readonly PreparedTrigger[];
  transitions: readonly { terms: TransitionTerms; when: Formula }[];
}

export interface PreparedTrigger {
  terms: TriggerTerms;
  numerator: Formula;
  denominator: Formula;
  threshold: Formula;
}

function prepareExpression(expression: Expression | null): Formula {
  if (expression === null) return null;
  return expression.map((token) => ({
    token,
    code: token.code,
    operand: token.operand,
    read: READERS[token.code] ?? null,
    operate: OPERATORS[token.code] ?? null,
  }));
}

function prepareClass(terms: ClassTerms): PreparedClass {
  const { coupon, availableFundsCap, componentOrder } = terms;
  return {
    terms,
    coupon: prepareExpression(coupon),
    availableFundsCap: prepareExpression(availableFundsCap),
    order: componentOrder.map((part) => COMPONENTS.indexOf(part)),
    inOrder: COMPONENTS.map((part) => componentOrder.includes(part)),
  };
}

function prepare(terms: DealTerms): PreparedDeal {
  return {
    terms,
    layout: laneLayoutOf(terms),
    classes: terms.classes.map(prepareClass),
    fees: terms.fees.map((fee) => ({ terms: fee, formula: prepareExpression(fee.expression) })),
    caps: terms.caps,
    steps: terms.steps.map((step, position) => ({
      terms: step,
      position,
      amount: prepareExpression(step.amount),
      weights: prepareExpression(step.weights),
      cap: prepareExpression(step.cap),
    })),
    series: terms.series.map((series) => ({
      terms: series,
      value: prepareExpression(series.value),
    })),
    triggers: terms.triggers.map((trigger) => ({
      terms: trigger,
      numerator: prepareExpression(trigger.numerator),
      denominator: prepareExpression(trigger.denominator),
      threshold: prepareExpression(trigger.threshold),
    })),
    transitions: terms.transitions.map((transition) => ({
      terms: transition,
      when: prepareExpression(transition.when),
    })),
  };
}

const prepared = new WeakMap<DealTerms, PreparedDeal>();

/** Prepares a deal once; the same terms give the same object again. */
export function prepareDeal(terms: DealTerms): PreparedDeal {
  const known = prepared.get(terms);
  if (known !== undefined) return known;
  const deal = prepare(terms);
  prepared.set(terms, deal);
  return deal;
}
