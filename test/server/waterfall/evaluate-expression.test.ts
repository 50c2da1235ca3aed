import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FLAG } from "../../../server/deals/terms-format.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import { dealText } from "./deal-text.ts";

/** Value and flags of a LET, evaluated at closing: A1, A2, B and C of 1,000,000.00 each. */
function valueOf(text: string, figures: Partial<Record<"principal", bigint>> = {}) {
  const { deal, problems } = compileDeal(dealText([`LET x = ${text} @ 1`], "cumulative half-up"));
  const errors = problems.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors, []);
  assert.ok(deal);
  const { terms } = deal;
  const named: Record<string, bigint> = { poolOpening: 100n, poolClosing: 200n, ...figures };
  const run = runWaterfall({
    terms,
    state: openingState(terms),
    period: 1,
    figures: terms.figures.map(({ name }) => named[name] ?? 0n),
    chainDealId: 1n,
  });
  const record = run.records[2];
  assert.ok(record);
  return { value: record.demand, flags: record.flags };
}

const plain: [string, bigint][] = [
  ["2 + 3 - 4", 1n],
  ["10 - (3 - 2)", 9n],
  ["10 - 3 - 2", 5n],
  ["1234.56", 123456n],
  ["12.5 %", 125000000000000000n],
  ["min(3, 5, 2)", 2n],
  ["max(3, 5, 2)", 5n],
  ["pos(3 - 5)", 0n],
  ["pos(5 - 3)", 2n],
  ["pct(1001, 50 %)", 500n],
  ["pctUp(1001, 50 %)", 501n],
  ["pctUp(1000, 50 %)", 500n],
  ["muldiv(7, 3, 2)", 10n],
  ["muldivUp(7, 3, 2)", 11n],
  ["iff(1 < 2, 7, 8)", 7n],
  ["iff(1 > 2, 7, iff(2 >= 2, 9, 10))", 9n],
  ["iff(1 == 1 and 2 != 2, 7, 8)", 8n],
  ["iff(1 == 2 or 2 <= 2, 7, 8)", 7n],
  ["iff(not 1 == 2, 7, 8)", 7n],
  ["iff(not (1 == 2 or 1 == 1), 7, 8)", 8n],
  ["3 == 3", 1n],
  ["sumbal(A1, B)", 200000000n],
  ["bal.A1 + bal0.A2 - sumbal(C)", 100000000n],
  ["sumdue(trusteeFee, backupFee)", 8333n],
  ["sumdue(trusteeFee, A2) - due.A2", 5000n],
  ["due0.trusteeFee", 5000n],
  ["capLeft.admin", 10000n],
  ["acct0.RES - acct.RES", 10000n], // drawn by the step before
  ["p.poolClosing - p.poolOpening", 100n],
  ["k.target", 123456n],
  ["k.cutOffBalance", 400000000n],
  ["payDate - 2017-11-15", 0n],
  ["final.C - 2018-04-16", 0n],
  ["sumwritten(A1, C) + written.B", 0n],
  ["18446744073709551615", 18446744073709551615n],
];

describe("expressions", () => {
  for (const [text, value] of plain) {
    test(`${text} is ${value}`, () => assert.deepEqual(valueOf(text), { value, flags: 0 }));
  }

  const huge = "18446744073709551615"; // 2^64 - 1
  const flagged: [string, bigint, number, string][] = [
    ["3 - 5", 0n, FLAG.NEGATIVE, "a named amount below zero counts as 0"],
    ["pct(3 - 5, 50 %) + 4", 4n, FLAG.NEGATIVE, "a negative operand gives 0"],
    ["muldiv(7, 3, 0) + 1", 1n, FLAG.DIVZERO, "a division by zero gives 0"],
    ["muldivUp(7, 3, 5 - 5) + 1", 1n, FLAG.DIVZERO, "also rounded up"],
    [`${huge} + 1`, 2n ** 64n - 1n, FLAG.OVERFLOW, "a record holds 64 bits"],
    [
      `muldiv(muldiv(${huge}, ${huge}, 1), 2, ${huge})`,
      2n ** 64n,
      FLAG.OVERFLOW,
      "a result above 2^127 - 1 is cut",
    ],
  ];
  for (const [text, value, flag, why] of flagged) {
    test(`[R7] ${why}: ${text.slice(0, 40)}`, () => {
      const result = valueOf(text);
      const cut = value > 2n ** 64n - 1n ? 2n ** 64n - 1n : value;
      assert.equal(result.value, cut);
      assert.equal(result.flags & flag, flag);
    });
  }

  test("only the taken branch of iff is evaluated: the other raises no flag", () => {
    assert.deepEqual(valueOf("iff(1 == 1, 7, muldiv(1, 1, 0))"), { value: 7n, flags: 0 });
    assert.deepEqual(valueOf("iff(1 == 2, pct(0 - 1, 1 %), 8)"), { value: 8n, flags: 0 });
  });

  test("[R7] a negative figure keeps its sign", () => {
    assert.deepEqual(valueOf("pos(p.principal) + 1", { principal: -500n }), {
      value: 1n,
      flags: 0,
    });
    assert.deepEqual(valueOf("1000 + p.principal", { principal: -400n }), {
      value: 600n,
      flags: 0,
    });
  });
});
