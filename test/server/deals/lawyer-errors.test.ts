/** Deals as somebody writes them who knows documents and not this notation: each is told what to write. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { AUTO, EVERY_FEATURE } from "./deal-slips.ts";

/** `find` becomes `put` in the deal; the first error stands on the line of the slip and says this. */
type Slip = [what: string, find: string, put: string, says: string];

const before = (line: string) => `${line} @ 1\n    LET ocT`;

const AUTO_SLIPS: Slip[] = [
  ["a class in the wrong case", "INT COLL -> B ", "INT COLL -> b ", "no class `b`; write `B`"],
  [
    "a class that is not there",
    "INT COLL -> B ",
    "INT COLL -> Z9 ",
    "no class `Z9`; known: A, B, C",
  ],
  ["an account by its long name", "MOVE RES -> COLL", "MOVE RESERVE -> COLL", "write `RES`"],
  [
    "a fee misspelt",
    "FEE COLL -> servicingFee ",
    "FEE COLL -> servicingfees ",
    "write `servicingFee`",
  ],
  ["a figure misspelt", "(p.poolClosing - ocT)", "(p.poolClosings - ocT)", "write `poolClosing`"],
  ["a constant in the wrong case", "k.ocFloor))", "k.ocfloor))", "write `ocFloor`"],
  [
    "a defined term misspelt",
    "UPTO P2 AS",
    "UPTO P22 AS",
    "no amount `P22` above this line; known: sAB",
  ],
  ["a coupon as a fraction", "coupon: 4 %", "coupon: 0.04", "not a percentage; write 4 %"],
  ["a coupon below one per cent without its sign", "coupon: 4 %", "coupon: 0.4", "or 0.4 % where"],
  [
    "a floating coupon as it is spoken",
    "coupon: 4 %",
    "coupon: SONIA + 2.50 %",
    "write { index: SONIA, margin: 2.50 % }",
  ],
  [
    "a shortfall by its name",
    "LET ocT",
    before("LET x = shortfall.A"),
    "`shortfall.A` names nothing; write `due.`",
  ],
  ["a coupon without its sign", "coupon: 4 %", "coupon: 4", "not a percentage; write 4 %"],
  ["a coupon with a comma", "coupon: 4 %", "coupon: 4,5 %", "write 4.5 %"],
  ["a coupon in words", "coupon: 4 %", "coupon: 4 per cent", "write 4 %"],
  ["a coupon in basis points", "coupon: 4 %", "coupon: 125 bps", "write 1.25 %"],
  ["a coupon of 400 %", "coupon: 4 %", "coupon: 400 %", "from 0 % to 100 %"],
  ["a face with commas", "face: 172000.00", "face: 172,000.00", "write 172000.00"],
  ["a face with its currency", "face: 172000.00", "face: $172000.00", "write 172000.00"],
  ["a face without cents", "face: 172000.00", "face: 172000", "write 172000.00"],
  ["a day count in words", "dayCount: 30/360", "dayCount: Actual/360", "write `ACT/360`"],
  ["a day count with spaces", "dayCount: 30/360", "dayCount: 30 / 360", "write `30/360`"],
  ["an American date", "closing: 2017-10-18", "closing: 10/18/2017", "a date such as 2017-10-18"],
  [
    "a date in words",
    "closing: 2017-10-18",
    "closing: October 18, 2017",
    "a date such as 2017-10-18",
  ],
  ["a thirteenth month", "closing: 2017-10-18", "closing: 2017-13-18", "not a day of the calendar"],
  [
    "a tab in a program",
    "    INT COLL -> B ",
    "\tINT COLL -> B ",
    "a tab indents this line; write spaces",
  ],
  [
    "a tab in a section",
    "  ocFloor: 1 %",
    "\tocFloor: 1 %",
    "a tab indents this line; write spaces",
  ],
  ["a step without its clause", "INT COLL -> B ", "INT COLL -> B # ", "write ` @ 8.04(a)(i)`"],
  ["a step PAY", "INT COLL -> B ", "PAY COLL -> B ", "write FEE, INT or PRIN"],
  ["a step in small letters", "INT COLL -> B ", "int COLL -> B ", "write INT;"],
  ["a step by its long name", "INT COLL -> B ", "INTEREST COLL -> B ", "write INT;"],
  ["`to` for the arrow", "INT COLL -> B ", "INT COLL to B ", "expected `->`"],
  ["two classes with one name", "  B:", "  A:", "stands twice in its section; rename one"],
  [
    "a rate as a fraction in a formula",
    "LET ocT",
    before("LET x = pct(p.poolClosing, 0.02)"),
    "write 2 %",
  ],
  ["a rate without its sign", "LET ocT", before("LET x = pct(p.poolClosing, 2)"), "write 2 %"],
  [
    "money with commas",
    "LET ocT",
    before("LET x = min(p.poolClosing, 1,000.00)"),
    "without commas",
  ],
  [
    "money with its currency",
    "LET ocT",
    before("LET x = min(p.poolClosing, $1.00)"),
    "without its currency",
  ],
  [
    "a division",
    "LET ocT",
    before("LET x = p.poolClosing / 2"),
    "write muldiv(a, b, c) or ratio(a, b)",
  ],
  ["a function in capitals", "LET ocT", before("LET x = MIN(p.poolClosing, 1.00)"), "write `min`"],
  ["`min` of one", "LET ocT", before("LET x = min(p.poolClosing)"), "write min(a, b)"],
  ["IF … THEN", "<= acct.RES {", "<= acct.RES THEN", "expected `{` after the condition"],
  ["= for ==", "C) <= acct.RES {", "C) = acct.RES {", "write `==` to compare"],
  ["AND in capitals", "<= acct.RES {", "<= acct.RES AND 1 == 1 {", "write `and`"],
  ["&& for and", "<= acct.RES {", "<= acct.RES && 1 == 1 {", "write `and`"],
  [
    "principal without its amount",
    "PRIN COLL -> A UPTO P1 AS first",
    "PRIN COLL -> A",
    "PRIN needs UPTO",
  ],
  ["UP TO in two words", "-> A UPTO P1", "-> A UP TO P1", "write UPTO in one word"],
  [
    "PRO RATA in two words",
    "A, B SEQ UPTO P2",
    "A, B PRO RATA UPTO P2",
    "write PRORATA in one word",
  ],
  ["a list with `and`", "A, B SEQ UPTO P2", "A and B SEQ UPTO P2", "have commas between them"],
  [
    "a residual without a payee",
    "REST COLL -> residual",
    "REST COLL",
    "expected `->` after the account",
  ],
  [
    "a party that is not paid",
    "REST COLL -> residual",
    "REST COLL -> originator",
    "write payee: true in parties",
  ],
  [
    "a fee kind of one's own",
    "kind: fixed",
    "kind: flat",
    "write one of: rate | fixed | expression",
  ],
  ["yes for true", "retained: false", "retained: no", "write one of: true | false"],
  ["a kind with a capital", "kind: reserve", "kind: Reserve", "write `reserve`"],
  [
    "a record date in words",
    "record: 1 business",
    "record: one business",
    "`1 business day before payment`",
  ],
  [
    "a rule of dates of one's own",
    "businessDays: following",
    "businessDays: next day",
    "following | modified",
  ],
  [
    "an older schema",
    "schema: penstock-deal/2",
    "schema: penstock-deal/1",
    "write one of: penstock-deal/2",
  ],
  [
    "a phase that is not there",
    "to: accelerated",
    "to: acceleration",
    "known: amortising, accelerated",
  ],
  ["a holder cap without its sign", "holderCap: 60 %", "holderCap: 60", "write 60 %"],
];

