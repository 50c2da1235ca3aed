import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CURE_BY_NOTICE, FLAG } from "../../../server/deals/terms-format.ts";
import {
  isInBreach,
  readTriggerLane,
  writeTriggerLane,
} from "../../../server/waterfall/trigger-lane.ts";
import { handMadeDeal } from "./hand-made-deal.ts";
import type { DealParts } from "./hand-made-deal.ts";
import { runFirst, runMany } from "./run-hand-made.ts";

type Trigger = NonNullable<DealParts["triggers"]>[number];

const PERCENT = 10n ** 16n;

/** A trigger that fails in the periods marked x, tested one period after the other: b = in breach. */
function story(rules: Partial<Trigger>, failures: string, waivers = ""): string {
  const terms = handMadeDeal({
    figures: 1,
    notices: 1,
    triggers: [{ numerator: "FIGURE 4", threshold: "0", ...rules }],
  });
  const periods = Array.from(failures, (mark, i) => ({
    figures: [mark === "x" ? 1n : 0n],
    notices: waivers[i] === "w" ? 1 : 0,
  }));
  const lanes = runMany(terms, periods).map(({ state }) => state.triggers[0] ?? 0n);
  return lanes.map((lane) => (isInBreach(lane) ? "b" : ".")).join("");
}

const stories: [what: string, rules: Partial<Trigger>, failures: string, breach: string][] = [
  ["at once, latched", {}, "..x...", "..bbbb"],
  ["at once, cured by the next passing test", { cure: 1 }, "..xx..x.", "..bb..b."],
  ["cured after three passing tests", { cure: 3 }, "x..x...", "bbbbbb."],
  ["2 of the last 3, latched", { breaches: 2, tests: 3 }, "x..x.x.", ".....bb"],
  ["3 in a row", { breaches: 3, tests: 3, cure: 2 }, "xx.xxx..x", ".....bb.."],
  // the two failures stay among the last three, so that one passing test does not cure
  ["no cure while the rule still fails", { breaches: 2, tests: 3, cure: 1 }, "xx...", ".bb.."],
];

describe("breach and cure", () => {
  for (const [what, rules, failures, breach] of stories) {
    test(`${what}: ${failures} gives ${breach}`, () => {
      assert.equal(story(rules, failures), breach);
    });
  }

  test("by notice: the waiver wipes what is remembered, and nothing is tested while it lasts", () => {
    const rules = { cure: CURE_BY_NOTICE, cureNotice: 0, breaches: 2, tests: 3 };
    assert.equal(story(rules, "xx..xx", "...w.."), ".bb..b");
    assert.equal(story(rules, "xxxx", "..ww"), ".b..");
    assert.equal(story(rules, "xx....", "......"), ".bbbbb");
  });

  test("a trigger remembers 48 tests and counts to 255", () => {
    const lane = writeTriggerLane({ inBreach: true, tests: 300, failures: 2n ** 60n - 1n });
    const back = { inBreach: true, tests: 255, failures: 2n ** 48n - 1n };
    assert.deepEqual(readTriggerLane(lane), back);
    assert.ok(lane < 2n ** 64n);
  });
});

/** Whether a first test fails, and the flags it raises. */
function testOnce(trigger: Trigger) {
  const run = runFirst({ triggers: [trigger], programs: [[{ operation: "TEST" }]] });
  const [record] = run.records;
  return { breach: record?.demand, failed: record?.paid, flags: record?.flags };
}

const yes = { breach: 1n, failed: 1n, flags: 0 };
const no = { breach: 0n, failed: 0n, flags: 0 };

describe("the test", () => {
  const at = "within" as const;
  test("a ratio is compared by its products, exactly: 1/3 > 33.333333333333333333 %", () => {
    const third = { at, numerator: "1", denominator: "3" };
    assert.deepEqual(testOnce({ ...third, threshold: "333333333333333333" }), yes);
    assert.deepEqual(testOnce({ ...third, threshold: "333333333333333334" }), no);
  });

  test("each comparison at equality: 5 / 100 against 5 %", () => {
    const equal = { at, numerator: "5", denominator: "100", threshold: `${5n * PERCENT}` };
    assert.deepEqual(testOnce({ ...equal, comparison: ">" }), no);
    assert.deepEqual(testOnce({ ...equal, comparison: ">=" }), yes);
    assert.deepEqual(testOnce({ ...equal, comparison: "<" }), no);
    assert.deepEqual(testOnce({ ...equal, comparison: "<=" }), yes);
  });

  test("an amount is compared as it is, also below zero", () => {
    assert.deepEqual(testOnce({ at, numerator: "-1", threshold: "0", comparison: "<" }), yes);
    assert.deepEqual(testOnce({ at, numerator: "100", threshold: "99" }), yes);
  });

  test("[R7] a zero divisor counts as a ratio of 0 and is flagged", () => {
    const empty = { at, numerator: "7", denominator: "0" };
    assert.deepEqual(testOnce({ ...empty, threshold: "1" }), { ...no, flags: FLAG.DIVZERO });
    assert.deepEqual(testOnce({ ...empty, threshold: "1", comparison: "<" }), {
      ...yes,
      flags: FLAG.DIVZERO,
    });
  });

  test("[R7] what is above 2^127 - 1 is cut to it and flagged", () => {
    const huge = `${2n ** 127n}`;
    assert.deepEqual(testOnce({ at, numerator: huge, threshold: huge, comparison: ">=" }), {
      ...yes,
      flags: FLAG.OVERFLOW,
    });
  });
});

describe("when a trigger is tested", () => {
  const failing = { numerator: "1", threshold: "0" };
  const readEarly = { operation: "LET", destination: 0, amount: "TRIG 0" } as const;
  const readLate = { operation: "LET", destination: 1, amount: "TRIG 0" } as const;
  const seen = (at: "before" | "within" | "after", steps: DealParts["programs"]) => {
    const run = runFirst({ triggers: [{ ...failing, at }], programs: steps ?? [] });
    const demands = run.records.filter(({ operation }) => operation === "LET");
    return [...demands.map(({ demand }) => demand), isInBreach(run.state.triggers[0] ?? 0n)];
  };

  test("before the steps, at TEST, or after the steps", () => {
    const steps = [[readEarly, { operation: "TEST" } as const, readLate]];
    assert.deepEqual(seen("before", [[readEarly, readLate]]), [1n, 1n, true]);
    assert.deepEqual(seen("within", steps), [0n, 1n, true]);
    assert.deepEqual(seen("after", [[readEarly, readLate]]), [0n, 0n, true]);
  });

  test("a flag of a test outside the steps stands in the header alone", () => {
    const run = runFirst({ triggers: [{ ...failing, denominator: "0" }], programs: [[readEarly]] });
    assert.equal(run.flags, FLAG.DIVZERO);
    assert.equal(run.records[0]?.flags, 0);
  });

  test("the explanation has numerator, denominator and threshold with what they read", () => {
    const trigger = { numerator: "BAL 0", denominator: "FIGURE 3", threshold: "3" };
    const run = runFirst({ triggers: [trigger] }, { funds: 5n });
    assert.deepEqual(
      run.derivations.map(({ of, index, value }) => [of, index, value]),
      [
        ["numerator", 0, 100_000_000n],
        ["denominator", 0, 5n],
        ["threshold", 0, 3n],
      ],
    );
    assert.equal(run.derivations[0]?.readings[0]?.value, 100_000_000n);
  });
});
