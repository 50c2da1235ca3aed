import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FLAG } from "../../../server/deals/terms-format.ts";
import { runFirst } from "./run-hand-made.ts";
import type { Given } from "./run-hand-made.ts";
import type { DealParts } from "./hand-made-deal.ts";

const M = 2n ** 127n - 1n;
const WAD = 10n ** 18n;

/** Value (signed, 64 bits) and flags of an expression, read by a SET. */
function valueOf(expression: string, parts: DealParts = {}, given: Given = {}) {
  const before = parts.programs?.[0] ?? [];
  const set = { operation: "SET", mode: "VALUE", amount: expression } as const;
  const run = runFirst({ variables: [0n], ...parts, programs: [[...before, set]] }, given);
  return { value: run.state.variables[0], flags: run.records.at(-1)?.flags };
}

const arithmetic: [expression: string, value: bigint, flags?: number][] = [
  ["2; 3; ADD", 5n],
  ["2; 3; SUB", -1n],
  ["2; 3; MIN", 2n],
  ["2; 3; MAX", 3n],
  ["-2; POS", 0n],
  ["1001; 500000000000000000; PCT", 500n],
  ["1001; 500000000000000000; PCTUP", 501n],
  ["7; 3; 2; MULDIV", 10n],
  ["7; 3; 2; MULDIVUP", 11n],
  ["-7; 3; 2; MULDIV", 0n, FLAG.NEGATIVE],
  ["7; 3; 0; MULDIV", 0n, FLAG.DIVZERO],
  ["3; 3; EQ", 1n],
  ["3; 3; NE", 0n],
  ["2; 3; LT", 1n],
  ["3; 3; LE", 1n],
  ["2; 3; GT", 0n],
  ["3; 3; GE", 1n],
  ["2; 0; AND", 0n],
  ["2; 0; OR", 1n],
  ["0; NOT", 1n],
  // iff(1, 7, 8): JZ passes over two tokens, JMP over one
  ["1; JZ 2; 7; JMP 1; 8", 7n],
  ["0; JZ 2; 7; JMP 1; 8", 8n],
  ["-4; 5; MUL", -20n],
  ["-4; -5; MUL", 20n],
  // floor(-7 * 3 / 2) = floor(-10.5)
  ["-7; 3; 2; SMULDIV", -11n],
  ["7; 3; 2; SMULDIV", 10n],
  ["-8; 3; 2; SMULDIV", -12n],
  ["7; 3; 0; SMULDIV", 0n, FLAG.DIVZERO],
  ["7; 3; -2; SMULDIV", 0n, FLAG.NEGATIVE],
  // a product above 2^127 - 1 is cut to it, and the difference to it is 0
  [`${2n ** 100n}; ${2n ** 100n}; MUL; ${M}; SUB`, 0n, FLAG.OVERFLOW],
  [`${-(2n ** 100n)}; ${2n ** 100n}; MUL; ${M}; ADD`, 0n, FLAG.OVERFLOW],
  [`${2n ** 127n}; 1; MUL; ${M}; SUB`, 0n, FLAG.OVERFLOW],
  [`${2n ** 100n}; ${2n ** 100n}; 2; SMULDIV; ${M}; SUB`, 0n, FLAG.OVERFLOW],
  // what a variable holds is cut to 64 bits
  [`${2n ** 64n}`, 2n ** 63n - 1n, FLAG.OVERFLOW],
  [`${-(2n ** 64n)}`, -(2n ** 63n), FLAG.OVERFLOW],
];

describe("operators", () => {
  for (const [expression, value, flags = 0] of arithmetic) {
    test(`[R7] ${expression.slice(0, 60)} is ${value}`, () => {
      assert.deepEqual(valueOf(expression), { value, flags });
    });
  }
});

