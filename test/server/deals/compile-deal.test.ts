import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { MAX_CODE_SIZE } from "../../../server/deals/terms-format.ts";
import { AUTO, checkSlips } from "./deal-slips.ts";

describe("terms that must be said", () => {
  const required: [string, string][] = [
    ["    interestOnShortfall: false\n", "interestOnShortfall"],
    ["    componentOrder: [shortfall, current]\n", "componentOrder"],
    ["    accrualRounding: half-up\n", "accrualRounding"],
    ["    dayCount: 30/360\n", "dayCount"],
    ["    accrualDates: unadjusted\n", "accrualDates"],
    ["splitRounding: cumulative half-up\n", "splitRounding"],
    ["    rounding: half-up\n", "rounding"],
    [", year: calendar year", "year"],
    ['legalUnit: "0.01"\n', "legalUnit"],
    ["  businessDays: following\n", "businessDays"],
    [", retained: true", "retained"],
  ];
  for (const [find, term] of required) {
    test(`${term} is never a default`, () => {
      const { deal, problems } = compileDeal(AUTO.replace(find, ""));
      assert.equal(deal, null);
      const found = problems.find(({ code, value }) => code === "missing-term" && value === term);
      assert.ok(found?.message.includes(`lacks the term \`${term}\`; write `));
    });
  }
});

describe("errors of values name line, column, value and what to write", () => {
  checkSlips([
    ["face: 172000.00", "face: ‹172000›", "bad-value", "write 172000.00"],
    ["face: 172000.00", "face: ‹172,000.00›", "bad-value", "is not an amount of money"],
    ["face: 172000.00", "face: ‹0.00›", "bad-value", "is not from 0.01"],
    ["coupon: 4 %", "coupon: ‹400 %›", "bad-value", "from 0 % to 100 %"],
    ["coupon: 4 %", "coupon: ‹0.04›", "bad-value", "write 4 %"],
    ["rate: 2.25 %", "rate: ‹225 %›", "bad-value", "from 0 % to 100 %"],
    ["closing: 2017-10-18", "closing: ‹2017-10-32›", "bad-value", "is not a day of the calendar"],
    [
      "closing: 2017-10-18",
      "closing: ‹18.10.2017›",
      "bad-value",
      "write a date such as 2017-10-18",
    ],
    ["dayCount: 30/360", "dayCount: ‹30/365›", "bad-value", "one of: 30/360 | 30/360 US"],
    ["seniority: senior", "seniority: ‹first›", "bad-value", "senior | mezzanine | junior"],
    ["interestOnShortfall: false", "interestOnShortfall: ‹no›", "bad-value", "true | false"],
    ["periods: 51", "periods: ‹0›", "bad-value", "whole number from 1 to 480"],
    ["cutOffLoans: 12", "cutOffLoans: ‹twelve›", "bad-value", "whole number"],
    [
      "holderCap: 60 %",
      "holderCap: ‹160 %›",
      "bad-value",
      "write a percentage such as 60 %, or none",
    ],
    ["decimals: 6", "decimals: ‹18›", "bad-value", "from 2 to 8"],
    ["schema: penstock-deal/2", "schema: ‹penstock-deal/1›", "bad-value", "penstock-deal/2"],
    ["id: amcar-2017-4", "id: ‹AMCAR 2017-4›", "bad-value", "lower-case letters"],
    ["reserveRequired: 2400.00", "reserveRequired: ‹2400.5›", "bad-value", "a whole number as 12"],
    ["loanCount: { min: 0,", "loanCount: { min: ‹0.00›,", "bad-value", "whole number"],
    ["    - 2017-10-09\n", "    - 2017-10-09\n    - ‹2017-10-09›\n", "repeated-date", "leave one"],
    [
      "[shortfall, current]",
      "‹[shortfall]›",
      "component-order",
      "name each once: shortfall, current",
    ],
    [
      "record: 1 business day before payment",
      "record: ‹0 business days before payment›",
      "bad-value",
      "lies before the payment date",
    ],
    ["payment: 14:00Z", "payment: ‹14:00›", "bad-value", "UTC time of day"],
  ]);
});

