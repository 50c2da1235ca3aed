import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { readDeal } from "../../../scripts/replay/read-files.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { laneLayoutOf } from "../../../server/deals/lane-layout.ts";
import { FLAG } from "../../../server/deals/terms-format.ts";
import { listAmounts, tellStory } from "../../../server/waterfall/explain-amounts.ts";
import { drawTree } from "../../../server/waterfall/explain-node.ts";
import { formatExplanation } from "../../../server/waterfall/explain-text.ts";
import { monitorTrigger } from "../../../server/waterfall/explain-trigger-monitor.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import type { WaterfallInput } from "../../../server/waterfall/run-waterfall.ts";
import { openingState, stateFromWords } from "../../../server/waterfall/waterfall-state.ts";
import { checkStory } from "./check-explanation.ts";

const EVERY_FEATURE = new URL("../../golden/every-feature/deal.yaml", import.meta.url).pathname;

/** Where the engine cuts a value, its formula says what it would be without the cut. */
const CUT = FLAG.OVERFLOW | FLAG.NEGATIVE | FLAG.DIVZERO;

/** Figures within their bounds, a fixing, a price and notices. */
function inputsOf({ figures, notices }: DealTerms) {
  return fc.record({
    figures: fc.tuple(
      ...figures.map(({ minimum, maximum }) =>
        fc.oneof(fc.bigInt(minimum, maximum), fc.constant(maximum < 0n ? maximum : 0n)),
      ),
    ),
    extras: fc.tuple(fc.bigInt(-(10n ** 16n), 10n ** 17n), fc.bigInt(0n, 10n ** 10n)),
    notices: fc.nat({ max: 2 ** notices.length - 1 }),
  });
}

/** Whatever the words of a state can hold, also what no run leads to. */
function anyState(terms: DealTerms) {
  const word = fc.oneof(fc.bigInt(0n, 2n ** 256n - 1n), fc.constant(0n));
  const words = (length: number) => fc.array(word, { minLength: length, maxLength: length });
  return fc
    .record({
      phase: fc.nat({ max: terms.phases.length - 1 }),
      lastPeriod: fc.nat({ max: terms.calendar.length - 1 }),
      classWords: words(terms.classes.length),
      laneWords: words(Math.ceil(laneLayoutOf(terms).count / 4)),
    })
    .map((state) => stateFromWords(terms, state));
}

describe("no run is beyond explanation", async () => {
  const { terms, file } = await readDeal(EVERY_FEATURE);

  test("whatever the state, every amount has a tree, and every tree an end", () => {
    fc.assert(
      fc.property(anyState(terms), inputsOf(terms), (state, given) => {
        const period = state.lastPeriod + 1;
        const input: WaterfallInput = { terms, state, period, ...given, chainDealId: 7n };
        const story = tellStory({ input, run: runWaterfall(input), file });
        for (const amount of listAmounts(story)) {
          const tree = drawTree(amount, { depth: 3 });
          assert.ok(formatExplanation(tree).length > 0);
          assert.ok(tree.formula !== null || tree.source.words.length > 0);
        }
        terms.triggers.forEach((_, i) => assert.ok(monitorTrigger(story, i).test.length > 0));
      }),
      { numRuns: 25 },
    );
  });

  test("over the life of a deal the numbers of every node give its value", () => {
    const life = fc.array(inputsOf(terms), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(life, (periods) => {
        let state = openingState(terms);
        let exact = 0;
        for (const [i, given] of periods.entries()) {
          const input: WaterfallInput = { terms, state, period: i + 1, ...given, chainDealId: 7n };
          const run = runWaterfall(input);
          ({ state } = run);
          if ((run.flags & CUT) !== 0) continue;
          exact += 1;
          assert.ok(checkStory(tellStory({ input, run, file })) > 1_000);
        }
        fc.pre(exact > 0);
      }),
      { numRuns: 4 },
    );
  });
});
