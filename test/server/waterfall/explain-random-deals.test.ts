import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FLAG } from "../../../server/deals/terms-format.ts";
import { tellStory } from "../../../server/waterfall/explain-amounts.ts";
import { compileCase, inputOf, runTrials } from "../../fuzz/fuzz-deal.ts";
import { randomDealText } from "../../fuzz/random-deal-text.ts";
import { checkStory } from "./check-explanation.ts";

const SEED = 11;
const DEALS = 12;

/** Where the engine cuts a value, its formula says what it would be without the cut. */
const CUT = FLAG.OVERFLOW | FLAG.NEGATIVE | FLAG.DIVZERO;

describe("why this number, on random deals", () => {
  test("the numbers of every node give its value", () => {
    const stories = Array.from({ length: DEALS }, (_, number) => {
      const { deal } = compileCase(randomDealText(SEED, number));
      if (deal === null) return [];
      const { terms, file } = deal;
      return runTrials(terms, { seed: SEED, number })
        .filter(({ run }) => (run.flags & CUT) === 0)
        .map(({ given, run }) => tellStory({ input: inputOf(terms, given), run, file }));
    }).flat();
    assert.ok(stories.length > 5, `${stories.length} runs without a cut`);
    for (const story of stories) assert.ok(checkStory(story) > 50);
  });
});
