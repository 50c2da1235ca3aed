import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { checkSlips, EVERY_FEATURE } from "./deal-slips.ts";

describe("errors of classes, fees and figures", () => {
  checkSlips(
    [
      ["index: SOFR30, margin", "index: ‹SOFR›, margin", "unknown-name", "known: LIBOR1M, SOFR30"],
      [
        "unpaidInterest: deferred",
        "unpaidInterest: ‹forgiven›",
        "bad-value",
        "shortfall | deferred",
      ],
      [
        "interestOnShortfall: false\n    unpaidInterest: deferred\n    interestOnDeferred: true",
        "interestOnShortfall: false\n    interestOnDeferred: ‹true›",
        "bad-value",
        "needs the term unpaidInterest: deferred",
      ],
      [
        "interestOnCarryOver: true\n    componentOrder: [interestOnShortfall, shortfall, current]",
        "interestOnCarryOver: true\n    componentOrder: ‹›[interestOnShortfall, shortfall, current, deferred]",
        "component-order",
        "nothing is deferred",
      ],
      [
        '"muldiv(p.netWac, 360,',
        '"muldiv(‹due.M›, 360,',
        "too-early",
        "not known yet when the rate of a class is worked out",
      ],
      [
        "amount: p.indemnities,",
        "amount: ‹capLeft.lifeCap›,",
        "too-early",
        "not known yet when a fee",
      ],
      [
        '"min(p.reviewCosts, 100000.00)"',
        "min(p.reviewCosts‹›, 100000.00)",
        "syntax",
        "write the whole expression in quotes",
      ],
      ["2027-11-15: 6.25 %", "‹2027-13-15›: 6.25 %", "bad-value", "not a day of the calendar"],
      ["scope: per payee", "scope: ‹per fee›", "bad-value", "shared | per payee"],
      ["receives: principal", "receives: ‹netWac›", "wrong-unit", "name a figure of money"],
      ["receives: principal", "receives: ‹cash›", "unknown-name", "no reported figure `cash`"],
      ["unit: rate }", "unit: ‹per cent› }", "bad-value", "money | count | rate | flag"],
      ["max: 30 %, unit", "max: ‹30›, unit", "bad-value", "write 30 %"],
      ["fixing: 2 business days before accrual", "fixing: ‹2 days›", "bad-value", "before accrual"],
      ["provider: bank", "provider: ‹lender›", "unknown-name", "`lender` is no payee"],
      ["ledgers: [PDL-N, MEMO]", "ledgers: [PDL-N, ‹PDL-N›]", "repeated-name", "two ledgers"],
    ],
    EVERY_FEATURE,
  );
});

