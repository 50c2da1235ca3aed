import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import type { WaterfallInput, WaterfallRun } from "../../../server/waterfall/run-waterfall.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import { handMadeDeal } from "./hand-made-deal.ts";
import type { DealParts } from "./hand-made-deal.ts";

export interface Given extends Partial<Omit<WaterfallInput, "terms" | "figures">> {
  /** Available funds, cents. */
  funds?: bigint;
  /** Figures behind the four fixed ones. */
  figures?: bigint[];
}

/** Runs the period after the state (the first one without a state). */
export function runPeriod(terms: DealTerms, { funds = 0n, figures = [], ...given }: Given = {}) {
  const state = given.state ?? openingState(terms);
  return runWaterfall({
    terms,
    period: state.lastPeriod + 1,
    chainDealId: 1n,
    figures: [0n, 0n, 0n, funds, ...figures],
    ...given,
    state,
  });
}

/** Runs the first period of a hand-made deal. */
export function runFirst(parts: DealParts, given: Given = {}): WaterfallRun {
  return runPeriod(handMadeDeal(parts), given);
}

/** Runs period after period, each from the state that the one before left. */
export function runMany(terms: DealTerms, periods: readonly Given[]): WaterfallRun[] {
  const runs: WaterfallRun[] = [];
  for (const given of periods) {
    const state = runs.at(-1)?.state ?? given.state ?? openingState(terms);
    runs.push(runPeriod(terms, { ...given, state }));
  }
  return runs;
}
