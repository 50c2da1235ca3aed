import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { cdrFromMdr, cdrFromSda, mdrFromCdr } from "../../../server/projection/default-rates.ts";
import {
  absFromSmm,
  cprFromPsa,
  cprFromSmm,
  smmFromAbs,
  smmFromCpr,
} from "../../../server/projection/prepayment-speeds.ts";

/** As the Standard Formulas print it: per cent with six decimals. */
const percent = (rate: number) => (100 * rate).toFixed(6);

describe("speeds, against the check values of the Standard Formulas", () => {
  test("SMM 1 % is 11.361513 % CPR, CPR 6 % is 0.514301 % SMM", () => {
    assert.equal(percent(cprFromSmm(0.01)), "11.361513");
    assert.equal(percent(smmFromCpr(0.06)), "0.514301");
  });

  test("150 PSA is 3 % CPR in month 10 and 9 % from month 30 on", () => {
    assert.equal(percent(cprFromPsa(1.5, 10)), "3.000000");
    assert.equal(percent(cprFromPsa(1.5, 30)), "9.000000");
    assert.equal(percent(cprFromPsa(1.5, 200)), "9.000000");
  });

  test("ABS 1.5 % is 2.097902 % SMM in month 20", () => {
    assert.equal(percent(smmFromAbs(0.015, 20)), "2.097902");
    assert.equal(percent(absFromSmm(smmFromAbs(0.015, 20), 20)), "1.500000");
  });

  test("an absolute speed leaves 1 - ABS x age of the loans, and nothing when they are used up", () => {
    let survival = 1;
    for (let age = 1; age <= 80; age += 1) {
      survival *= 1 - smmFromAbs(0.013, age);
      assert.ok(Math.abs(survival - Math.max(0, 1 - 0.013 * age)) < 1e-12, `${age}`);
    }
    assert.equal(smmFromAbs(0.02, 51), 1);
    assert.equal(smmFromAbs(0.02, 60), 1);
  });

  test("100 SDA: 0.02 % in month 1, 0.60 % from 30 to 60, 0.3150 % in 90, 0.03 % from 120 on", () => {
    const curve: [age: number, cdr: string][] = [
      [1, "0.020000"],
      [15, "0.300000"],
      [30, "0.600000"],
      [60, "0.600000"],
      [61, "0.590500"],
      [90, "0.315000"],
      [120, "0.030000"],
      [121, "0.030000"],
      [360, "0.030000"],
    ];
    for (const [age, cdr] of curve) assert.equal(percent(cdrFromSda(1, age)), cdr, `${age}`);
    assert.equal(percent(cdrFromSda(2, 45)), "1.200000");
  });

  test("monthly and annual rates are inverse, and the yearly rate is twelve surviving months", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.99, noNaN: true }), (rate) => {
        assert.ok(Math.abs(cprFromSmm(smmFromCpr(rate)) - rate) < 1e-12);
        assert.ok(Math.abs(cdrFromMdr(mdrFromCdr(rate)) - rate) < 1e-12);
        assert.ok(Math.abs((1 - smmFromCpr(rate)) ** 12 - (1 - rate)) < 1e-12);
      }),
    );
    assert.equal(smmFromCpr(1), 1);
    assert.equal(cprFromSmm(1), 1);
  });
});