const EVERY_SLIPS: Slip[] = [
  [
    "a margin that steps up",
    "margin: 0.60 %",
    "margin: { steps: { 1: 1 % } }",
    'coupon: { expression: "max(0 %, index.SOFR30 + k.margin)" }',
  ],
  [
    "a trigger without its cure",
    "    cure: never\n    when: before\n    clause: 5.01(a)",
    "    when: before\n    clause: 5.01(a)",
    "lacks the term `cure`; write never | after 3 passing",
  ],
  ["a trigger that compares nothing", " > k.cnlLimit", "", "compare, e.g."],
  [
    "a cure in words",
    "cure: after 3 passing",
    "cure: three months",
    "write never | after 3 passing",
  ],
  [
    "an average in words",
    "over: mean of last 3",
    "over: three-month average",
    "write mean of last 3 |",
  ],
  ["a phase without its program", "  EARLY: main", "  EARLY: early", "no program `early`"],
  [
    "a phase in the wrong case",
    "phase == 'REVOLVING'",
    "phase == 'Revolving'",
    "write `REVOLVING`",
  ],
  ["a phase in double quotes", "phase == 'REVOLVING'", 'phase == "REVOLVING"', "in single quotes"],
  ["an index by its family", "index: SOFR30, margin", "index: SOFR, margin", "write `SOFR30`"],
  ["a margin in basis points", "margin: 0.60 %", "margin: 60 bps", "write 0.6 %"],
  [
    "a ledger without its side",
    "BOOK PDL-N DR p",
    "BOOK PDL-N p",
    "expected DR (add) or CR (take off)",
  ],
  [
    "a SET of a fixed constant",
    "SET k.reserveRequired =",
    "SET k.ocFloor =",
    "known: reserveRequired",
  ],
  ["a SET without k.", "SET k.reserveRequired =", "SET reserveRequired =", "`k.name = …`"],
  [
    "a reference to a later step",
    "- paid.first) AS second",
    "- paid.third) AS second",
    "no step labelled `AS third` above",
  ],
  [
    "a minus without spaces",
    "p.poolClosing - acct.PR",
    "p.poolClosing-acct.PR",
    "a minus has spaces around it",
  ],
  [
    "a second reserve",
    "kind: other, retained: true",
    "kind: reserve, retained: true",
    "the others are kind: other",
  ],
];

