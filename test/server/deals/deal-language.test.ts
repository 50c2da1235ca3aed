import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { describeExpression } from "../../../server/deals/describe-expression.ts";
import { encodeTerms } from "../../../server/deals/encode-terms.ts";
import { laneLayoutOf } from "../../../server/deals/lane-layout.ts";
import { readTerms } from "../../../server/deals/read-terms.ts";
import { OPERATIONS } from "../../../server/deals/terms-format.ts";
import { EVERY_FEATURE } from "./deal-slips.ts";

const golden = new URL("../../golden/", import.meta.url);

function termsOf(text: string): DealTerms {
  const { deal, problems } = compileDeal(text);
  assert.ok(deal !== null, JSON.stringify(problems, null, 1));
  return deal.terms;
}

const terms = termsOf(EVERY_FEATURE);

describe("the bytes hold the whole deal", () => {
  const deals = readdirSync(golden, { recursive: true, encoding: "utf8" });
  for (const path of deals.filter((name) => name.endsWith("deal.yaml"))) {
    test(`terms -> bytes -> terms -> bytes: ${path}`, () => {
      const { deal } = compileDeal(readFileSync(new URL(path, golden), "utf8"));
      assert.ok(deal !== null);
      assert.deepEqual(readTerms(deal.bytes), deal.terms);
      assert.deepEqual(encodeTerms(readTerms(deal.bytes)), deal.bytes);
    });
  }

  test("the deal of every feature compiles without a doubt and has all sixteen steps", () => {
    assert.deepEqual(compileDeal(EVERY_FEATURE).problems, []);
    const used = new Set(terms.steps.map(({ operation }) => operation));
    assert.deepEqual(
      OPERATIONS.filter((operation) => !used.has(operation)),
      [],
    );
  });
});

describe("what has state has lanes in the pinned order", () => {
  test("accounts, fees, caps, ledgers, settable constants, classes, triggers, series", () => {
    const layout = laneLayoutOf(terms);
    const { accounts, fees, caps, ledgers, variables, classes, triggers, series } = layout;
    assert.deepEqual([accounts, fees, caps, ledgers, variables], [0, 4, 11, 15, 17]);
    assert.deepEqual([classes, triggers, series, layout.count], [18, 21, 28, 76]);
    const own = terms.classes.map(({ lanes }) => [lanes.deferred, lanes.carryOver, lanes.pik]);
    assert.deepEqual(own.slice(3), [
      [null, 18, null],
      [19, null, 20],
    ]);
    assert.deepEqual(
      terms.triggers.map(({ lane }) => lane),
      [21, 22, 23, 24, 25, 26, 27],
    );
  });

  test("a series keeps as many periods as something looks back, those before the steps first", () => {
    assert.deepEqual(
      terms.series.map(({ name, depth, at, firstLane }) => `${name} ${depth} ${at} ${firstLane}`),
      [
        "ocAtStart 12 before 28",
        "delinquency 3 before 40",
        "poolAtEnd 6 after 43",
        "lossRate.numerator 3 after 49",
        "lossRate.denominator 3 after 52",
        "defaultPeak 3 after 55",
        "defaultPeak.mean 12 after 58",
        "monthlyPeak 6 after 70",
      ],
    );
  });
});

describe("triggers compile to series and a comparison", () => {
  const say = (name: string) => {
    const trigger = terms.triggers.find((one) => one.name === name);
    assert.ok(trigger);
    const { numerator, denominator, comparison, threshold } = trigger;
    const words = [numerator, denominator, threshold].map((tokens) =>
      tokens === null ? "1" : describeExpression(terms, tokens, -1),
    );
    return `${words[0]} / ${words[1]} ${comparison} ${words[2]}`;
  };
  const cases: [string, string][] = [
    ["cnl", "p.cumNetLoss / k.cutOffBalance > k.cnlLimit"],
    ["delinquency", "histSum(delinquency, 3) / histCount(delinquency, 3) * 100 % >= 4.5 %"],
    ["lossRate", "histSum(lossRate.numerator, 3) / histSum(lossRate.denominator, 3) > 6 %"],
    ["defaultPeak", "histMax(defaultPeak.mean, 12) / 1 > 8 %"],
    ["monthlyPeak", "histMax(monthlyPeak, 6) / 1 > 10 %"],
    ["overcollateralisation", "p.poolClosing / max(0.01, sumbal(A-1, A-2a, A-2b, M)) < 105 %"],
    ["servicer", "p.servicerDefault / 1 >= 1"],
  ];
  for (const [name, words] of cases) test(name, () => assert.equal(say(name), words));

  test("breach and cure rules", () => {
    const rules = terms.triggers.map(
      ({ breaches, tests, cure, cureNotice }) => `${breaches}/${tests} ${cure} ${cureNotice}`,
    );
    assert.deepEqual(rules.slice(0, 3), ["1/1 0 null", "2/3 3 null", "3/3 255 1"]);
  });

  test("effects lead to their phase before any other transition", () => {
    const words = terms.transitions.map(({ from, to, at, when }) => {
      const name = (phase: number | null) =>
        phase === null ? "any" : (terms.phases[phase]?.name ?? "");
      return `${at} ${name(from)} -> ${name(to)}: ${describeExpression(terms, when, -1)}`;
    });
    assert.deepEqual(words.slice(0, 4), [
      "after REVOLVING -> EARLY: trig.lossRate",
      "before REVOLVING -> EARLY: trig.servicer",
      "before AMORTISING -> EARLY: trig.servicer",
      "before any -> ACCELERATED: notice.acceleration and phase != 'ACCELERATED'",
    ]);
    const anywhere = EVERY_FEATURE.replace("EARLY, from: [REVOLVING] }", "EARLY }");
    const [effect] = termsOf(anywhere).transitions;
    assert.equal(effect?.from, null);
    assert.equal(describeExpression(terms, effect.when, -1), "trig.lossRate and phase != 'EARLY'");
  });
});

