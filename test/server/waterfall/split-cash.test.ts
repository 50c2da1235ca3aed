import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { SPLIT_ROUNDINGS } from "../../../server/deals/terms-format.ts";
import type { SplitRounding } from "../../../server/deals/terms-format.ts";
import { splitCash } from "../../../server/waterfall/split-cash.ts";

const HALF_UP = "cumulative half-up";
const FIRST = "floor, rest to first";
const LAST = "floor, rest to last";

type Row = [
  what: string,
  cash: bigint,
  demands: bigint[],
  weights: bigint[],
  rounding: SplitRounding,
  pay: bigint[],
];

const A3 = [18301295001n, 9671416058n];
const TABLE: Row[] = [
  [
    "a filled payee leaves, the rest is split again",
    100n,
    [10n, 200n, 200n],
    [1n, 1n, 1n],
    HALF_UP,
    [10n, 45n, 45n],
  ],
  [
    "cumulative half-up over thirds",
    10000n,
    [33333n, 33333n, 33334n],
    [33333n, 33333n, 33334n],
    HALF_UP,
    [3333n, 3334n, 3333n],
  ],
  [
    "the rest goes to the first",
    10000n,
    [33333n, 33333n, 33334n],
    [33333n, 33333n, 33334n],
    FIRST,
    [3334n, 3333n, 3333n],
  ],
  [
    "the rest goes to the last",
    10000n,
    [33333n, 33333n, 33334n],
    [33333n, 33333n, 33334n],
    LAST,
    [3333n, 3333n, 3334n],
  ],
  [
    "VW 2008-2, 2010-11-22: A-3-A 17,944,860.73, A-3-B 9,483,056.48",
    2742791721n,
    A3,
    A3,
    HALF_UP,
    [1794486073n, 948305648n],
  ],
  [
    "VW 2008-2, 2009-10-20: A-2-A 11,472,641.14, A-2-B 3,394,272.53",
    1486691367n,
    [16900000000n, 5000000000n],
    [16900000000n, 5000000000n],
    HALF_UP,
    [1147264114n, 339427253n],
  ],
  [
    "VW 2008-2, 2009-11-20: A-2-A 22,031,304.48, A-2-B 6,518,137.42",
    2854944190n,
    [15752735886n, 4660572747n],
    [15752735886n, 4660572747n],
    HALF_UP,
    [2203130448n, 651813742n],
  ],
  [
    "Nissan 2019-A, 2020-04-15: A-2a 28,855,402.63, A-2b 3,606,925.33",
    3246232796n,
    [21815261793n, 2726907724n],
    [21815261793n, 2726907724n],
    HALF_UP,
    [2885540263n, 360692533n],
  ],
  [
    "Nissan Lease 2008-A by initial balances 98:75 is .72 / .08",
    1002203780n,
    [10n ** 12n, 10n ** 12n],
    [98n, 75n],
    HALF_UP,
    [567722372n, 434481408n],
  ],
  ["weight 0 excludes", 100n, [80n, 80n], [0n, 5n], HALF_UP, [0n, 80n]],
  ["no weight at all: nothing is paid", 100n, [80n, 80n], [0n, 0n], HALF_UP, [0n, 0n]],
  ["no demand: nothing is paid", 100n, [0n, 0n], [1n, 1n], HALF_UP, [0n, 0n]],
  ["enough for all", 1000n, [80n, 20n], [1n, 99n], LAST, [80n, 20n]],
  ["one cent over three", 1n, [5n, 5n, 5n], [1n, 1n, 1n], HALF_UP, [0n, 1n, 0n]],
];

describe("pro rata split", () => {
  for (const [what, cash, demands, weights, rounding, pay] of TABLE) {
    test(what, () => {
      assert.deepEqual(splitCash({ cash, demands, weights, rounding }), pay);
    });
  }

  const payee = fc.record({
    demand: fc.oneof(fc.constant(0n), fc.bigInt(0n, 500n), fc.bigInt(0n, 2n ** 60n)),
    weight: fc.oneof(fc.constant(0n), fc.bigInt(0n, 9n), fc.bigInt(0n, 2n ** 100n)),
  });
  const splits = fc.record({
    cash: fc.oneof(fc.bigInt(0n, 1000n), fc.bigInt(0n, 2n ** 62n)),
    payees: fc.array(payee, { maxLength: 16 }),
    rounding: fc.constantFrom(...SPLIT_ROUNDINGS),
  });
  const lists = (payees: { demand: bigint; weight: bigint }[]) => ({
    demands: payees.map(({ demand }) => demand),
    weights: payees.map(({ weight }) => weight),
  });
  const sum = (values: bigint[]) => values.reduce((total, value) => total + value, 0n);

  test("the parts sum exactly, nobody gets more than it demands, weight 0 gets nothing", () => {
    fc.assert(
      fc.property(splits, ({ cash, payees, rounding }) => {
        const pay = splitCash({ cash, rounding, ...lists(payees) });
        const live = payees.filter(({ weight }) => weight > 0n);
        const most = sum(live.map(({ demand }) => demand));
        assert.equal(sum(pay), cash < most ? cash : most);
        pay.forEach((cents, i) => {
          assert.ok(cents >= 0n && cents <= (payees[i]?.demand ?? 0n));
          if (payees[i]?.weight === 0n) assert.equal(cents, 0n);
        });
      }),
      { numRuns: 2000 },
    );
  });

  test("without a cap in reach everyone is within one cent of the exact share", () => {
    const weights = fc.array(fc.bigInt(1n, 2n ** 60n), { minLength: 1, maxLength: 16 });
    fc.assert(
      fc.property(weights, fc.bigInt(0n, 2n ** 50n), (shares, cash) => {
        const demands = shares.map(() => 2n ** 62n);
        const pay = splitCash({ cash, demands, weights: shares, rounding: HALF_UP });
        const total = sum(shares);
        pay.forEach((cents, i) => {
          const off = cents * total - cash * (shares[i] ?? 0n);
          assert.ok(off < total && off > -total);
        });
      }),
      { numRuns: 1000 },
    );
  });
});
