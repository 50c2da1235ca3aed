import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CompiledDeal } from "../../../server/deals/compile-deal.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { findBreakEvens } from "../../../server/projection/break-even.ts";
import { planScenario } from "../../../server/projection/figure-sources.ts";
import type { ScenarioPlan } from "../../../server/projection/figure-sources.ts";
import { decrement, measureClasses } from "../../../server/projection/measure-classes.ts";
import { openProjection } from "../../../server/projection/open-projection.ts";
import { parsePool } from "../../../server/projection/parse-pool.ts";
import type { ProjectedDeal } from "../../../server/projection/project-deal.ts";
import { projectDeal } from "../../../server/projection/project-deal.ts";
import { readScenarios } from "../../../server/projection/read-scenarios.ts";
import { runScenarios } from "../../../server/projection/run-scenarios.ts";
import type { ScenarioResult } from "../../../server/projection/run-scenario.ts";
import { readGoldenText } from "../waterfall/golden-deals.ts";

const POOL = "balance,apr,remainingTerm,age\n600000000.00,7.5,48,12\n400000000.00,9,58,2\n";

function compile(text: string): CompiledDeal {
  const { deal, problems } = compileDeal(text);
  if (deal === null) throw new Error(JSON.stringify(problems));
  return deal;
}

function open(deal: CompiledDeal, text = POOL): ProjectedDeal {
  const { pool, problems } = parsePool(text);
  if (pool === null) throw new Error(JSON.stringify(problems));
  return openProjection(deal, pool);
}

function plansOf(deal: CompiledDeal, text: string): ScenarioPlan[] {
  const { file, problems } = readScenarios(`schema: penstock-scenarios/1\n${text}`);
  if (file === null) throw new Error(JSON.stringify(problems));
  return file.scenarios.map((scenario) => {
    const planning = planScenario(deal, scenario);
    if (planning.plan === null) throw new Error(JSON.stringify(planning.problems));
    return planning.plan;
  });
}

const planOf = (deal: CompiledDeal, text: string): ScenarioPlan => plansOf(deal, text)[0]!;

const programA = compile(readGoldenText("program-a/deal.yaml"));
const BASE =
  "assume: { cpr: 12 %, cdr: 1 %, severity: 50 %, recoveryLagMonths: 4 }\ngrid: { call: [none] }\n";

describe("a deal run forward", () => {
  const deal = open(programA);
  const plan = planOf(programA, BASE);
  const projection = projectDeal(deal, plan);
  const stride = programA.terms.calendar.length;
  const total = (values: BigInt64Array) => values.reduce((sum, cents) => sum + cents, 0n);

  test("every cent of the pool and the reserve is paid to a class or a payee", () => {
    const { collateral } = projection;
    let cash = 0n;
    for (let month = 0; month < projection.periods; month += 1) {
      const { scheduled, prepaid, interest, recovered } = collateral;
      cash += BigInt(scheduled[month]! + prepaid[month]! + interest[month]! + recovered[month]!);
    }
    // The deal's tape counts principal, interest and recoveries as available funds.
    const deposits = 500_000_000n;
    const paid =
      total(projection.classes.interestPaid) +
      total(projection.classes.principalPaid) +
      total(projection.payees);
    const held = projection.accounts.filter((_, i) => i % stride === projection.periods - 1);
    assert.equal(cash + deposits, paid + total(held));
  });

  test("a class's balance is its face less the principal paid and what was written down", () => {
    programA.terms.classes.forEach(({ faceCents }, i) => {
      let balance = faceCents;
      for (let column = 0; column < projection.periods; column += 1) {
        const at = i * stride + column;
        balance -= projection.classes.principalPaid[at]!;
        assert.equal(projection.classes.balance[at], balance);
      }
    });
  });

  test("measures: principal, window, life and loss come from the flows", () => {
    const measures = measureClasses(deal, projection);
    assert.deepEqual(
      measures.map(({ name, principalPaid, principalLoss }) => [
        name,
        principalPaid,
        principalLoss,
      ]),
      programA.terms.classes.map(({ name, faceCents }) => [name, faceCents, 0n]),
    );
    // In the first period the pool still exceeds notes and target overcollateralisation.
    assert.equal(measures[0]?.firstPrincipal, 2);
    // Sequential: a class begins to be repaid in the period in which the one before it ends, or next.
    for (let i = 1; i < measures.length; i += 1) {
      const gap = measures[i]!.firstPrincipal! - measures[i - 1]!.lastPrincipal!;
      assert.ok(gap === 0 || gap === 1, `${measures[i]!.name}: ${gap}`);
      assert.ok(measures[i]!.walYears! > measures[i - 1]!.walYears!);
    }
  });

  test("a decrement is hundredths of a per cent of the face, half up", () => {
    assert.equal(decrement(50_300_000_000n, 45_649_644_028n), 9075);
    assert.equal(decrement(20_000n, 1n), 1);
    assert.equal(decrement(20_001n, 1n), 0);
    assert.equal(decrement(20_000n, 20_000n), 10_000);
  });

  test("a loss larger than the enhancement is measured, from the last class up", () => {
    const stress = planOf(programA, "assume: { cdr: 40 %, severity: 80 % }\ngrid: { smm: [0] }\n");
    const measures = measureClasses(deal, projectDeal(deal, stress));
    const losses = measures.map(({ principalLoss }) => principalLoss);
    assert.ok(losses[4]! > 0n);
    for (const each of measures) {
      assert.equal(each.principalPaid + each.principalLoss, each.faceCents, each.name);
    }
  });

  test("a pool that outlives the calendar is told", () => {
    const long = open(programA, "balance,apr,remainingTerm,age\n1000000000.00,8,180,0\n");
    const result = projectDeal(long, planOf(programA, "scenarios: [{ name: slow }]\n"));
    assert.equal(result.unfinished, true);
    assert.equal(result.periods, stride);
  });

  test("a figure outside the deal's bounds is named with its period", () => {
    const large = open(programA, "balance,apr,remainingTerm,age\n1000000000.01,8,50,0\n");
    const result = projectDeal(large, planOf(programA, "scenarios: [{ name: larger }]\n"));
    assert.deepEqual(result.outOfBounds, {
      figure: "poolOpening",
      period: 1,
      value: 100_000_000_001n,
    });
  });
});

