/** Series, triggers and transitions as terms. */
import { compileExpression } from "./compile-expression.ts";
import type { Place } from "./deal-source.ts";
import type * as shape from "./deal-terms.ts";
import type { ExpandedTrigger, ExpandedTriggers } from "./expand-triggers.ts";
import { resolveName, scopeAt } from "./expression-scope.ts";
import type { DealScope, Stage } from "./expression-scope.ts";
import { CURE_BY_NOTICE } from "./terms-format.ts";
import type { Moment } from "./terms-format.ts";

const STAGES: Readonly<Record<Moment, Stage>> = {
  before: "before",
  within: "program",
  after: "after",
};

function compileCure(
  scope: DealScope,
  { cure }: ExpandedTrigger["entry"],
): Pick<shape.TriggerTerms, "cure" | "cureNotice"> {
  if (cure.kind === "never") return { cure: 0, cureNotice: null };
  if (cure.kind === "passing") return { cure: cure.periods, cureNotice: null };
  const { text: name, ...place } = cure.notice;
  const notice = resolveName(scope, scope.names.notices, { kind: "notice", name, place });
  return { cure: CURE_BY_NOTICE, cureNotice: notice };
}

export function compileTriggers(
  scope: DealScope,
  { triggers }: ExpandedTriggers,
  firstLane: number,
): shape.TriggerTerms[] {
  return triggers.map(({ entry, test }, i) => {
    const own = scopeAt(scope, STAGES[entry.at]);
    const { numerator, denominator } = test;
    return {
      name: entry.name,
      clause: entry.clause,
      at: entry.at,
      numerator: compileExpression(own, numerator),
      denominator: denominator === null ? null : compileExpression(own, denominator),
      comparison: entry.comparison,
      threshold: compileExpression(own, entry.threshold),
      breaches: entry.breaches,
      tests: entry.tests,
      ...compileCure(scope, entry),
      lane: firstLane + i,
    };
  });
}

/** A series without its depth and lanes, which come from its use. */
export type SeriesValue = Pick<shape.SeriesTerms, "name" | "value" | "at">;

export function compileSeriesValues(scope: DealScope, { series }: ExpandedTriggers): SeriesValue[] {
  return series.map(({ name, value, at }) => ({
    name,
    value: compileExpression(scopeAt(scope, STAGES[at]), value),
    at,
  }));
}

/** Gives each series the depth that something looks back, and its lanes behind all others. */
export function placeSeries(
  values: readonly SeriesValue[],
  depths: ReadonlyMap<number, number>,
  firstLane: number,
): shape.SeriesTerms[] {
  let next = firstLane;
  return values.map((series, i) => {
    const depth = depths.get(i) ?? 1;
    const placed = { ...series, depth, firstLane: next };
    next += depth;
    return placed;
  });
}

export function compileTransitions(
  scope: DealScope,
  { transitions }: ExpandedTriggers,
): shape.TransitionTerms[] {
  const phase = (name: string, place: Place) =>
    resolveName(scope, scope.names.phases, { kind: "phase", name, place });
  return transitions.map(({ from, to, at, places, when, clause }) => ({
    from: from === "any" ? null : phase(from, places.from),
    to: phase(to, places.to),
    at,
    when: compileExpression(scopeAt(scope, STAGES[at]), when),
    clause,
  }));
}
