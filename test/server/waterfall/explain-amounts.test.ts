import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { readBoundInputs, readDeal } from "../../../scripts/replay/read-files.ts";
import { inputOf } from "../../../scripts/replay/why-number.ts";
import type { CompiledDeal } from "../../../server/deals/compile-deal.ts";
import { tellStory } from "../../../server/waterfall/explain-amounts.ts";
import type { RunStory } from "../../../server/waterfall/explain-story.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import { checkStory } from "./check-explanation.ts";

const GOLDEN = new URL("../../golden/", import.meta.url);

const dealOf = (name: string): Promise<CompiledDeal> =>
  readDeal(new URL(`${name}/deal.yaml`, GOLDEN).pathname);

/** Every period of an inputs file, told one after the other. */
async function storiesOf(name: string, inputs: string): Promise<RunStory[]> {
  const deal = await dealOf(name);
  const { bound } = await readBoundInputs(deal, new URL(inputs, GOLDEN).pathname);
  let { state } = bound;
  return bound.periods.map((period) => {
    const input = inputOf(deal, period, state);
    const run = runWaterfall(input);
    ({ state } = run);
    return tellStory({ input, run, file: deal.file });
  });
}

describe("why this number: the arithmetic of every node holds", () => {
  test("of all 48 months of CarMax 2020-2", async () => {
    const stories = await storiesOf("carmax-2020-2", "carmax-2020-2/inputs.json");
    assert.equal(stories.length, 48);
    for (const story of [0, 2, 40, 47].map((i) => stories[i]!)) {
      assert.ok(checkStory(story) > 1_000);
    }
  });

  const others = readdirSync(GOLDEN).flatMap((deal) =>
    readdirSync(new URL(`${deal}/`, GOLDEN))
      .filter((file) => /^inputs.*\.json$/.test(file))
      .map((file) => ({ deal, file: `${deal}/${file}` })),
  );
  for (const { deal, file } of others.filter(({ deal }) => deal !== "carmax-2020-2")) {
    test(`of ${file}`, async () => {
      const stories = await storiesOf(deal, file);
      for (const story of stories.slice(-3)) checkStory(story);
    });
  }
});