describe("errors of keys and names", () => {
  checkSlips([
    ["    coupon: 4 %", "    ‹cupon›: 4 %", "unknown-key", "known here: seniority, face, coupon"],
    ["currency: USD", "currency: USD\n‹colour›: blue", "unknown-key", "known here: schema, id"],
    ["currency: USD", "currency: USD\n‹›currency: USD", "yaml", "stands twice"],
    [
      "  poolClosing:",
      "  poolClosing: { min: 0.00, max: 1.00 }\n  ‹poolEnd›: { min: 0.00, max: 1.00, source: tape }\n  poolAt:",
      "unknown-name",
      "no tape gives the figure `poolEnd`; write source: servicer",
    ],
    [
      "payee: trustee, cap",
      "payee: ‹originator›, cap",
      "unknown-name",
      "`originator` is no payee; known: trustee",
    ],
    [
      "min(due.trusteeFee, capLeft.admin)",
      "min(due.trusteeFee, ‹capLeft.annual›)",
      "unknown-name",
      "known: admin",
    ],
    ["+ P1 + P2 + P3 ", "+ P1 + ‹P7› + P3 ", "unknown-name", "no amount `P7` above this line"],
    ["sumbal(A, B) ", "sumbal(A, ‹D›) ", "unknown-name", "there is no class `D`; known: A, B, C"],
    ["sumbal(A, B) ", "sumbal(A, ‹A›) ", "repeated-name", "counted twice"],
    ["INT COLL -> B ", "INT ‹COL› -> B ", "unknown-name", "no account `COL`; write `COLL`"],
    ["INT COLL -> B ", "INT COLL -> ‹E› ", "unknown-name", "no class `E`"],
    [
      "FEE COLL -> servicingFee ",
      "FEE COLL -> ‹servicer› ",
      "unknown-name",
      "no fee `servicer`; known: trusteeFee",
    ],
    [
      "REST COLL -> residual ",
      "REST COLL -> ‹equity› ",
      "unknown-name",
      "no account or payee `equity`",
    ],
    ["k.ocCurrent)", "‹k.ocCurent›)", "unknown-name", "known: cutOffBalance, ocCurrent"],
    [
      "p.poolClosing, k.ocCurrent",
      "‹p.poolEnd›, k.ocCurrent",
      "unknown-name",
      "no reported figure `poolEnd`",
    ],
    [
      "pos(need - acct.COLL)",
      "pos(need - ‹paid.regular›)",
      "unknown-name",
      "no step labelled `AS regular` above",
    ],
    [
      "pos(need - acct.COLL)",
      "pos(need - ‹trig.cnl›)",
      "unknown-name",
      "no trigger `cnl`; known: none",
    ],
    ["pos(need - acct.COLL)", "pos(need - ‹x.cnl›)", "unknown-name", "use one of bal."],
    [
      "pos(need - acct.COLL)",
      "‹cureAll›(need, acct.COLL)",
      "unknown-name",
      "no function `cureAll`; known: pos",
    ],
    ["UPTO P1 AS first", "UPTO P1 AS ‹P1›", "repeated-name", "named twice"],
    ["to: accelerated", "to: ‹turbo›", "unknown-name", "no phase `turbo`; known: amortising, acc"],
  ]);
});

