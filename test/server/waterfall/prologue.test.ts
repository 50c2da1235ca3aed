import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FLAG } from "../../../server/deals/terms-format.ts";
import { handMadeDeal } from "./hand-made-deal.ts";
import { runFirst, runMany } from "./run-hand-made.ts";

const PERCENT = 10n ** 16n;

describe("cash to accounts", () => {
  const accounts = [{}, { receives: 4 }, { receives: 5 }];
  const split = (principal: bigint, interest: bigint) => {
    const run = runFirst({ accounts, figures: 2 }, { funds: 100n, figures: [principal, interest] });
    return { held: run.state.accounts, flags: run.flags };
  };

  test("each account gets its figure of the available funds, the collection account the rest", () => {
    assert.deepEqual(split(60n, 30n), { held: [10n, 60n, 30n], flags: 0 });
    assert.deepEqual(split(0n, 0n), { held: [100n, 0n, 0n], flags: 0 });
  });

  test("[R7] a negative figure gives nothing, one above what is left gets what is left", () => {
    assert.deepEqual(split(-5n, 30n), { held: [70n, 0n, 30n], flags: FLAG.NEGATIVE });
    assert.deepEqual(split(60n, 41n), { held: [0n, 60n, 40n], flags: FLAG.OVERFLOW });
  });
});

describe("cap years", () => {
  test("a year's cap starts again, one for the life of the deal never", () => {
    const terms = handMadeDeal({
      fees: [
        { amount: 10n, cap: 0 },
        { amount: 10n, cap: 1 },
      ],
      caps: [
        { cents: 1000n, year: "calendar year" },
        { cents: 1000n, year: "life of the deal" },
      ],
      programs: [[{ operation: "FEE", list: [0, 1], capEach: true }]],
    });
    const runs = runMany(
      terms,
      Array.from({ length: 14 }, () => ({ funds: 20n })),
    );
    const used = runs.map(({ state }) => state.capsUsed);
    assert.deepEqual(
      [used[11], used[12], used[13]],
      [
        [120n, 120n],
        [10n, 130n],
        [20n, 140n],
      ],
    );
  });
});

describe("coupons", () => {
  const due = (coupon: string, more = {}) => {
    const parts = { classes: [{ couponWad: 0n, coupon, ...more }], indices: 1, figures: 1 };
    const run = runFirst(parts, { extras: [3n * PERCENT], figures: [100n] });
    return { due: run.classes[0]?.interestDue, rate: run.rates[0], flags: run.flags };
  };

  test("an index with a margin: 1,000,000.00 x (3 % + 1.3 %) x 31/360 = 3,702.78", () => {
    const floating = due(`FIGURE 5; ${13n * 10n ** 15n}; ADD`, { basis: 1 });
    assert.deepEqual(floating, { due: 370_278n, rate: 43n * 10n ** 15n, flags: 0 });
  });

  test("a rate below 0 is 0, one above 2^64 - 1 is cut, without a flag", () => {
    assert.deepEqual(due("-5"), { due: 0n, rate: 0n, flags: 0 });
    assert.deepEqual(due(`${2n ** 70n}`).rate, 2n ** 64n - 1n);
    assert.equal(due(`${2n ** 70n}`).flags, 0);
  });

  test("a coupon reads balances and figures; a flag of it stands in the header", () => {
    // 1,000,000.00 x 100 x 10^6 = 10^16
    assert.deepEqual(due("BAL 0; FIGURE 4; MUL; 1000000; MUL").rate, PERCENT);
    assert.equal(due("1; 1; FIGURE 0; MULDIV").flags, FLAG.DIVZERO);
  });

  test("the class before has its rate when the next one's is computed", () => {
    const classes = [{}, { couponWad: 0n, coupon: `RATE 0; ${PERCENT}; ADD` }];
    assert.deepEqual(runFirst({ classes }).rates, [12n * PERCENT, 13n * PERCENT]);
  });
});

describe("fees", () => {
  const fee = (parts: object) => {
    const run = runFirst(
      { fees: [{ amount: 7n, ...parts }], accounts: [{}, { deposit: 600_000n }], figures: 1 },
      { figures: [-5n] },
    );
    return { unpaid: run.state.feesUnpaid[0], flags: run.flags };
  };
  const rate = { kind: "rate", amount: 6n * PERCENT } as const;

  test("an amount by expression: 5 % of the interest due of class 0 = 500.00", () => {
    const amount = { kind: "expression", expression: `DUE0 0; ${5n * PERCENT}; PCT` };
    assert.deepEqual(fee(amount), { unpaid: 50_000n, flags: 0 });
  });

  test("a rate on an expression: (10,000.00 - 6,000.00) drawn x 6 % x 30/360 = 20.00", () => {
    assert.deepEqual(fee({ ...rate, expression: "1000000; ACCT 1; SUB" }), {
      unpaid: 2000n,
      flags: 0,
    });
  });

  test("an amount or a base below 0 counts as 0; one above 2^64 - 1 is cut, with a flag", () => {
    assert.deepEqual(fee({ kind: "expression", expression: "-5" }), { unpaid: 0n, flags: 0 });
    assert.deepEqual(fee({ ...rate, expression: "-5" }), { unpaid: 0n, flags: 0 });
    assert.deepEqual(fee({ ...rate, baseFigure: 4 }), { unpaid: 0n, flags: 0 });
    assert.deepEqual(fee({ kind: "expression", expression: `${2n ** 65n}` }), {
      unpaid: 2n ** 64n - 1n,
      flags: FLAG.OVERFLOW,
    });
  });
});

describe("the words", () => {
  test("name the format, the phases, the notices and what was used beside the report", () => {
    const run = runFirst(
      {
        indices: 1,
        buys: true,
        notices: 2,
        programs: [[], []],
        transitions: [{ to: 1, when: "1", at: "before" }],
      },
      { extras: [5n * PERCENT, 0n], notices: 0b10 },
    );
    const header = run.words[0] ?? 0n;
    const byte = (lowest: bigint, mask = 0xffn) => (header >> lowest) & mask;
    assert.equal(byte(248n), 2n);
    assert.deepEqual([byte(240n), byte(232n), byte(160n)], [0n, 1n, 1n]);
    assert.equal(byte(144n, 0xffffn), 0b10n);
    assert.deepEqual(run.words.slice(-2), [5n * PERCENT, 0n]);
  });
});
