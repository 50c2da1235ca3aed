import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { listAmounts, tellStory } from "../../../server/waterfall/explain-amounts.ts";
import { drawTree } from "../../../server/waterfall/explain-node.ts";
import { formatExplanation } from "../../../server/waterfall/explain-text.ts";
import { monitorTrigger } from "../../../server/waterfall/explain-trigger-monitor.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import type { WaterfallInput } from "../../../server/waterfall/run-waterfall.ts";
import { randomFigures, randomState } from "./random-deals.ts";
import { randomExtras, randomNotices, randomTerms } from "./random-terms.ts";

/** Deals of tokens with every step and opcode, on any state: flags, cuts and all. */
const inputs = randomTerms.chain((terms) =>
  fc
    .record({
      state: randomState(terms),
      figures: randomFigures(terms),
      extras: randomExtras,
      notices: randomNotices,
    })
    .map(({ figures: stated, ...given }): WaterfallInput => {
      const figures = stated.map((figure, i) => (i === 3 && figure < 0n ? -figure : figure));
      const period = given.state.lastPeriod + 1;
      return { terms, ...given, period, figures, chainDealId: 7n };
    }),
);

describe("no run is beyond explanation", () => {
  test("whatever the terms and the state, every amount has a tree, and no tree is without an end", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const story = tellStory({ input, run: runWaterfall(input) });
        for (const amount of listAmounts(story)) {
          const tree = drawTree(amount);
          assert.ok(formatExplanation(tree).length > 0);
          assert.ok(tree.formula !== null || tree.source.words.length > 0);
        }
        story.terms.triggers.forEach((_, i) => assert.ok(monitorTrigger(story, i).test.length > 0));
      }),
      { numRuns: 60 },
    );
  });
});