describe("errors between sections", () => {
  const cases: [string, string, string, string, RegExp][] = [
    [
      "an account is neither swept nor retained",
      "retained: true, initialDeposit: 2400.00",
      "retained: false, initialDeposit: 0.00",
      "not-swept",
      /program amortising can leave money in RES/,
    ],
    [
      "a REST inside an IF alone does not sweep",
      "    REST COLL -> residual ",
      "    IF bal.A == 0 { @ 1\n      REST COLL -> residual @ 2\n    }\n    LET z = bal.A ",
      "not-swept",
      /can leave money in COLL/,
    ],
    [
      "money moved into an account after its REST is not swept",
      "    REST COLL -> residual ",
      "    REST COLL -> residual @ 1\n    MOVE RES -> COLL UPTO acct.RES ",
      "not-swept",
      /can leave money in COLL/,
    ],
    [
      "the cut-off date is not the month's end before",
      "cutOff: 2017-09-30",
      "cutOff: 2017-08-31",
      "date-order",
      /write 2017-09-30/,
    ],
    [
      "closing is not before the first record time",
      "closing: 2017-10-18\n",
      "closing: 2017-11-18\n",
      "date-order",
      /closing is not before the first record time/,
    ],
    [
      "grace reaches the next record time",
      "graceDays: 10",
      "graceDays: 40",
      "date-order",
      /reach the next record time/,
    ],
    [
      "the first payment lies in the collection month",
      "firstPaymentDate: 2017-11-18",
      "firstPaymentDate: 2017-10-18",
      "date-order",
      /first payment date lies in or before/,
    ],
    [
      "a final date is no payment date",
      "finalScheduledDate: 2021-01-19",
      "finalScheduledDate: 2021-01-18",
      "date-order",
      /2021-01-18 is not a payment date; write one, e.g. 2021-01-19/,
    ],
    [
      "the determination is before the month's end",
      "determination: end of collection month",
      "determination: 15 business days before payment",
      "date-order",
      /before the collection period's end/,
    ],
    [
      "the fixed figures are not first",
      "  loanCount: { min: 0, max: 12 }\n",
      "",
      "figure-order",
      /number 3 is availableFunds/,
    ],
    [
      "a bound is the wrong way round",
      "max: 20000.00",
      "max: -20000.00",
      "bad-bounds",
      /min is above max/,
    ],
    [
      "there are two collection accounts",
      "kind: reserve, retained: true",
      "kind: collection, retained: true",
      "wrong-count",
      /2 accounts of kind collection/,
    ],
    [
      "a class and a fee share a name",
      "  trusteeFee: {",
      "  A: {",
      "repeated-name",
      /class and a fee/,
    ],
    [
      "a transition leads nowhere",
      "to: accelerated",
      "to: amortising",
      "same-phase",
      /another phase/,
    ],
    [
      "a deposit goes into a swept account",
      "retained: false, initialDeposit: 0.00",
      "retained: false, initialDeposit: 5.00",
      "not-retained",
      /retained: true/,
    ],
  ];
  for (const [why, find, put, code, message] of cases) {
    test(`${why}: ${code}`, () => {
      assert.ok(AUTO.includes(find));
      const { deal, problems } = compileDeal(AUTO.replace(find, put));
      assert.equal(deal, null);
      const found = problems.filter((problem) => problem.code === code);
      assert.ok(
        found.some((problem) => message.test(problem.message)),
        JSON.stringify(problems),
      );
      assert.ok(found.every(({ line, column }) => line >= 1 && column >= 1));
    });
  }

  test("limits: classes, steps of a program, tokens of an expression, size of the code", () => {
    const classes = Array.from({ length: 17 }, (_, i) =>
      AUTO.slice(AUTO.indexOf("  A:\n"), AUTO.indexOf("  B:\n")).replace("  A:", `  X${i}:`),
    ).join("");
    const codes = (text: string) => compileDeal(text).problems.map((problem) => problem.code);
    assert.ok(codes(AUTO.replace("classes:\n", `classes:\n${classes}`)).includes("too-many"));
    const steps = Array.from({ length: 64 }, (_, i) => `    LET s${i} = bal.A @ 1\n`).join("");
    assert.ok(
      codes(AUTO.replace("amortising: |\n", `amortising: |\n${steps}`)).includes("too-many"),
    );
    const sum = Array.from({ length: 130 }, () => "bal.A").join(" + ");
    assert.ok(
      codes(AUTO.replace("LET sAB = sumbal(A, B)", `LET sAB = ${sum}`)).includes("too-long"),
    );
    const long = AUTO.replace("periods: 51", "periods: 480")
      .replace("graceDays: 10", "graceDays: 1")
      .replace(/@ 8\.04\(a\)\(i\)/, `@ ${"c".repeat(250)}`);
    const { deal } = compileDeal(long);
    assert.ok(deal !== null && deal.bytes.length < MAX_CODE_SIZE);
  });

  test("too deep an IF is refused", () => {
    const open = "    IF bal.A > 0 { @ 1\n".repeat(4);
    const text = AUTO.replace(
      "  amortising: |\n",
      `  amortising: |\n${open}${"    }\n".repeat(4)}`,
    );
    assert.ok(compileDeal(text).problems.some(({ code }) => code === "nesting"));
  });
});

describe("all errors come at once, in the order of the file", () => {
  test("five slips give five errors, each on its line", () => {
    const slips: [string, string][] = [
      ["holderCap: 60 %", "holderCap: lots"],
      ["coupon: 4 %", "coupon: 4"],
      ["year: calendar year", "year: leap year"],
      ["INT COLL -> B ", "INT COLL -> Z "],
      ["clause: 5.01(a)(iii)", "clauses: 5.01(a)(iii)"],
    ];
    const text = slips.reduce((deal, [find, put]) => deal.replace(find, put), AUTO);
    const { deal, problems } = compileDeal(text);
    assert.equal(deal, null);
    const lines = problems.map(({ line }) => line);
    assert.deepEqual(
      lines,
      lines.toSorted((a, b) => a - b),
    );
    const found = slips.map(([, put]) => {
      const line = text.slice(0, text.indexOf(put)).split("\n").length;
      return problems.some((problem) => problem.line === line || problem.code === "missing-term");
    });
    assert.deepEqual(found, [true, true, true, true, true]);
  });

  test("no text makes it throw: cut, doubled, empty, aliases, other types", () => {
    const texts = ["", "a", "[]", "- 1", "{}", "a: &x [*x]", AUTO.repeat(2), "\t", "a: |\n  b"];
    for (let i = 0; i < AUTO.length; i += 997) texts.push(AUTO.slice(0, i));
    for (const key of ["classes", "programs", "calendar", "fees", "transitions", "figures"]) {
      texts.push(AUTO.replace(`${key}:`, `${key}: 5\nx${key}:`));
      texts.push(AUTO.replace(`${key}:`, `${key}: [1, {}]\nx${key}:`));
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
