import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseDate } from "../../../server/lib/dates.ts";
import { planScenario } from "../../../server/projection/figure-sources.ts";
import { foldCohorts } from "../../../server/projection/fold-cohorts.ts";
import { foldMonths } from "../../../server/projection/fold-months.ts";
import { addPurchase, closePeriod, openPool } from "../../../server/projection/forward-pool.ts";
import { measureClasses } from "../../../server/projection/measure-classes.ts";
import { openProjection } from "../../../server/projection/open-projection.ts";
import { parsePool } from "../../../server/projection/parse-pool.ts";
import { projectCollateral } from "../../../server/projection/project-collateral.ts";
import { projectDeal } from "../../../server/projection/project-deal.ts";
import { readScenarios } from "../../../server/projection/read-scenarios.ts";
import { compileGolden } from "../waterfall/golden-deals.ts";
import { poolOf, randomAssumptions, randomLoans } from "./random-pools.ts";

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
const isNear = (got: number, expected: number) =>
  assert.ok(Math.abs(got - expected) < 1e-3 + 1e-9 * Math.abs(expected), `${got} ${expected}`);

describe("months of a pool folded into periods", () => {
  test("flows add up, balances are those of the last month, whatever the frequency", () => {
    fc.assert(
      fc.property(
        randomLoans,
        randomAssumptions,
        fc.constantFrom(2, 3, 6, 12),
        (loans, assumptions, count) => {
          const monthly = projectCollateral(foldCohorts(poolOf(loans), loans.length), assumptions);
          const folded = foldMonths(monthly, count);
          assert.equal(folded.months, Math.ceil(monthly.months / count));
          for (const flow of [
            "scheduled",
            "prepaid",
            "chargedOff",
            "interest",
            "recovered",
          ] as const)
            isNear(sum(folded[flow]), sum(monthly[flow]));
          let opening = folded.openingCents;
          folded.closing.forEach((closing, period) => {
            assert.equal(closing, monthly.closing[(period + 1) * count - 1] ?? 0);
            const { scheduled, prepaid, chargedOff } = folded;
            isNear(opening - closing, scheduled[period]! + prepaid[period]! + chargedOff[period]!);
            opening = closing;
          });
        },
      ),
    );
  });

  test("what a deal buys pays from the first month of the next period on", () => {
    fc.assert(
      fc.property(randomLoans, randomAssumptions, (loans, assumptions) => {
        const cohorts = foldCohorts(poolOf(loans), loans.length);
        const pool = openPool(cohorts, assumptions, { months: 3, longest: 40 });
        const before = sum(pool.exact.interest);
        closePeriod(pool, 0, null);
        addPurchase(pool, cohorts.openingCents, 1);
        const added = sum(projectCollateral(cohorts, assumptions, 3).interest);
        isNear(sum(pool.exact.interest), before + (cohorts.openingCents === 0 ? 0 : added));
      }),
    );
  });
});

describe("a quarterly deal run forward", () => {
  const deal = compileGolden("quarterly-rmbs");
  // 100,000,000.00 at 6 %, all of it repaid in the 24th month.
  const { pool } = parsePool(
    "balance,apr,remainingTerm,age,interestOnly\n100000000.00,6,24,12,23\n",
  );
  const { file } = readScenarios("schema: penstock-scenarios/1\nscenarios: [{ name: plain }]\n");
  assert.ok(pool !== null && file !== null);
  const { plan } = planScenario(deal, file.scenarios[0]!);
  assert.ok(plan !== null);
  const projected = openProjection(deal, pool);
  const projection = projectDeal(projected, plan);

  test("a quarter collects three months of interest and pays the notes out of it", () => {
    assert.equal(projection.periods, 8);
    assert.equal(projection.collateral.interest[0], 1_500_000_00);
    const { interestPaid, principalPaid } = projection.classes;
    assert.equal(interestPaid[0], 1_125_000_00n); // A, a quarter of 5 %
    assert.equal(interestPaid[8], 174_520_55n); // B, 7 % over 91 days of 365
    assert.equal(principalPaid[7], 90_000_000_00n);
    assert.equal(principalPaid[15], 10_000_000_00n);
    const residual = deal.terms.payees.indexOf("residual");
    assert.equal(projection.payees[8 * residual], 100_479_45n);
    assert.equal(projection.unfinished, false);
    assert.equal(projection.outOfBounds, null);
  });

  test("lives are measured to the quarterly payment dates", () => {
    assert.equal(projected.scheduledDays.at(-1), parseDate("2025-12-21"));
    for (const measures of measureClasses(projected, projection)) {
      assert.equal(measures.firstPrincipal, 8);
      assert.equal(measures.walYears, 2.002777); // 721 days of 360 from 20 December 2023
    }
  });
});
