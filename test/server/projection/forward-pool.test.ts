import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { foldCohorts } from "../../../server/projection/fold-cohorts.ts";
import {
  addPurchase,
  closePeriod,
  isPoolOver,
  openPool,
} from "../../../server/projection/forward-pool.ts";
import type { ForwardPool } from "../../../server/projection/forward-pool.ts";
import { poolOf, randomAssumptions, randomLoans } from "./random-pools.ts";

const MONTHS = 80;

/** Closes months until the pool is over; every one holds to the cent. @returns the last month */
function closeAll(pool: ForwardPool, call: number | null, buy = 0): number {
  let opening = pool.cents.openingCents;
  let month = 0;
  for (; !isPoolOver(pool, month) && month < MONTHS; month += 1) {
    closePeriod(pool, month, call);
    const { scheduled, prepaid, chargedOff, closing, interest, recovered } = pool.cents;
    const out = scheduled[month]! + prepaid[month]! + chargedOff[month]!;
    assert.equal(opening + pool.purchased[month]!, out + closing[month]!);
    const values = [scheduled, prepaid, chargedOff, closing, interest, recovered];
    for (const value of values) {
      assert.ok(Number.isInteger(value[month]) && value[month]! >= 0, `${value[month]}`);
    }
    opening = closing[month]!;
    if (buy > 0 && month < 5) addPurchase(pool, buy, month + 1);
  }
  return month;
}

describe("the pool in whole cents", () => {
  test("principal leaves it to the cent in every month, and nothing stays", () => {
    fc.assert(
      fc.property(randomLoans, randomAssumptions, (loans, assumptions) => {
        const pool = openPool(foldCohorts(poolOf(loans), loans.length), assumptions, {
          months: 1,
          longest: null,
        });
        const end = closeAll(pool, null);
        assert.equal(pool.cents.closing[end - 1], 0);
      }),
    );
  });

  test("a called pool is sold at par into that month's prepayments, and nothing follows", () => {
    fc.assert(
      fc.property(randomLoans, randomAssumptions, (loans, assumptions) => {
        const cohorts = foldCohorts(poolOf(loans), loans.length);
        const plain = openPool(cohorts, assumptions, { months: 1, longest: null });
        closeAll(plain, null);
        const called = openPool(cohorts, assumptions, { months: 1, longest: null });
        closeAll(called, 0.1);
        const limit = 0.1 * cohorts.openingCents;
        const first = plain.cents.closing.findIndex((balance) => balance <= limit);
        assert.equal(called.calledColumn, first);
        assert.equal(called.cents.closing[first], 0);
        assert.equal(
          called.cents.prepaid[first],
          plain.cents.prepaid[first]! + plain.cents.closing[first]!,
        );
        assert.equal(called.cents.scheduled[first + 1] ?? 0, 0);
      }),
    );
  });

  test("what the deal buys joins the pool, pays like the cut-off pool and ends at zero", () => {
    fc.assert(
      fc.property(randomLoans, randomAssumptions, (loans, assumptions) => {
        const cohorts = foldCohorts(poolOf(loans), loans.length);
        const pool = openPool(cohorts, assumptions, { months: 1, longest: MONTHS });
        const end = closeAll(pool, null, 1_000_000);
        if (cohorts.openingCents === 0) return;
        const bought = pool.purchased.reduce((sum, cents) => sum + cents, 0);
        assert.equal(bought, 5_000_000);
        assert.equal(pool.cents.closing[end - 1], 0);
      }),
    );
  });

  test("bought one month in, a pool of the cut-off's size pays what the cut-off pool paid", () => {
    const loan = {
      cents: 1_000_000,
      monthlyRate: 0.01,
      remaining: 10,
      age: 0,
      amortisation: 10,
      interestOnly: 0,
    };
    const cohorts = foldCohorts(poolOf([loan]), 1);
    const assumptions = {
      prepayment: { speed: "cpr" as const, values: [0.1] },
      defaults: { rate: "cdr" as const, values: [0] },
      severity: [1],
      liquidationLagMonths: 0,
      recoveryLagMonths: 0,
      delinquency: [0],
      delinquencyLagMonths: 0,
      servicerAdvances: false,
    };
    const pool = openPool(cohorts, assumptions, { months: 1, longest: 30 });
    closePeriod(pool, 0, null);
    addPurchase(pool, 1_000_000, 1);
    for (let month = 1; month < 11; month += 1) closePeriod(pool, month, null);
    const alone = openPool(cohorts, assumptions, { months: 1, longest: null });
    for (let month = 0; month < 10; month += 1) closePeriod(alone, month, null);
    for (let month = 1; month < 11; month += 1) {
      const expected = (alone.cents.interest[month] ?? 0) + alone.cents.interest[month - 1]!;
      assert.ok(Math.abs(pool.cents.interest[month]! - expected) <= 1);
    }
    assert.equal(pool.cents.closing[10], 0);
    assert.ok(isPoolOver(pool, 11));
  });
});
