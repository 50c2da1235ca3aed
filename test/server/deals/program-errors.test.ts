import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { AUTO, checkSlips } from "./deal-slips.ts";

describe("errors of program text", () => {
  checkSlips([
    ["INT COLL -> B ", "‹PAY› COLL -> B ", "syntax", "expected a step (LET, FEE, INT"],
    ["INT COLL -> B ", "BUY COLL ‹->› B ", "syntax", "expected SEQ, PRORATA, CAP, UPTO"],
    ["INT COLL -> B ", "INT COLL ‹=›> B ", "syntax", "expected `->`"],
    ["INT COLL -> B ", "INT COLL -> B ‹TO› 5 ", "syntax", "INT does not take TO"],
    ["UPTO P1 AS first", "UPTO P1 ‹UPTO› P2", "syntax", "said twice"],
    ["UPTO P1 AS first", "UPTO P1 + ‹%› 2", "syntax", "has no meaning here"],
    ["UPTO P1 AS first", "UPTO P1 ‹/› 2 AS first", "division", "write muldiv(a, b, c)"],
    ["UPTO P1 AS first", "UPTO ‹P1-P2› AS first", "unknown-name", "a minus has spaces around it"],
    ["UPTO P1 AS first", "UPTO (P1 ‹AS› first", "syntax", "to close the parenthesis"],
    ["UPTO P1 AS first", "UPTO ‹1.234›", "syntax", "write money as 2400.00"],
    ["pos(need - acct.COLL)", "‹pos›(need, acct.COLL)", "arity", "write pos(x)"],
    [
      "FEE COLL -> trusteeFee CAP capLeft.admin",
      "‹FEE› COLL -> trusteeFee, servicingFee",
      "split-basis",
      "say SEQ or PRORATA",
    ],
    [
      "PRIN COLL -> A, B SEQ UPTO P2",
      "‹PRIN› COLL -> A, B UPTO P2",
      "split-basis",
      "PRORATA(weight; …)",
    ],
    [
      "PRIN COLL -> A, B SEQ UPTO P2",
      "‹PRIN› COLL -> A, B PRORATA(1) UPTO P2",
      "split-basis",
      "1 weights for 2 classes",
    ],
    [
      "PRIN COLL -> A, B SEQ UPTO P2",
      "PRIN COLL -> A, ‹A› SEQ UPTO P2",
      "repeated-name",
      "stands twice",
    ],
    ["MOVE RES -> COLL UPTO", "MOVE RES -> ‹RES› UPTO", "same-account", "into itself"],
    [
      "FEE COLL -> servicingFee ",
      "FEE COLL -> ‹servicingFee› CAP capLeft.admin",
      "cap-mismatch",
      "write cap: admin in the fee",
    ],
    ["IF sumbal(A, B, C) <= acct.RES {", "‹IF› sumbal(A, B, C) {", "not-a-test", "compare it"],
  ]);

  test("a step without its clause is refused at the step", () => {
    const line = AUTO.split("\n").findIndex((text) => text.includes("INT COLL -> B ")) + 1;
    const { problems } = compileDeal(AUTO.replace(/(INT COLL -> B) .*/, "$1"));
    const found = problems.find(({ code }) => code === "clause-missing");
    assert.deepEqual([found?.line, found?.column, found?.value], [line, 5, "INT"]);
  });

  test("blocks that do not close, or close twice, are refused", () => {
    const codes = (text: string) => compileDeal(text).problems.map(({ message }) => message);
    const unclosed = codes(AUTO.replace(/^ {4}\}\n/m, ""));
    assert.ok(unclosed.some((message) => message.includes("block of this IF is not closed")));
    const twice = codes(AUTO.replace(/^ {4}\}\n/m, "    }\n    }\n"));
    assert.ok(twice.some((message) => message.includes("no open IF to close")));
    const odd = codes(AUTO.replace(/^ {4}\}\n/m, "    } ELSE\n"));
    assert.ok(odd.some((message) => message.includes("`} ELSE {`")));
  });

  test("an amount named inside an IF is unknown outside it", () => {
    const inner = "      LET inner = bal.A @ 1\n    }\n    LET outer = inner @ 1\n";
    const { problems } = compileDeal(AUTO.replace(/^ {4}\}\n/m, inner));
    const found = problems.find(({ code }) => code === "out-of-branch");
    assert.equal(found?.value, "inner");
    assert.match(found.message, /name it before the IF/);
  });

  test("a program that is not a block is refused", () => {
    const { problems } = compileDeal(AUTO.replace("  accelerated: |", "  accelerated: >"));
    assert.ok(problems.some(({ code }) => code === "not-a-program"));
  });
});
