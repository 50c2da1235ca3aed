/** Runs the periods of an inputs file one after the other, the state rolling, and compares each. */
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { readWords } from "../../server/waterfall/read-words.ts";
import { runWaterfall } from "../../server/waterfall/run-waterfall.ts";
import type { WaterfallState } from "../../server/waterfall/waterfall-state.ts";
import type { BoundInputs, BoundPeriod } from "./bind-inputs.ts";
import { type DateDifference, compareDates } from "./compare-dates.ts";
import { compareRun } from "./compare-run.ts";
import type { FigureComparison } from "./figure-comparison.ts";

/** Whatever runs a deal: the words of one period on the state after the last one. */
export interface PeriodEngine {
  /** The deal's number in the words. */
  chainDealId: bigint;
  /** @throws RangeError where the period holds what only the other engine can do */
  run(state: WaterfallState, period: BoundPeriod): Promise<readonly bigint[]>;
}

export interface ReplayedPeriods {
  comparisons: FigureComparison[];
  dates: DateDifference[];
  /** Words of each run, in order. */
  words: (readonly bigint[])[];
}

/** Fixings, then the price where the deal buys. @throws RangeError when it is any price */
export function extrasOf(terms: DealTerms, { fixings, purchasePrice }: BoundPeriod): bigint[] {
  if (!terms.buys) return fixings;
  if (purchasePrice !== "any") return [...fixings, purchasePrice];
  throw new RangeError('a contract buys at a price: write it instead of purchasePrice "any"');
}

/** The TypeScript engine. */
export function typescriptEngine(terms: DealTerms, chainDealId = 0n): PeriodEngine {
  return {
    chainDealId,
    run: async (state, bound) => {
      const { period, figures, notices, purchasePrice } = bound;
      const given = { terms, state, period, figures, notices, chainDealId };
      const run =
        purchasePrice === "any"
          ? runWaterfall({ ...given, extras: bound.fixings, purchasePrice })
          : runWaterfall({ ...given, extras: extrasOf(terms, bound) });
      return run.words;
    },
  };
}

/** Runs every period with an engine. Nothing is corrected between them: each starts on the state that the last one left. */
export async function runPeriods(
  terms: DealTerms,
  inputs: BoundInputs,
  engine: PeriodEngine,
): Promise<ReplayedPeriods> {
  const replayed: ReplayedPeriods = { comparisons: [], dates: [], words: [] };
  let before = inputs.state;
  for (const period of inputs.periods) {
    const words = await engine.run(before, period);
    const run = readWords(terms, words);
    replayed.words.push(words);
    replayed.dates.push(...compareDates(terms, period));
    replayed.comparisons.push(...compareRun({ terms, before, run }, period));
    before = run.state;
  }
  return replayed;
}
