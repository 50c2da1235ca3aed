import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readDeal } from "../../../scripts/replay/read-files.ts";
import type { CompiledDeal } from "../../../server/deals/compile-deal.ts";
import { findAmount, tellStory } from "../../../server/waterfall/explain-amounts.ts";
import { drawTree } from "../../../server/waterfall/explain-node.ts";
import type { ExplanationNode } from "../../../server/waterfall/explain-node.ts";
import type { RunStory } from "../../../server/waterfall/explain-story.ts";
import { formatExplanation } from "../../../server/waterfall/explain-text.ts";
import { monitorTrigger } from "../../../server/waterfall/explain-trigger-monitor.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import type { WaterfallState } from "../../../server/waterfall/waterfall-state.ts";

const EVERY_FEATURE = new URL("../../golden/every-feature/deal.yaml", import.meta.url).pathname;

/** 420,000,000.00 of A-1, A-2a, A-2b and M against a pool that closes at 430,000,000.00. */
const FIGURES: Readonly<Record<string, bigint>> = {
  poolOpening: 500_000_000_00n,
  poolClosing: 430_000_000_00n,
  loanCount: 18_000n,
  availableFunds: 30_000_000_00n,
  principal: 20_000_000_00n,
  cumNetLoss: 5_000_000_00n,
  delinquent60: 21_500_000_00n,
};

function story(
  deal: CompiledDeal,
  named: Record<string, bigint>,
  before?: WaterfallState,
): RunStory {
  const { terms, file } = deal;
  const state = before ?? openingState(terms);
  const figures = terms.figures.map(({ name }) => named[name] ?? FIGURES[name] ?? 0n);
  const extras = [5n * 10n ** 16n, 0n];
  const period = state.lastPeriod + 1;
  const input = { terms, state, period, figures, extras, chainDealId: 0n };
  return tellStory({ input, run: runWaterfall(input), file });
}

function treeOf(told: RunStory, address: string): ExplanationNode {
  const amount = findAmount(told, address);
  assert.ok(amount, `no amount ${address}`);
  return drawTree(amount);
}

const triggerOf = ({ terms }: RunStory, name: string): number =>
  terms.triggers.findIndex((trigger) => trigger.name === name);

describe("the trigger monitor", async () => {
  const deal = await readDeal(EVERY_FEATURE);

  test("a cumulative loss at its limit has no headroom, and the limit rises by the table", () => {
    const told = story(deal, {});
    const cnl = monitorTrigger(told, triggerOf(told, "cnl"));
    // 5,000,000 / 500,000,000 = 1 %, not above 1 %; then 1.2 % a year in twelfths
    assert.deepEqual(
      [cnl.inBreach, cnl.value, cnl.threshold],
      [false, { value: "1", unit: "percent" }, { value: "1", unit: "percent" }],
    );
    assert.deepEqual(cnl.headroom, { value: "0.00", unit: "money", direction: "rise" });
    assert.deepEqual(
      cnl.thresholdsAhead.map(({ period, threshold }) => [period, threshold?.value]),
      [
        [2, "1.1"],
        [3, "1.2"],
        [4, "1.3"],
      ],
    );
    const after = monitorTrigger(story(deal, { cumNetLoss: 5_000_000_01n }), 0);
    assert.deepEqual([after.inBreach, after.headroom?.value], [true, "-0.01"]);
    assert.equal(after.cure, "never cured: it stays in breach");
  });

  test("a coverage test that fails shows what it lacks and what would cure it", () => {
    const told = story(deal, {});
    const oc = monitorTrigger(told, triggerOf(told, "overcollateralisation"));
    assert.equal(oc.inBreach, true);
    // 105 % of 420,000,000.00 is 441,000,000.00
    assert.deepEqual(oc.headroom, { value: "-11000000.00", unit: "money", direction: "fall" });
    // 420,000,000.00 - 430,000,000.00 x 100 / 105, the quotient rounded down
    assert.deepEqual(oc.cureAmounts, [{ amount: "terms.oc", value: "10476190.48" }]);
    assert.equal(treeOf(told, "terms.oc").value, "10476190.48");
  });

  test("tests that failed count over the periods, and the cure counts those that passed", () => {
    const first = story(deal, {});
    const second = story(deal, {}, first.run.state);
    const third = story(deal, { delinquent60: 0n }, second.run.state);
    const seen = [first, second, third].map((told) => {
      const found = monitorTrigger(told, triggerOf(told, "delinquency"));
      return [found.inBreach, found.testsFailed, found.lastTests];
    });
    // 5 % in each of two months, then the mean of 5 %, 5 % and 0 % is 3.33 %
    assert.deepEqual(seen, [
      [false, 1, "failed"],
      [true, 2, "failed, failed"],
      [true, 2, "failed, failed, passed"],
    ]);
    const { cure } = monitorTrigger(third, triggerOf(third, "delinquency"));
    assert.equal(cure, "cured by 3 passing tests in a row; 1 passed so far");
    const text = formatExplanation(treeOf(third, "triggers.delinquency"));
    assert.match(text, /= delinquency\.failed \+ delinquency\.failedBefore >= 2 or /);
    assert.match(text, /delinquency\.inBreachBefore and not delinquency\.cured/);
  });

  test("an amount without a denominator is monitored as it is", () => {
    const told = story(deal, { servicerDefault: 1n });
    const servicer = monitorTrigger(told, triggerOf(told, "servicer"));
    assert.deepEqual([servicer.inBreach, servicer.value?.value], [true, "1"]);
  });
});

describe("why the deal is in its phase", async () => {
  const deal = await readDeal(EVERY_FEATURE);

  test("the transition that held names its clause and leads to the figure behind it", () => {
    const tree = treeOf(story(deal, { servicerDefault: 1n }), "phase");
    assert.equal(tree.value, "EARLY");
    const text = formatExplanation(tree);
    assert.match(text, /the condition to go to EARLY holds \[5\.01\(f\)\]/);
    assert.match(text, /trig\.servicer = yes {2}trigger servicer is in breach/);
    assert.match(text, /p\.servicerDefault = yes {2}figure servicerDefault of the report/);
  });

  test("while nothing holds it is the phase before, with every condition that was judged", () => {
    const tree = treeOf(story(deal, { cumNetLoss: 0n }), "phase");
    assert.equal(tree.value, "REVOLVING");
    assert.ok(formatExplanation(tree).includes("does not hold"));
  });
});