describe("the break-even CDR", () => {
  test("a class bears its break-even and not a hundredth of a per cent more", () => {
    const deal = open(programA);
    const plan = planOf(programA, BASE);
    const found = findBreakEvens(deal, plan);
    const bears = (cdr: number, index: number) => {
      const defaults = { rate: "cdr" as const, values: [cdr / 10_000] };
      const stressed = { ...plan, assumptions: { ...plan.assumptions, defaults } };
      const { principalLoss, interestLoss } = measureClasses(deal, projectDeal(deal, stressed))[
        index
      ]!;
      return principalLoss === 0n && interestLoss === 0n;
    };
    found.forEach((cdr, i) => {
      assert.ok(cdr !== null && cdr > 0, `${i}`);
      assert.equal(bears(cdr, i), true);
      if (cdr < 10_000) assert.equal(bears(cdr + 1, i), false);
    });
    // Senior classes bear more than those below them.
    assert.ok(found[0]! >= found[3]! && found[3]! > found[4]!);
  });

  test("a class that loses without a default has none; one that cannot lose bears 100 %", () => {
    const text = readGoldenText("program-a/deal.yaml").replace(
      "cutOffBalance: 1000000000.00",
      "cutOffBalance: 900000000.00",
    );
    const small = compile(text);
    const deal = open(small, "balance,apr,remainingTerm,age\n900000000.00,0.5,40,0\n");
    const found = findBreakEvens(deal, planOf(small, "scenarios: [{ name: thin }]\n"));
    assert.equal(found[4], null);
    const free = planOf(small, "assume: { severity: 0 % }\ngrid: { cpr: [0] }\n");
    assert.equal(
      findBreakEvens(open(small, POOL.replace("400000000.00", "999999999.00")), free)[0],
      10_000,
    );
  });
});

describe("figures of a projection", () => {
  const withFigures = (lines: string) =>
    compile(
      readGoldenText("program-a/deal.yaml").replace(
        "  availableFunds: { min: 0.00, max: 1000000000.00 }\n",
        `  availableFunds: { min: 0.00, max: 1000000000.00 }\n${lines}`,
      ),
    );
  const problemsOf = (deal: CompiledDeal, text: string): string[] => {
    const { file } = readScenarios(`schema: penstock-scenarios/1\n${text}`);
    return planScenario(deal, file!.scenarios[0]!).problems;
  };

  test("a figure that nothing projects is named with what to write", () => {
    const deal = withFigures("  otherAdjustments: { min: 0.00, max: 10.00 }\n");
    assert.deepEqual(problemsOf(deal, "scenarios: [{ name: a }]\n"), []);
    assert.deepEqual(
      problemsOf(deal, "scenarios: [{ name: a, figures: { poolClosing: 1.00, ysocc: 2.00 } }]\n"),
      [
        "figures.ysocc: the deal reads no such thing; known: poolOpening, poolClosing, loanCount, availableFunds, otherAdjustments",
        "figures.poolClosing: it follows from the pool and cannot be stated",
      ],
    );
    assert.deepEqual(
      problemsOf(
        deal,
        "scenarios: [{ name: a, index: { SOFR: 4.3 }, notices: { acceleration: 3 } }]\n",
      ),
      [
        "index.SOFR: the deal reads no such thing; the deal has none",
        "notices.acceleration: the deal has no such notice",
      ],
    );
    assert.match(
      problemsOf(deal, "scenarios: [{ name: a, figures: { otherAdjustments: 1.234 } }]\n")[0] ?? "",
      /figures\.otherAdjustments: "1\.234" has more than 2 decimal places; write an amount/,
    );
  });
});

