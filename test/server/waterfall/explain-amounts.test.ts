import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import { readBoundInputs, readDeal } from "../../../scripts/replay/read-files.ts";
import { inputOf } from "../../../scripts/replay/why-number.ts";
import type { CompiledDeal } from "../../../server/deals/compile-deal.ts";
import { FLAG } from "../../../server/deals/terms-format.ts";
import { listAmounts, tellStory } from "../../../server/waterfall/explain-amounts.ts";
import { drawTree } from "../../../server/waterfall/explain-node.ts";
import type { Amount, ExplanationNode } from "../../../server/waterfall/explain-node.ts";
import type { RunStory } from "../../../server/waterfall/explain-story.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import { evaluateExplained } from "./evaluate-explained.ts";
import { randomFigures, randomState } from "./random-deals.ts";

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

/** Flags under which the engine cuts a value: the formula says what it would be without the cut. */
const CUT = FLAG.OVERFLOW | FLAG.NEGATIVE | FLAG.DIVZERO;

function internalValue({ value, unit, source }: ExplanationNode, story: RunStory): bigint {
  if (unit === "phase") return evaluateExplained(`'${value}'`, story.terms);
  if (unit === "per 1,000") return BigInt(value.replace(".", ""));
  const written = unit === "percent" ? `${value} %` : value;
  assert.ok(source.words.length > 0);
  return evaluateExplained(written, story.terms);
}

/** Each node's numbers give its value, and where the tree ends it says where the number is from. */
function checkTree(story: RunStory, node: ExplanationNode): number {
  const { formula, substituted, source, name } = node;
  if (substituted !== null) {
    const expected = internalValue(node, story);
    const found = evaluateExplained(substituted, story.terms);
    const told = node.unit === "flag" ? (found !== 0n) === (expected !== 0n) : found === expected;
    assert.ok(told, `${name}: ${formula} = ${substituted} gives ${found}, not ${expected}`);
  } else {
    assert.ok(source.words.length > 0, `${name} comes from nowhere`);
    assert.equal(node.inputs.length, 0);
  }
  if (formula !== null && node.inputs.length === 0 && node.above === null) {
    assert.ok(/^[\d.,% ()<>=+*/-]*$|^(?:pos|max|min)|'|iff/.test(formula), `${name}: ${formula}`);
  }
  return node.inputs.reduce((count, input) => count + checkTree(story, input), 1);
}

/** No amount is explained by itself. */
function checkOrder(amount: Amount, above: readonly string[], done: Set<string>): void {
  assert.ok(!above.includes(amount.key), `${amount.name} is explained by itself`);
  if (done.has(amount.key)) return;
  const path = [...above, amount.key];
  for (const input of amount.formula()?.inputs ?? []) checkOrder(input, path, done);
  done.add(amount.key);
}

function checkStory(story: RunStory): number {
  const amounts = listAmounts(story);
  const done = new Set<string>();
  for (const amount of amounts) checkOrder(amount, [], done);
  const addresses = amounts.map(({ address }) => address);
  assert.equal(new Set(addresses).size, addresses.length, addresses.join(" "));
  return amounts.reduce((count, amount) => count + checkTree(story, drawTree(amount)), 0);
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

  test("of a deal with every feature, on random states", async () => {
    const { terms, file } = await dealOf("every-feature");
    const trial = fc.record({
      state: randomState(terms),
      figures: randomFigures(terms),
      notices: fc.nat({ max: 7 }),
      fixing: fc.bigInt(-(10n ** 16n), 10n ** 17n),
      price: fc.bigInt(0n, 10n ** 10n),
    });
    fc.assert(
      fc.property(trial, ({ state, figures, notices, fixing, price }) => {
        const extras = [fixing, price];
        const period = state.lastPeriod + 1;
        const input = { terms, state, period, figures, notices, extras, chainDealId: 0n };
        const run = runWaterfall(input);
        fc.pre((run.flags & CUT) === 0);
        checkStory(tellStory({ input, run, file }));
      }),
      { numRuns: 15 },
    );
  });
});