const deal: DealParts = {
  classes: [
    { faceCents: 1000n, finalDay: 20000 },
    { faceCents: 50_000n, own: "dcp" },
  ],
  accounts: [{}, { deposit: 400n }],
  fees: [{ amount: 30n, cap: 0 }, { amount: 7n }],
  caps: [{ cents: 25n }],
  figures: 1,
  indices: 1,
  buys: true,
  notices: 3,
  ledgers: 1,
  variables: [0n, -5n],
  schedules: [[{ period: 3, value: 100n, increment: -5n }]],
  triggers: [{ at: "after" }, { numerator: "2", threshold: "1" }],
  programs: [
    [
      { operation: "LET", destination: 0, amount: "600" },
      { operation: "MOVE", source: 0, destination: 1, amount: "60" },
      { operation: "LOSS", list: [0], amount: "1100" },
      { operation: "BOOK", mode: "DR", destination: 0, amount: "77" },
      { operation: "FEE", list: [0, 1], mode: "SEQ", cap: "CAPLEFT 0" },
    ],
  ],
};
const given: Given = { funds: 90n, figures: [-12n], extras: [WAD / 20n, 44n], notices: 0b101 };

// Interest of class 1: 500.00 x 12 % x 30/360 = 5.00; of class 0: 10.00 x 12 % x 30/360 = 0.10.
// Lanes: accounts 0..1, fees 2..3, cap 4, ledger 5, variables 6..7, own 8..10, triggers 11..12.
const references: [expression: string, value: bigint][] = [
  ["FIGURE 3", 90n],
  ["FIGURE 4", -12n],
  ["FIGURE 5", WAD / 20n],
  ["FIGURE 6", 44n],
  ["LET 0", 600n],
  ["BAL 0", 0n],
  ["BAL0 0", 1000n],
  ["DUE 1", 500n],
  ["DUE0 0", 10n],
  ["FDUE 0", 5n],
  ["FDUE0 0", 30n],
  ["ACCT 0", 5n],
  ["ACCT0 0", 90n],
  ["ACCT 1", 460n],
  ["CAPLEFT 0", 0n],
  ["PAID 1", 60n],
  ["LOST 2", 100n],
  ["WRITTEN 0", 1000n],
  ["FINAL 0", 20000n],
  ["PAYDAY", 19737n],
  ["SUMBAL 3", 50_000n],
  ["SUMDUE 3", 510n],
  ["SUMFDUE 3", 12n],
  ["SUMWRITTEN 3", 1000n],
  ["PHASE", 0n],
  ["TRIG 0", 0n],
  ["TRIG 1", 1n],
  ["LANE 5", 77n],
  ["SLANE 7", -5n],
  ["LANE 4", 25n],
  ["DAYS 1", 31n],
  ["PERIOD", 1n],
  ["NOTICE 0; 10; MUL; NOTICE 1; ADD", 10n],
  ["NOTICE 2", 1n],
  ["SCHED 0", 100n],
  ["CURRENT 1", 500n],
  ["MONTH", 12n],
  ["RATE 1", 12n * 10n ** 16n],
];

describe("references", () => {
  for (const [expression, value] of references) {
    test(`${expression} is ${value}`, () => {
      assert.deepEqual(valueOf(expression, deal, given), { value, flags: 0 });
    });
  }

  test("LANE reads a negative variable as its two's complement", () => {
    assert.deepEqual(valueOf(`LANE 7; ${2n ** 64n}; SUB`, deal, given), { value: -5n, flags: 0 });
  });

  test("the account that pays a fee under a cap of 25 keeps 90 - 60 - 25", () => {
    assert.deepEqual(valueOf("ACCT 0; 90; 60; SUB; 25; SUB; SUB", deal, given).value, 0n);
  });
});

describe("schedules", () => {
  const rows = [
    { period: 1, value: 100n, increment: 60n },
    { period: 13, value: 160n, increment: -5n },
  ];
  const at = (period: number) => {
    const run = runFirst({ variables: [0n] });
    const parts: DealParts = { schedules: [rows] };
    const state = { ...run.state, lastPeriod: period - 1 };
    return valueOf("SCHED 0", parts, { state }).value;
  };

  test("a row grows by its increment over twelve periods", () => {
    assert.equal(at(1), 100n);
    assert.equal(at(7), 130n); // 100 + floor(60 x 6 / 12)
    assert.equal(at(12), 155n);
    assert.equal(at(13), 160n);
    assert.equal(at(14), 159n); // 160 + floor(-5 x 1 / 12) = 160 - 1
    assert.equal(at(25), 155n);
  });
});
