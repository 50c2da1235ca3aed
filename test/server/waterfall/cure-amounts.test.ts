/** Cure amounts of coverage tests, with the check values of the formula sheet (2.6). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FLAG } from "../../../server/deals/terms-format.ts";
import { runFirst } from "./run-hand-made.ts";

const MILLION = 100_000_000n; // cents

function amountOf(expression: string, classes?: { faceCents: bigint; couponWad: bigint }[]) {
  const run = runFirst({
    ...(classes === undefined ? {} : { classes }),
    programs: [[{ operation: "LET", amount: expression }]],
  });
  return { cents: run.records[0]?.demand, flags: run.flags };
}

describe("overcollateralisation, N 110,000,000, D 100,000,000, t 1.20", () => {
  const n = 110n * MILLION;
  const d = 100n * MILLION;

  test("interest proceeds pay notes: D - floor(N x 100 / 120) = 8,333,333.34", () => {
    const cure = amountOf(`${d}; ${n}; 100; 120; MULDIV; SUB; POS`);
    assert.deepEqual(cure, { cents: 833_333_334n, flags: 0 });
    // after it 110,000,000.00 / 91,666,666.66 >= 1.20, one cent less fails
    assert.ok(n * 100n >= (d - 833_333_334n) * 120n);
    assert.ok(n * 100n < (d - 833_333_333n) * 120n);
  });

  test("principal proceeds pay notes: ceil((120 D - 100 N) / 20) = 50,000,000.00", () => {
    const cure = amountOf(`120; ${d}; MUL; 100; ${n}; MUL; SUB; POS; 1; 20; MULDIVUP`);
    assert.deepEqual(cure, { cents: 50n * MILLION, flags: 0 });
    assert.equal((n - 50n * MILLION) * 100n, (d - 50n * MILLION) * 120n);
  });

  test("interest proceeds buy collateral: ceil(D x 120 / 100) - N = 10,000,000.00", () => {
    const cure = amountOf(`${d}; 120; 100; MULDIVUP; ${n}; SUB; POS`);
    assert.deepEqual(cure, { cents: 10n * MILLION, flags: 0 });
  });
});

describe("interest coverage", () => {
  /** A class of a balance whose interest over 30/360 is the amount given: rate = 12 i / b. */
  const classOf = (balance: bigint, interest: bigint) => ({
    faceCents: balance,
    couponWad: (interest * 12n * 10n ** 18n + balance - 1n) / balance,
  });
  const b = classOf(48n * MILLION, 84_000_000n);

  test("A alone: need 1.20 x 4,360,000 - 4,000,000 = 1,232,000; 74,666,666.67 of A", () => {
    const classes = [classOf(256n * MILLION, 352_000_000n), b];
    const cure = amountOf(`${4n * MILLION}; 120; 100; CUREIC 3`, classes);
    assert.deepEqual(cure, { cents: 7_466_666_667n, flags: 0 });
  });

  test("A and part of B: 38,952,380.96, with the need unrounded", () => {
    const classes = [classOf(10n * MILLION, 13_750_000n), b];
    const cure = amountOf("40000000; 120; 100; CUREIC 3", classes);
    assert.deepEqual(cure, { cents: 3_895_238_096n, flags: 0 });
  });

  test("a class without interest is passed over; one outside the mask is not seen", () => {
    const classes = [classOf(5n * MILLION, 0n), classOf(10n * MILLION, 13_750_000n), b];
    assert.equal(amountOf("40000000; 120; 100; CUREIC 7", classes).cents, 3_895_238_096n);
    assert.equal(amountOf("40000000; 120; 100; CUREIC 6", classes).cents, 3_895_238_096n);
  });

  test("a test that holds needs no cure, one without any income takes every balance", () => {
    const classes = [classOf(10n * MILLION, 13_750_000n), b];
    assert.equal(amountOf(`${4n * MILLION}; 120; 100; CUREIC 3`, classes).cents, 0n);
    assert.equal(amountOf("0; 120; 100; CUREIC 3", classes).cents, 58n * MILLION);
  });

  test("[R7] a negative operand gives 0, one above 2^63 is cut", () => {
    const classes = [b];
    assert.deepEqual(amountOf("-1; 120; 100; CUREIC 1", classes), {
      cents: 0n,
      flags: FLAG.NEGATIVE,
    });
    assert.deepEqual(amountOf(`${2n ** 70n}; 120; 100; CUREIC 1`, classes), {
      cents: 0n,
      flags: FLAG.OVERFLOW,
    });
  });
});
