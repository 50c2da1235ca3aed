/** Claims that are put off, carried over or capitalised, from run to run. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { explainWaterfall } from "../../../server/waterfall/explain-waterfall.ts";
import { handMadeDeal } from "./hand-made-deal.ts";
import type { DealParts } from "./hand-made-deal.ts";
import { runFirst, runMany, runPeriod } from "./run-hand-made.ts";

type Class = NonNullable<DealParts["classes"]>[number];

/** 1,000,000.00 at 12 % over 30/360: 10,000.00 a period. */
const FACE = 100_000_000n;
const MONTH = 1_000_000n;
const INT = { operation: "INT", list: [0] } as const;
const PIK = { operation: "PIK", list: [0] } as const;

describe("deferred interest", () => {
  const deferring: Class = { deferrable: true, own: "d" };

  test("unpaid interest of a deferrable class is deferred; it bears interest where the deal says so", () => {
    const classes = [deferring, { ...deferring, interestOnDeferred: true }];
    const runs = runMany(handMadeDeal({ classes }), [{}, {}, {}]);
    const after = runs.map(({ state }) =>
      state.classes.map(({ shortfall, deferred, shortfallInterest }) => [
        shortfall,
        deferred,
        shortfallInterest,
      ]),
    );
    // interest on 10,000.00 at 1 % is 100.00, then 200.00 on 20,000.00 beside the first 100.00
    assert.deepEqual(after, [
      [
        [0n, MONTH, 0n],
        [0n, MONTH, 0n],
      ],
      [
        [0n, 2n * MONTH, 0n],
        [0n, 2n * MONTH, 10_000n],
      ],
      [
        [0n, 3n * MONTH, 0n],
        [0n, 3n * MONTH, 30_000n],
      ],
    ]);
    assert.equal(runs[2]?.classes[1]?.interestDue, 3n * MONTH + 30_000n);
    assert.equal(runs[2]?.classes[1]?.interestCurrent, MONTH);
  });

  test("an ordinary INT leaves what is deferred to INT OF deferred, which follows its own columns", () => {
    const late = { ...INT, part: "deferred" } as const;
    const terms = handMadeDeal({ classes: [deferring], programs: [[INT, late, late]] });
    const [, second] = runMany(terms, [{ funds: 0n }, { funds: MONTH + 600_000n }]);
    assert.deepEqual(
      second?.records.map(({ demand, paid }) => [demand, paid]),
      [
        [MONTH, MONTH],
        [MONTH, 600_000n],
        [400_000n, 0n],
      ],
    );
    assert.deepEqual(second?.records[1]?.payments, [
      { kind: "interest", to: 0, cents: 600_000n, component: "deferred" },
    ]);
    assert.equal(second?.state.classes[0]?.deferred, 400_000n);
    assert.equal(second?.classes[0]?.interestPaid, MONTH + 600_000n);
  });

  test("a class whose order holds it gets it from the ordinary INT, and nothing from INT OF", () => {
    const componentOrder = [
      "current",
      "deferred",
      "interestOnShortfall",
      "shortfall",
    ] as const satisfies Class["componentOrder"];
    const late = { ...INT, part: "deferred" } as const;
    const classes = [{ ...deferring, componentOrder }];
    const terms = handMadeDeal({ classes, programs: [[late, INT]] });
    const [, second] = runMany(terms, [{}, { funds: 1_500_000n }]);
    assert.deepEqual(
      second?.records.map(({ demand, paid }) => [demand, paid]),
      [
        [0n, 0n],
        [2n * MONTH, 1_500_000n],
      ],
    );
    assert.equal(second?.state.classes[0]?.deferred, 500_000n);
  });

  test("without a lane of its own for it, a class is not deferrable", () => {
    const run = runFirst({ classes: [{ deferrable: true }] });
    assert.equal(run.state.classes[0]?.shortfall, MONTH);
  });
});

describe("available-funds cap and carry-over", () => {
  const capped: Class = {
    own: "c",
    availableFundsCap: "90000000000000000",
    interestOnCarryOver: true,
  };

  test("interest above the cap is carried over, with interest on it at the full rate", () => {
    const runs = runMany(handMadeDeal({ classes: [capped], programs: [[INT]] }), [
      { funds: 750_000n },
      { funds: 750_000n },
    ]);
    // 9 % pays 7,500.00; 12 % would be 10,000.00: 2,500.00; then 1 % on 2,500.00 = 25.00 more
    assert.deepEqual(
      runs.map(({ classes, state, rates }) => [
        classes[0]?.interestCurrent,
        state.classes[0]?.carryOver,
        rates[0],
      ]),
      [
        [750_000n, 250_000n, 9n * 10n ** 16n],
        [750_000n, 502_500n, 9n * 10n ** 16n],
      ],
    );
    assert.equal(runs[1]?.classes[0]?.interestDue, 750_000n + 502_500n);
  });

  test("INT OF carryOver pays it; a cap above the coupon, or below 0, does what it says", () => {
    const over = { ...INT, part: "carryOver" } as const;
    const run = runFirst({ classes: [capped], programs: [[over]] }, { funds: 240_000n });
    assert.equal(run.state.classes[0]?.carryOver, 10_000n);
    const loose = runFirst({ classes: [{ ...capped, availableFundsCap: "200000000000000000" }] });
    assert.deepEqual([loose.rates[0], loose.state.classes[0]?.carryOver], [12n * 10n ** 16n, 0n]);
    const none = runFirst({ classes: [{ ...capped, availableFundsCap: "-1" }] });
    assert.deepEqual([none.rates[0], none.state.classes[0]?.carryOver], [0n, MONTH]);
  });
});

