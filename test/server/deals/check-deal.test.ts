import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { AUTO } from "./deal-slips.ts";

describe("warnings", () => {
  const warningsOf = (line: string) =>
    compileDeal(
      AUTO.replace("    LET sAB = sumbal(A, B)", `    ${line} @ 1\n    LET sAB = sumbal(A, B)`),
    ).problems.map(({ severity, code, value }) => `${severity} ${code} ${value}`);

  const cases: [string, string[]][] = [
    ["LET x = bal.A - bal.B", ["warning maybe-negative x"]],
    ["LET x = pos(bal.A - bal.B)", []],
    ["LET x = bal.A - min(bal.A, bal.B)", []],
    ["LET x = max(bal.A - bal.B, 0)", []],
    ["LET x = p.principal", ["warning maybe-negative x"]],
    ["LET x = p.poolClosing", []],
    ["LET x = iff(bal.A > bal.B, bal.A - bal.B, 0)", ["warning maybe-negative x"]],
    ["LET x = pct(bal.A - bal.B, 5 %)", ["warning maybe-negative (bal.A - bal.B)"]],
    ["LET x = muldiv(bal.A, bal.B, bal.C)", ["warning maybe-zero bal.C"]],
    ["LET x = muldiv(bal.A, bal.B, k.cutOffBalance)", []],
    ["LET x = muldiv(bal.A, 1, 3)", []],
  ];
  for (const [line, warnings] of cases) {
    test(`${line}: ${warnings.join("") || "proved"}`, () => {
      assert.deepEqual(warningsOf(line), warnings);
    });
  }
});

describe("a file that is no deal at all", () => {
  for (const [what, text] of [
    ["empty", ""],
    ["a comment", "# nothing\n"],
    ["a list", "- a\n- b\n"],
    ["one value", "hello\n"],
  ] as const) {
    test(`gives one error: ${what}`, () => {
      const { deal, problems } = compileDeal(text);
      assert.equal(deal, null);
      assert.deepEqual(
        problems.map(({ code }) => code),
        ["not-a-map"],
      );
    });
  }
});

describe("doubts and echoes", () => {
  test("an unknown class is one error, wherever it stands in a sum", () => {
    const { problems } = compileDeal(AUTO.replace("sumbal(A, B, C)", "sumbal(A, X, B)"));
    assert.deepEqual(
      problems.map(({ code, value }) => [code, value]),
      [["unknown-name", "X"]],
    );
  });

  test("notes above the cut-off pool and the deposits are a warning at the face that tips it", () => {
    const text = AUTO.replace("face: 27000.00", "face: 38969.00");
    const line = text.split("\n").findIndex((each) => each.includes("38969.00")) + 1;
    const { deal, problems } = compileDeal(text);
    assert.ok(deal);
    assert.equal(problems.length, 1);
    const [warning] = problems;
    assert.deepEqual(
      [warning?.severity, warning?.code, warning?.line, warning?.column, warning?.value],
      ["warning", "faces-above-pool", line, 11, "38969.00"],
    );
    assert.match(
      warning?.message ?? "",
      /come to 241969\.00, 0\.01 more than .* \(239568\.99 \+ 2400\.00\)/,
    );
    assert.deepEqual(compileDeal(AUTO.replace("face: 27000.00", "face: 38968.99")).problems, []);
  });
});