describe("a deal with everything in it", () => {
  const deal = compile(readGoldenText("every-feature/deal.yaml"));
  const pool = "balance,apr,remainingTerm,age\n300000000.00,8.5,40,12\n200000000.00,10,55,2\n";
  const given = `
    reviewCosts: 0.00
    indemnities: 0.00
    newReceivables: { steps: { 1: 10000000.00, 24: 0.00 } }
    reviews: 0
    servicerDefault: 0
    netWac: averageRate
`;
  const scenario = (figures: string, rest = "") =>
    `assume:\n  cpr: 10 %\n  cdr: 1 %\n  severity: 50 %\n  recoveryLagMonths: 3\n  figures:${given}${figures}\n  index: { LIBOR1M: [4.3, 4.2, 4.1], SOFR30: 4.1 }\n${rest}grid: { smm: [0.8 %] }\n`;
  const plan = planOf(deal, scenario("    cumNetLoss: cumulativeNetLosses"));
  const projected = open(deal, pool);
  const projection = projectDeal(projected, plan);
  const stride = deal.terms.calendar.length;

  test("a figure may name what the pool gives; every figure without a value is told with the names", () => {
    const bare = readScenarios("schema: penstock-scenarios/1\nscenarios: [{ name: a }]\n").file!;
    const { plan: none, problems } = planScenario(deal, bare.scenarios[0]!);
    assert.equal(none, null);
    assert.equal(problems.length, 3);
    assert.match(
      problems[1]!,
      /^nothing projects the deal's figures .*`cumNetLoss`.*; write `figures: \{ .*cumNetLoss: ….*\}` .* or one of poolOpening, /,
    );
    assert.match(problems[0]!, /^index\.LIBOR1M is missing; write it in percent/);
    const wrong = scenario("    cumNetLoss: averageRate");
    const { file } = readScenarios(`schema: penstock-scenarios/1\n${wrong}`);
    assert.deepEqual(planScenario(deal, file!.scenarios[0]!).problems, [
      "figures.cumNetLoss: `averageRate` is a figure of unit rate, not money",
    ]);
  });

  test("what is paid for collateral joins the pool in the next month, and rolls forward to the cent", () => {
    const { collateral, purchased, payees, periods } = projection;
    const seller = deal.terms.payees.indexOf("seller");
    let opening = collateral.openingCents;
    for (let month = 0; month < periods; month += 1) {
      const out =
        collateral.scheduled[month]! + collateral.prepaid[month]! + collateral.chargedOff[month]!;
      assert.equal(opening + purchased[month]!, out + collateral.closing[month]!);
      assert.equal(BigInt(purchased[month + 1]!), payees[seller * stride + month]!);
      opening = collateral.closing[month]!;
    }
    assert.equal(purchased[1], 1_000_000_000);
  });

  test("at a price below par the cash buys more", () => {
    const cheap = projectDeal(projected, { ...plan, purchasePrice: 0.8 });
    assert.equal(cheap.purchased[1], 1_250_000_000);
  });

  test("a notice works from its period on", () => {
    const notices = deal.terms.notices.map(({ name }) => (name === "acceleration" ? 12 : null));
    const accelerated = projectDeal(projected, { ...plan, notices });
    const seller = deal.terms.payees.indexOf("seller") * stride;
    assert.ok(accelerated.payees[seller + 10]! > 0n);
    assert.equal(accelerated.payees[seller + 11], 0n);
    assert.deepEqual(
      accelerated.payees.slice(seller, seller + 11),
      projection.payees.slice(seller, seller + 11),
    );
  });
});

describe("scenarios on several threads", () => {
  test("give what one thread gives, in the order of the file", async () => {
    const deal = open(programA);
    const plans = plansOf(
      programA,
      "assume: { severity: 50 % }\ngrid: { cpr: [0, 10, 20, 30], cdr: [0, 1, 2, 3, 4] }\n",
    );
    const options = { breakEven: false, cashFlows: true };
    const run = async (threads: number) => {
      const results: ScenarioResult[] = [];
      await runScenarios({ deal, plans, options, threads, onResult: (each) => results.push(each) });
      return results;
    };
    const [alone, together] = [await run(1), await run(3)];
    assert.deepEqual(
      together.map(({ name }) => name),
      plans.map(({ name }) => name),
    );
    assert.deepEqual(together, alone);
  });
});
