import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  acceptFigures,
  carryInto,
  newCarry,
  rejectFigures,
  takeDifferences,
  waitingFor,
  type Carry,
} from "../../../server/waterfall/carry-differences.ts";

/** poolOpening, poolClosing, loanCount, availableFunds, interest. */
const FLOWS = [false, false, false, true, true].map((flow) => ({ flow }));
type Figures = [opening: bigint, closing: bigint, loans: bigint, funds: bigint, interest: bigint];

/** A deal whose period 1 was reported so, and restated as the others say, one version after the other. */
function restated(first: Figures, ...others: Figures[]): Carry {
  const carry = newCarry(FLOWS);
  acceptFigures(carry, { period: 1, version: 1, restates: false, figures: first });
  others.forEach((figures, i) => {
    acceptFigures(carry, { period: 1, version: 2 + i, restates: true, figures });
  });
  return carry;
}

const FIRST: Figures = [1_000n, 900n, 9n, 120n, 20n];

describe("the differences of restatements", () => {
  test("are those of the amounts of the period, from the version that stood", () => {
    const carry = restated(FIRST, [1_000n, 880n, 8n, 150n, 30n]);
    assert.deepEqual(waitingFor(carry), {
      differences: [0n, 0n, 0n, 30n, 10n],
      periods: [[], [], [], [1], [1]],
    });
  });

  test("of a second restatement are those from the first: 150 - 120 + 145 - 150", () => {
    const carry = restated(FIRST, [1_000n, 900n, 9n, 150n, 20n], [1_000n, 900n, 9n, 145n, 25n]);
    assert.deepEqual(waitingFor(carry).differences, [0n, 0n, 0n, 25n, 5n]);
  });

  test("of a rejected one are nothing, and the version before stands again", () => {
    const carry = restated(FIRST, [1_000n, 900n, 9n, 150n, 20n]);
    rejectFigures(carry, { period: 1, version: 2 });
    assert.deepEqual(waitingFor(carry).differences, [0n, 0n, 0n, 0n, 0n]);
    const figures = [1_000n, 900n, 9n, 121n, 20n];
    acceptFigures(carry, { period: 1, version: 3, restates: true, figures });
    assert.deepEqual(waitingFor(carry).differences, [0n, 0n, 0n, 1n, 0n]);
  });

  test("of a report that takes the place of an unused one are nothing", () => {
    const carry = restated(FIRST);
    acceptFigures(carry, { period: 1, version: 2, restates: false, figures: [1n, 2n, 3n, 4n, 5n] });
    assert.deepEqual(waitingFor(carry).differences, [0n, 0n, 0n, 0n, 0n]);
  });

  test("of several periods add up, and each is named where it differs", () => {
    const carry = restated(FIRST, [1_000n, 900n, 9n, 150n, 20n]);
    const second: Figures = [900n, 800n, 9n, 100n, 10n];
    acceptFigures(carry, { period: 2, version: 1, restates: false, figures: second });
    const figures = [900n, 800n, 9n, 90n, 15n];
    acceptFigures(carry, { period: 2, version: 2, restates: true, figures });
    assert.deepEqual(waitingFor(carry), {
      differences: [0n, 0n, 0n, 20n, 5n],
      periods: [[], [], [], [1, 2], [2]],
    });
  });
});

describe("a run", () => {
  test("has reported and carried together, each cut to 64 bits", () => {
    const most = 2n ** 63n - 1n;
    const { figures } = carryInto([0n, 0n, 0n, 5n, most], [0n, 0n, 0n, 3n, 1n]);
    assert.deepEqual(figures, [0n, 0n, 0n, 8n, most]);
    const low = carryInto([0n, 0n, 0n, 0n, -(2n ** 63n)], [0n, 0n, 0n, 0n, -1n]);
    assert.equal(low.figures[4], -(2n ** 63n));
  });

  test("takes at most the reported funds off them, and the rest waits for the next", () => {
    // 120 - 20 = 100 less; the next report has 70, the one behind it 80.
    const carry = restated(FIRST, [1_000n, 900n, 9n, 20n, 15n]);
    const first = carryInto([900n, 850n, 9n, 70n, 10n], waitingFor(carry).differences);
    assert.deepEqual(first.differences, [0n, 0n, 0n, -70n, -5n]);
    assert.deepEqual(first.figures, [900n, 850n, 9n, 0n, 5n]);
    takeDifferences(carry, first.differences);
    assert.deepEqual(waitingFor(carry), {
      differences: [0n, 0n, 0n, -30n, 0n],
      periods: [[], [], [], [1], []],
    });
    const second = carryInto([850n, 800n, 9n, 80n, 10n], waitingFor(carry).differences);
    assert.deepEqual(second.figures, [850n, 800n, 9n, 50n, 10n]);
    takeDifferences(carry, second.differences);
    assert.deepEqual(waitingFor(carry).differences, [0n, 0n, 0n, 0n, 0n]);
  });
});