describe("coupons, fees and constants", () => {
  const coupon = (name: string) => {
    const found = terms.classes.find((one) => one.name === name)?.coupon ?? null;
    return found === null ? null : describeExpression(terms, found, -1);
  };

  test("a floating coupon is index and margin within its floor and cap", () => {
    assert.equal(coupon("A-1"), null);
    assert.equal(coupon("A-2b"), "min(max(index.SOFR30 + 0.6 %, 0 %), 9 %)");
    assert.equal(coupon("M"), "index.LIBOR1M + 1.8 %");
  });

  test("schedules begin where their dates fall", () => {
    const rows = (name: string) =>
      terms.schedules
        .find((one) => one.name === name)
        ?.rows.map(({ period, value }) => [period, value / 10n ** 14n]);
    // A constant from the first payment on or after its date, a coupon from the accrual after it.
    assert.deepEqual(rows("shift"), [
      [1, 10_000n],
      [25, 7_000n],
      [37, 3_000n],
    ]);
    assert.deepEqual(rows("coupon.A-2a"), [
      [1, 525n],
      [38, 625n],
    ]);
  });

  test("a cap per payee is one cap for each of its fees", () => {
    assert.deepEqual(
      terms.caps.map(({ name }) => name),
      ["admin.trusteeFee", "admin.reviewerFee", "lifeCap", "backup"],
    );
    assert.deepEqual(
      terms.fees.map(({ cap }) => cap),
      [0, 1, 2, null, 3, null, null],
    );
  });

  test("a facility is an account of cash that is not drawn, and two fees", () => {
    const account = terms.accounts.at(-1);
    assert.deepEqual(
      [account?.name, account?.facility, account?.retained, account?.initialDepositCents],
      ["LIQ", true, true, 500_000_000n],
    );
    const words = terms.fees
      .slice(-2)
      .map((fee) => `${fee.name} ${describeExpression(terms, fee.expression ?? [], -1)}`);
    assert.deepEqual(words, ["LIQ.interest drawn.LIQ", "LIQ.commitment acct.LIQ"]);
  });
});

describe("phases and programs", () => {
  test("phases share a program, whose steps stand once", () => {
    const [revolving, amortising, early, accelerated] = terms.phases;
    assert.ok(revolving && amortising && early && accelerated);
    assert.deepEqual(
      [amortising.firstStep, early.stepCount],
      [revolving.firstStep, revolving.stepCount],
    );
    assert.equal(accelerated.firstStep, revolving.stepCount);
    assert.equal(terms.steps.length, revolving.stepCount + accelerated.stepCount);
  });

  test("the same text gives the same bytes; a comment or a blank line changes nothing", () => {
    const first = compileDeal(EVERY_FEATURE).deal?.termsHash;
    const spaced = EVERY_FEATURE.replace("triggers:\n", "\n# watched\ntriggers:\n");
    assert.equal(compileDeal(spaced).deal?.termsHash, first);
  });
});

test("an index says what its first period takes if the feed fixes none", () => {
  const stated = EVERY_FEATURE.replace("maxAge: 7 days", "maxAge: 7 days\n    initial: -1.35 %");
  const { deal, problems } = compileDeal(stated);
  assert.ok(deal, JSON.stringify(problems));
  assert.equal(deal.terms.indices[0]?.initialRateWad, -135n * 10n ** 14n);
  assert.deepEqual(readTerms(deal.bytes), deal.terms);
  assert.equal(compileDeal(EVERY_FEATURE).deal?.terms.indices[0]?.initialRateWad, 0n);
});
