/** One scenario, run and measured: what the threads of a projection do and hand back. */
import { findBreakEvens } from "./break-even.ts";
import type { ScenarioPlan } from "./figure-sources.ts";
import { measureClasses } from "./measure-classes.ts";
import type { ClassMeasures } from "./measure-classes.ts";
import { projectDeal } from "./project-deal.ts";
import type { ProjectedDeal, Projection } from "./project-deal.ts";

export interface ScenarioOptions {
  /** Search the break-even CDR of each class. */
  breakEven: boolean;
  /** Keep the flows of every period, not only their measures. */
  cashFlows: boolean;
}

export interface ScenarioResult extends Pick<
  Projection,
  "periods" | "calledPeriod" | "unfinished" | "flags" | "outOfBounds"
> {
  name: string;
  classes: ClassMeasures[];
  /** Hundredths of a per cent by class; null without the search. */
  breakEvens: (number | null)[] | null;
  /** Null unless asked for. */
  projection: Projection | null;
}

export function runScenario(
  deal: ProjectedDeal,
  plan: ScenarioPlan,
  options: ScenarioOptions,
): ScenarioResult {
  const projection = projectDeal(deal, plan);
  const { periods, calledPeriod, unfinished, flags, outOfBounds } = projection;
  return {
    name: plan.name,
    periods,
    calledPeriod,
    unfinished,
    flags,
    outOfBounds,
    classes: measureClasses(deal, projection),
    breakEvens: options.breakEven ? findBreakEvens(deal, plan) : null,
    projection: options.cashFlows ? projection : null,
  };
}