describe("PIK", () => {
  const class0: Class = { deferrable: true, own: "dcp", availableFundsCap: "60000000000000000" };

  test("unpaid interest becomes balance; what is carried over stays a claim of its own", () => {
    const terms = handMadeDeal({ classes: [class0], programs: [[INT, PIK, INT]] });
    const run = runMany(terms, [{ funds: 200_000n }])[0];
    // due 5,000.00, paid 2,000.00, capitalised 3,000.00, carried over 5,000.00
    assert.deepEqual(
      run?.records.map(({ demand, paid, before }) => [demand, paid, before]),
      [
        [500_000n, 200_000n, 200_000n],
        [300_000n, 300_000n, 0n],
        [0n, 0n, 0n],
      ],
    );
    assert.deepEqual(run?.state.classes[0], {
      balance: FACE + 300_000n,
      shortfall: 0n,
      shortfallInterest: 0n,
      written: 0n,
      deferred: 0n,
      carryOver: 500_000n,
      pik: 300_000n,
    });
    assert.deepEqual(run?.capitalised, [300_000n]);
    assert.deepEqual(run?.records[1]?.payments, [
      { kind: "capitalised", to: 0, cents: 300_000n, component: "current" },
    ]);
  });

  test("earlier shortfall, interest on it and deferred interest are capitalised with it", () => {
    const terms = handMadeDeal({ classes: [class0], programs: [[PIK]] });
    const opening = runMany(terms, [{}])[0]?.state;
    assert.ok(opening);
    const before = {
      ...opening,
      lastPeriod: 0,
      classes: opening.classes.map((state) => ({ ...state })),
    };
    before.classes[0] = {
      balance: FACE,
      shortfall: 20_000n,
      shortfallInterest: 3_000n,
      written: 0n,
      deferred: 40_000n,
      carryOver: 0n,
      pik: 7n,
    };
    const run = runMany(terms, [{ state: before }])[0];
    // 5,000.00 + 200.00 + 30.00 + 0.5 % of 200.00 = 1.00 + 400.00
    const total = 500_000n + 20_000n + 3_000n + 100n + 40_000n;
    assert.equal(run?.records[0]?.paid, total);
    assert.deepEqual(
      [run?.state.classes[0]?.balance, run?.state.classes[0]?.pik],
      [FACE + total, 7n + total],
    );
  });

  test("principal repays what was capitalised first", () => {
    const prin = { operation: "PRIN", mode: "SEQ", list: [0], amount: "ACCT 0" } as const;
    const terms = handMadeDeal({ classes: [{ own: "p" }], programs: [[PIK, prin]] });
    const runs = runMany(terms, [{ funds: 400_000n }, { funds: 9_000_000n }]);
    // 10,000.00 capitalised, 4,000.00 repaid; then 10,060.00 more and 90,000.00 repaid
    assert.deepEqual(
      runs.map(({ state, capitalised }) => [state.classes[0]?.pik, capitalised[0]]),
      [
        [600_000n, MONTH],
        [0n, 1_006_000n],
      ],
    );
    assert.equal(runs[1]?.state.classes[0]?.balance, FACE + 600_000n + 1_006_000n - 9_000_000n);
  });

  test("after it the claim is 0, less what is carried over where the order holds that", () => {
    const order = [
      "interestOnShortfall",
      "shortfall",
      "current",
      "carryOver",
    ] as const satisfies Class["componentOrder"];
    const read = { operation: "LET", destination: 0, amount: "DUE 0" } as const;
    const run = runFirst({
      classes: [{ ...class0, componentOrder: order }],
      programs: [[PIK, read]],
    });
    assert.equal(run.records[1]?.demand, 500_000n);
  });
});

describe("the explanation of a claim", () => {
  test("names every part beside the interest of the period", () => {
    const terms = handMadeDeal({
      classes: [{ own: "dc", deferrable: true, availableFundsCap: "60000000000000000" }],
    });
    const [, second] = runMany(terms, [{}, {}]);
    assert.ok(second);
    const state = runPeriod(terms).state;
    const input = { terms, state, period: 2, figures: [0n, 0n, 0n, 0n], chainDealId: 1n };
    assert.deepEqual(explainWaterfall(input, second).accruals, [
      {
        name: "C0",
        kind: "interest",
        formula:
          "1,000,000.00 x 6 % x 30/360 = 5,000.00 + 5,000.00 deferred interest brought forward" +
          " + 10,000.00 carried over above the available-funds cap",
        due: "20000.00",
        paid: "0.00",
        short: "20000.00",
      },
    ]);
  });
});
