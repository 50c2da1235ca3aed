import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Assumptions } from "../../../server/projection/assumptions.ts";
import { foldCohorts } from "../../../server/projection/fold-cohorts.ts";
import { projectCollateral } from "../../../server/projection/project-collateral.ts";
import type { CollateralMonths } from "../../../server/projection/project-collateral.ts";
import { poolOf, projectOneByOne, randomAssumptions, randomLoans } from "./random-pools.ts";

const NOTHING: Assumptions = {
  prepayment: { speed: "smm", values: [0] },
  defaults: { rate: "mdr", values: [0] },
  severity: [1],
  liquidationLagMonths: 0,
  recoveryLagMonths: 0,
  delinquency: [0],
  delinquencyLagMonths: 0,
  servicerAdvances: false,
};

/** 120,000.00 at 12 % a year over 12 months. */
const LOAN = {
  cents: 12_000_000,
  monthlyRate: 0.01,
  remaining: 12,
  age: 0,
  amortisation: 12,
  interestOnly: 0,
};

const run = (assumptions: Partial<Assumptions>, loans = [LOAN]) =>
  projectCollateral(foldCohorts(poolOf(loans), loans.length), { ...NOTHING, ...assumptions });
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
const near = (a: number | undefined, b: number, scale = 1e7) =>
  assert.ok(Math.abs((a ?? Number.NaN) - b) <= 1e-9 * scale, `${a} is not ${b}`);

function assertConserved(months: CollateralMonths): void {
  let opening = months.openingCents;
  for (let month = 0; month < months.months; month += 1) {
    const out = months.scheduled[month]! + months.prepaid[month]! + months.chargedOff[month]!;
    near(out + months.closing[month]!, opening, months.openingCents + 1);
    opening = months.closing[month]!;
  }
  near(opening, 0, months.openingCents + 1);
}

describe("the pool month by month", () => {
  test("without any assumption it pays its schedule and ends at zero", () => {
    const months = run({});
    const payment = (12_000_000 * 0.01) / (1 - 1.01 ** -12);
    near(months.interest[0], 120_000);
    near(months.scheduled[0], payment - 120_000);
    near(sum(months.scheduled), 12_000_000);
    assert.equal(months.closing[11], 0);
  });

  test("a month of SMM 10 %: prepaid out of what is left after scheduled principal", () => {
    const months = run({ prepayment: { speed: "smm", values: [0.1, 0] } });
    const left = 12_000_000 - months.scheduled[0]!;
    near(months.prepaid[0], 0.1 * left);
    near(months.closing[0], 0.9 * left);
    assert.equal(months.prepaid[1], 0);
  });

  test("a month of MDR 10 %: defaulted out of the opening balance, which then pays nothing", () => {
    const months = run({ defaults: { rate: "mdr", values: [0.1, 0] }, severity: [0.4] });
    near(months.chargedOff[0], 1_200_000);
    near(months.recovered[0], 720_000);
    near(months.interest[0], 0.9 * 120_000);
    near(months.scheduled[0], 0.9 * run({}).scheduled[0]!);
  });

  test("what is recovered comes after the recovery lag, at the severity of the charge-off", () => {
    const defaults = { rate: "mdr" as const, values: [0.1, 0] };
    const months = run({ defaults, severity: [0.25, 0.9], recoveryLagMonths: 3 });
    near(months.chargedOff[0], 1_200_000);
    assert.equal(months.recovered[0], 0);
    near(months.recovered[3], 900_000);
    near(sum(months.recovered), 900_000);
  });

  test("until its charge-off a defaulted loan is in the pool, past due, and pays nothing", () => {
    const defaults = { rate: "mdr" as const, values: [0.1, 0] };
    const months = run({ defaults, severity: [0.5], liquidationLagMonths: 2 });
    near(months.delinquent[0], 1_200_000);
    near(months.delinquent[1], 1_200_000);
    assert.equal(months.delinquent[2], 0);
    near(months.chargedOff[2], 1_200_000);
    near(months.recovered[2], 600_000);
    near(months.closing[0], 12_000_000 - months.scheduled[0]!);
    assertConserved(months);
  });

  test("advances: a waiting loan pays its schedule, which comes back out of the liquidation", () => {
    const defaults = { rate: "mdr" as const, values: [0.1, 0] };
    const stress = { defaults, severity: [0.5], liquidationLagMonths: 2 };
    const months = run({ ...stress, servicerAdvances: true });
    const whole = run({});
    near(months.scheduled[0], whole.scheduled[0]!);
    near(months.interest[1], whole.interest[1]!);
    near(months.closing[1], whole.closing[1]!);
    near(months.chargedOff[2], 0.1 * whole.closing[1]!);
    near(months.recovered[2], 0.1 * whole.closing[1]! - 600_000);
    assertConserved(months);
  });

  test("late payments come after their lag, and their principal stays in the pool until then", () => {
    const whole = run({});
    const months = run({ delinquency: [0.2, 0], delinquencyLagMonths: 3 });
    near(months.scheduled[0], 0.8 * whole.scheduled[0]!);
    near(months.interest[0], 0.8 * whole.interest[0]!);
    near(months.scheduled[3], whole.scheduled[3]! + 0.2 * whole.scheduled[0]!);
    near(months.closing[0], whole.closing[0]! + 0.2 * whole.scheduled[0]!);
    near(sum(months.scheduled), 12_000_000);
    const advanced = run({
      delinquency: [0.2, 0],
      delinquencyLagMonths: 3,
      servicerAdvances: true,
    });
    near(advanced.scheduled[0], whole.scheduled[0]!);
    near(advanced.delinquent[0], 0.2 * whole.closing[0]!);
  });

  test("folding by age changes nothing: the totals are those of the loans one by one", () => {
    fc.assert(
      fc.property(randomLoans, randomAssumptions, (loans, assumptions) => {
        const plain = { ...assumptions, liquidationLagMonths: 0, delinquencyLagMonths: 0 };
        const months = run(plain, loans);
        const sums = projectOneByOne(loans, plain);
        const scale = months.openingCents + 1;
        for (let month = 0; month < sums.performing.length; month += 1) {
          near(months.closing[month], sums.performing[month]!, scale);
          near(months.scheduled[month], sums.scheduled[month]!, scale);
          near(months.prepaid[month], sums.prepaid[month]!, scale);
          near(months.chargedOff[month], sums.defaulted[month]!, scale);
          near(months.interest[month], sums.interest[month]!, scale);
        }
      }),
    );
  });

  test("opening = scheduled + prepaid + charged off + closing in every month, and the end is zero", () => {
    fc.assert(
      fc.property(randomLoans, randomAssumptions, (loans, assumptions) => {
        const months = run(assumptions, loans);
        assertConserved(months);
        const scale = months.openingCents + 1;
        assert.ok(sum(months.recovered) <= sum(months.chargedOff) + 1e-9 * scale);
        for (const flow of [months.scheduled, months.prepaid, months.closing, months.recovered]) {
          assert.ok(flow.every((value) => value >= -1e-9 * scale));
        }
      }),
    );
  });
});