describe("errors of constants, series, triggers and phases", () => {
  checkSlips(
    [
      ["turboPeriods: 12", "turboPeriods: ‹12.5›", "bad-value", "a whole number as 12"],
      ["while: { cnl: 5 %", "while: { ‹cml›: 5 %", "unknown-name", "no trigger `cml`; known: cnl"],
      ["25: 70 %, 2027", "25: ‹70.00›, 2027", "mixed-units", "write all in one unit"],
      ["25: 70 %, 2027", "‹0›: 70 %, 2027", "bad-value", "periods count from 1"],
      ["over: mean of last 3", "over: ‹mean of last 30›", "bad-value", "from 1 to 24 periods"],
      ["over: mean of last 3", "over: ‹average of 3›", "bad-value", "ratio of sums over 3"],
      ["breach: 2 of last 3", "breach: ‹4 of last 3›", "bad-value", "3 in a row"],
      ["cure: by notice waiver", "cure: by notice ‹pardon›", "unknown-name", "no notice `pardon`"],
      [
        'test: "p.servicerDefault >= 1"',
        "test: ‹p.servicerDefault + 1›",
        "not-a-test",
        "compare, e.g.",
      ],
      [
        'test: "p.servicerDefault >= 1"',
        'test: "p.servicerDefault >= 1 + 2 ‹/› 3"',
        "division",
        "stands in the test of a trigger only",
      ],
      [
        "effect: { phase: EARLY, from: [REVOLVING] }",
        "effect: { phase: ‹LATE›, from: [REVOLVING] }",
        "unknown-name",
        "no phase `LATE`; known: REVOLVING",
      ],
      ["{ by: trustee, kind: once }", "{ by: ‹sponsor›, kind: once }", "unknown-name", "no payee"],
      ["AMORTISING: main", "AMORTISING: ‹mane›", "unknown-name", "no program `mane`; known: main"],
      [
        "poolAtEnd: { value: p.poolClosing",
        "poolAtEnd: { value: ‹closing›",
        "unknown-name",
        "none outside",
      ],
    ],
    EVERY_FEATURE,
  );

  test("a program that no phase runs is refused", () => {
    const text = EVERY_FEATURE.replace("  ACCELERATED: accelerated", "  ACCELERATED: main");
    const found = compileDeal(text).problems.find(({ code }) => code === "unused-program");
    assert.equal(found?.value, "accelerated");
    assert.match(found.message, /no phase runs program accelerated/);
  });

  test("what a deal keeps between runs is limited to 128 lanes", () => {
    const text = EVERY_FEATURE.replace("histMax(poolAtEnd, 6)", "histMax(poolAtEnd, 24)")
      .replace("histCount(ocAtStart, 12)", "histCount(ocAtStart, 24)")
      .replace("highest of last 12 of mean", "highest of last 24 of mean")
      .replace("over: highest of last 6", "over: highest of last 24");
    const found = compileDeal(text).problems.find(({ code }) => code === "wrong-count");
    assert.equal(found?.value, "136");
    assert.match(found.message, /values kept between runs .* from 0 to 128 fit/);
  });
});

