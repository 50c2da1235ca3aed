import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amortiseLoan, levelPayment } from "../../../server/projection/amortise-loan.ts";
import type { AmortisingLoan } from "../../../server/projection/amortise-loan.ts";

function scheduleOf(loan: AmortisingLoan) {
  const closing = new Float64Array(loan.remaining);
  const interest = new Float64Array(loan.remaining);
  amortiseLoan(loan, { closing, interest });
  return { closing, interest };
}

const LOAN = {
  balance: 20_000,
  monthlyRate: 0.06 / 12,
  remaining: 60,
  amortisation: 60,
  interestOnly: 0,
};
/** The closed formula: ((1+r)^n - (1+r)^k) / ((1+r)^n - 1) of the balance is left after k of n months. */
function scheduledFactor(rate: number, months: number, elapsed: number): number {
  if (rate === 0) return 1 - elapsed / months;
  const whole = (1 + rate) ** months;
  return (whole - (1 + rate) ** elapsed) / (whole - 1);
}

const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

describe("scheduled amortisation", () => {
  test("20,000 at 6 % over 60 months costs 386.66 a month", () => {
    assert.equal(levelPayment(20_000, 0.005, 60).toFixed(2), "386.66");
    assert.equal(levelPayment(1_200, 0, 12), 100);
  });

  test("the schedule and the closed formula agree in every month, at 0 % too", () => {
    for (const monthlyRate of [0.005, 0, 0.0001, 0.02]) {
      const { closing } = scheduleOf({ ...LOAN, monthlyRate });
      closing.forEach((balance, month) => {
        near(balance, 20_000 * scheduledFactor(monthlyRate, 60, month + 1));
      });
      assert.equal(closing[59], 0);
    }
  });

  test("a balloon pays the level payment of its longer term and the rest at the end", () => {
    const { closing } = scheduleOf({ ...LOAN, amortisation: 360 });
    near(closing[58] ?? 0, 20_000 * scheduledFactor(0.005, 360, 59));
    assert.equal(closing[59], 0);
  });

  test("interest-only months leave the balance; the level payment runs over the others", () => {
    const { closing, interest } = scheduleOf({ ...LOAN, interestOnly: 12 });
    assert.equal(closing[11], 20_000);
    assert.equal(interest[11], 100);
    near(closing[12] ?? 0, 20_000 * scheduledFactor(0.005, 48, 1));
    assert.equal(closing[59], 0);
  });

  test("interest alone to the end is a bullet", () => {
    const { closing } = scheduleOf({ ...LOAN, interestOnly: 60 });
    assert.equal(closing[58], 20_000);
    assert.equal(closing[59], 0);
  });
});