function check(base: string, [what, find, put, says]: Slip): void {
  test(`${what} is told what to write instead`, () => {
    const at = base.indexOf(find);
    assert.notEqual(at, -1, `the deal has no text ${find}`);
    const text = base.replace(find, () => put);
    const line = base.slice(0, at).split("\n").length;
    const { deal, problems } = compileDeal(text);
    assert.equal(deal, null);
    const error = problems.find(({ severity }) => severity === "error");
    assert.ok(error);
    assert.ok(error.message.includes(says), JSON.stringify(problems.slice(0, 3), null, 1));
    assert.ok(error.line >= line - 3 && error.line <= line + 1, `line ${error.line}, not ${line}`);
    assert.ok(error.column >= 1);
    const errors = problems.filter(({ severity }) => severity === "error").length;
    assert.ok(errors <= 2, `one slip appears as ${errors} errors`);
  });
}

for (const slip of AUTO_SLIPS) check(AUTO, slip);
for (const slip of EVERY_SLIPS) check(EVERY_FEATURE, slip);

/** Entries of a section, all alike but for their names. */
function withMany(section: string, count: number, entry: (i: number) => string): string {
  const added = Array.from({ length: count }, (_, i) => `  ${entry(i)}\n`).join("");
  return AUTO.replace(`\n${section}:\n`, () => `\n${section}:\n${added}`);
}

const TOO_MANY: [what: string, text: string, says: string][] = [
  [
    "17 classes",
    withMany("classes", 14, (i) => `X${i}: { seniority: junior }`),
    "17 entries; the limit is 16",
  ],
  [
    "9 accounts",
    withMany(
      "accounts",
      7,
      (i) => `ACC${i}: { kind: other, retained: true, initialDeposit: 0.00 }`,
    ),
    "9 entries; the limit is 8",
  ],
  [
    "17 payees",
    withMany("parties", 14, (i) => `party${i}: { name: Party, payee: true }`),
    "17 payees",
  ],
  [
    "65 steps",
    AUTO.replace(
      "    LET ocT",
      () =>
        `${Array.from({ length: 40 }, (_, i) => `    LET extra${i} = p.poolClosing @ 1`).join("\n")}\n    LET ocT`,
    ),
    "68 steps; the limit is 64",
  ],
];

for (const [what, text, says] of TOO_MANY) {
  test(`${what} are more than a deal may have`, () => {
    const { deal, problems } = compileDeal(text);
    assert.equal(deal, null);
    const found = problems.some(
      ({ severity, message }) => severity === "error" && message.includes(says),
    );
    assert.ok(found, JSON.stringify(problems.slice(0, 5), null, 1));
  });
}