describe("errors of steps", () => {
  checkSlips(
    [
      ["PIK N ", "PIK ‹M› ", "not-capitalising", "write capitalises: true in the class"],
      ["INT COLL -> N OF deferred ", "INT COLL -> ‹M› OF deferred ", "no-such-amount", "deferred"],
      ["INT COLL -> N OF deferred ", "INT COLL -> N OF ‹current› ", "syntax", "`deferred` or"],
      ["INT COLL -> M OF carryOver ", "INT COLL -> ‹N› OF carryOver ", "no-such-amount", "Cap"],
      ["FROM seller AS bought", "FROM ‹vendor› AS bought", "unknown-name", "no payee `vendor`"],
      ["FROM seller AS bought", "AS bought‹›", "syntax", "BUY needs FROM"],
      ["BOOK PDL-N DR p", "BOOK ‹PDL-M› DR p", "unknown-name", "no ledger `PDL-M`"],
      ["BOOK PDL-N DR p", "BOOK PDL-N ‹UP› p", "syntax", "expected DR (add) or CR"],
      ["TEST overcollateralisation ", "TEST ‹oc› ", "unknown-name", "no trigger `oc`"],
      ["SET phase EARLY ", "SET phase ‹LATE› ", "unknown-name", "no phase `LATE`"],
      ["SET k.reserveRequired", "SET ‹k.reserveFloor›", "unknown-name", "settable constant"],
      ["SET k.reserveRequired", "SET ‹reserve›", "syntax", "a settable constant `k.name = …`"],
      [
        "FEE COLL -> servicingFee ",
        "FEE COLL -> ‹servicingFee› CAP EACH ",
        "cap-mismatch",
        "no cap",
      ],
      ["phase == 'REVOLVING'", "phase == ‹'REVOLVED'›", "unknown-name", "no phase `REVOLVED`"],
      ["phase == 'REVOLVING'", "‹phase› > 1", "not-a-test", "phase == 'EARLY'"],
      ["hist(poolAtEnd, 1)", "hist(poolAtEnd, ‹30›)", "bad-value", "whole number of periods"],
      ["hist(poolAtEnd, 1)", "hist(‹poolBefore›, 1)", "unknown-name", "known: ocAtStart"],
      ["cureOC(p.poolClosing, ", "‹cureOC›(", "arity", "write cureOC(collateral, notes, 125, 100)"],
      ["pik.N ", "‹pik.M› ", "no-such-amount", "capitalises: true"],
      ["drawn.LIQ AS", "‹drawn.RES› AS", "unknown-name", "no facility `RES`; known: LIQ"],
      ["min(fresh, purchasePrice)", "min(fresh, ‹'fresh'›)", "not-an-amount", "no amount"],
    ],
    EVERY_FEATURE,
  );

  const tests: [string, string, string, string, RegExp][] = [
    [
      "a trigger tested within the steps stands in a program",
      "    TEST overcollateralisation ",
      "    LET tested = bal.N ",
      "not-tested",
      /no program tests overcollateralisation; write `TEST overcollateralisation`/,
    ],
    [
      "a trigger tested before the steps has no TEST",
      "    TEST overcollateralisation ",
      "    TEST cnl @ 1\n    TEST overcollateralisation ",
      "not-tested",
      /cnl is tested before the steps/,
    ],
    [
      "no way through the steps tests a trigger twice",
      "    TEST overcollateralisation ",
      "    TEST overcollateralisation @ 1\n    TEST overcollateralisation ",
      "tested-twice",
      /tested twice in one run/,
    ],
    [
      "a trigger tested within the steps looks at one period",
      "    breach: at once\n",
      "    over: mean of last 2\n",
      "not-tested",
      /write when: after/,
    ],
    [
      "a purchase list may cost less than there is, so a BUY sweeps nothing",
      "kind: other, retained: true, initialDeposit: 0.00, receives",
      "kind: other, retained: false, initialDeposit: 0.00, receives",
      "not-swept",
      /program main can leave money in PR/,
    ],
  ];
  for (const [why, find, put, code, message] of tests) {
    test(why, () => {
      assert.ok(EVERY_FEATURE.includes(find));
      const { deal, problems } = compileDeal(EVERY_FEATURE.replace(find, put));
      assert.equal(deal, null);
      const found = problems.filter((problem) => problem.code === code);
      assert.ok(
        found.some((problem) => message.test(problem.message)),
        JSON.stringify(problems),
      );
    });
  }

  test("what an ordinary INT pays has no INT of its own", () => {
    const order = "capitalises: true\n    componentOrder: [shortfall, current";
    const text = EVERY_FEATURE.replace(order, `${order}, deferred`);
    assert.notEqual(text, EVERY_FEATURE);
    const found = compileDeal(text).problems.find(({ code }) => code === "paid-twice");
    assert.match(found?.message ?? "", /take it out of its componentOrder/);
  });

  test("one TEST in each branch of an IF is one on every way", () => {
    const line = "    TEST overcollateralisation ";
    const branches = `    IF bal.N > 0 { @ 1\n  ${line} @ 1\n    } ELSE {\n  ${line} @ 1\n    }\n    LET x = bal.N `;
    assert.deepEqual(compileDeal(EVERY_FEATURE.replace(line, branches)).problems, []);
  });
});

describe("whatever a section holds", () => {
  test("compiling gives errors and never throws", () => {
    const texts: string[] = [];
    for (let i = 0; i < EVERY_FEATURE.length; i += 1499) texts.push(EVERY_FEATURE.slice(0, i));
    const sections =
      "facilities indices ledgers constants series triggers notices phases caps fees accounts";
    for (const key of sections.split(" ")) {
      for (const junk of [
        "5",
        "[1, {}]",
        "{ a: 1, b: [], c: { d: {} } }",
        "{ A-1: { steps: {} } }",
      ]) {
        texts.push(EVERY_FEATURE.replace(`\n${key}:`, `\n${key}: ${junk}\nx${key}:`));
      }
    }
    for (const text of texts) {
      const { deal, problems } = compileDeal(text);
      assert.equal(
        deal === null,
        problems.some(({ severity }) => severity === "error"),
      );
    }
  });
});
