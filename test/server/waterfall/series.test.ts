import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FLAG } from "../../../server/deals/terms-format.ts";
import { handMadeDeal } from "./hand-made-deal.ts";
import { runFirst, runMany } from "./run-hand-made.ts";

/** Values of variables that read a series of depth 3 of figure 4, over periods with values given. */
function readings(at: "before" | "after", values: readonly bigint[], expressions: string[]) {
  const terms = handMadeDeal({
    figures: 1,
    series: [{ value: "FIGURE 4", depth: 3, at }],
    variables: expressions.map(() => 0n),
    programs: [
      expressions.map((amount, destination) => ({
        operation: "SET" as const,
        mode: "VALUE" as const,
        destination,
        amount,
      })),
    ],
  });
  return runMany(
    terms,
    values.map((value) => ({ figures: [value] })),
  ).map(({ state }) => state.variables);
}

const hist = (ago: number) => `HIST ${ago}`;
const values = [10n, -20n, 30n, 40n, 50n];

describe("a series of depth 3", () => {
  test("recorded before the steps: this period is 0 ago, and two earlier ones are kept", () => {
    assert.deepEqual(readings("before", values, [hist(0), hist(1), hist(2), hist(3)]), [
      [10n, 0n, 0n, 0n],
      [-20n, 10n, 0n, 0n],
      [30n, -20n, 10n, 0n],
      [40n, 30n, -20n, 0n],
      [50n, 40n, 30n, 0n],
    ]);
  });

  test("recorded after the steps: this period is not there yet, and three earlier ones are kept", () => {
    assert.deepEqual(readings("after", values, [hist(0), hist(1), hist(2), hist(3)]), [
      [0n, 0n, 0n, 0n],
      [0n, 10n, 0n, 0n],
      [0n, -20n, 10n, 0n],
      [0n, 30n, -20n, 10n],
      [0n, 40n, 30n, -20n],
    ]);
  });

  test("sum, largest and number of the last two, of fewer where there are fewer", () => {
    assert.deepEqual(readings("before", values, ["HISTSUM 2", "HISTMAX 2", "HISTCOUNT 2"]), [
      [10n, 10n, 1n],
      [-10n, 10n, 2n],
      [10n, 30n, 2n],
      [70n, 40n, 2n],
      [90n, 50n, 2n],
    ]);
    assert.deepEqual(readings("after", values, ["HISTSUM 2", "HISTMAX 2", "HISTCOUNT 2"]), [
      [0n, 0n, 0n],
      [10n, 10n, 1n],
      [-10n, 10n, 2n],
      [10n, 30n, 2n],
      [70n, 40n, 2n],
    ]);
  });

  test("no more than its depth is looked back; the largest of negative values is negative", () => {
    const all = readings("before", values, ["HISTSUM 9", "HISTCOUNT 9"]);
    assert.deepEqual(all.at(-1), [120n, 3n]);
    assert.deepEqual(readings("before", [-5n, -7n], ["HISTMAX 3"]), [[-5n], [-5n]]);
  });

  test("over 50 periods the ring holds the newest three values", () => {
    const many = Array.from({ length: 50 }, (_, i) => BigInt(i * i));
    const last = readings("before", many, [hist(0), hist(1), hist(2), "HISTSUM 3"]).at(-1);
    assert.deepEqual(last, [2401n, 2304n, 2209n, 6914n]);
  });
});

describe("what is recorded", () => {
  test("two series keep apart, and the second one may read the first one's new value", () => {
    const terms = handMadeDeal({
      figures: 1,
      series: [
        { value: "FIGURE 4", depth: 2, at: "before" },
        { value: "HISTSUM 2; 1; 2; SMULDIV", depth: 1, at: "before" },
      ],
    });
    const runs = runMany(terms, [{ figures: [7n] }, { figures: [8n] }]);
    assert.deepEqual(
      runs.map(({ state }) => state.series),
      [
        [[0n, 7n], [3n]],
        [[8n, 7n], [7n]],
      ],
    );
  });

  test("[R7] a value above 63 bits is cut and flagged in the header", () => {
    const run = runFirst({ series: [{ value: `${2n ** 80n}` }] });
    assert.deepEqual(run.state.series, [[2n ** 63n - 1n]]);
    assert.equal(run.flags, FLAG.OVERFLOW);
  });

  test("a series after the steps sees the balances that they left", () => {
    const run = runFirst(
      {
        series: [{ value: "BAL 0", depth: 1, at: "after" }],
        programs: [[{ operation: "PRIN", mode: "SEQ", list: [0], amount: "60" }]],
      },
      { funds: 60n },
    );
    assert.deepEqual(run.state.series, [[99_999_940n]]);
  });
});
