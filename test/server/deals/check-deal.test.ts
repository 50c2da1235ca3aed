import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { AUTO, EVERY_FEATURE } from "./deal-slips.ts";

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
    ["LET x = muldiv(bal.A, 1, max(1, bal.B))", []],
    ["LET x = muldiv(bal.A, 1, face.A + bal.B)", []],
    ["LET x = pos(ratio(bal.A - bal.B, k.cutOffBalance))", []],
    ["LET x = pos(ratio(bal.A, bal.B))", ["warning maybe-zero bal.B"]],
    ["LET x = cureOC(p.poolClosing, bal.A, 105, 100)", []],
    ["LET x = cureOC(p.principal, bal.A, 105, 100)", ["warning maybe-negative p.principal"]],
    ["LET x = cureOCP(p.poolClosing, bal.A, 105, 100)", []],
    ["LET x = cureOCP(p.poolClosing, bal.A, 100, 105)", ["warning maybe-zero (100 - 105)"]],
    ["LET x = bal.A * p.principal", ["warning maybe-negative x"]],
    ["PRIN COLL -> A UPTO bal.A - bal.B", ["warning maybe-negative (bal.A - bal.B)"]],
    ["PRIN COLL -> A UPTO pos(bal.A - bal.B)", []],
    ["PRIN COLL -> A UPTO max(bal.A - bal.B, 0)", []],
    ["PRIN COLL -> A UPTO bal.A - min(bal.A, bal.B)", []],
    [
      "MOVE COLL -> RES UPTO p.poolClosing - bal.A",
      ["warning maybe-negative (p.poolClosing - bal.A)"],
    ],
  ];
  for (const [line, warnings] of cases) {
    test(`${line}: ${warnings.join("") || "proved"}`, () => {
      assert.deepEqual(warningsOf(line), warnings);
    });
  }
});

describe("differences that a step is paid up to", () => {
  const warningsOf = (payment: string, amount: string) =>
    compileDeal(
      AUTO.replace(
        "    PRIN COLL -> A UPTO P1 AS first",
        `    PRIN COLL -> A UPTO ${payment} AS toA @ 1\n    PRIN COLL -> A UPTO ${amount} AS again @ 1\n$&`,
      ),
    ).problems.map(({ code, value }) => `${code} ${value}`);

  const cases: [payment: string, amount: string, warnings: string[]][] = [
    ["P1", "P1 - paid.toA", []],
    ["min(matA, P1)", "P1 - paid.toA", []],
    ["pct(P1, 70 %)", "P1 - paid.toA", []],
    ["p.poolClosing", "p.poolClosing - paid.toA", []],
    ["P2", "P1 - paid.toA", ["maybe-negative (P1 - paid.toA)"]],
    ["P1", "P1 - paid.toA - 1.00", ["maybe-negative ((P1 - paid.toA) - 1.00)"]],
    ["bal.A", "bal.A - paid.toA", ["maybe-negative (bal.A - paid.toA)"]], // the balance has fallen
    ["pos(p.principal)", "p.principal - paid.toA", ["maybe-negative (p.principal - paid.toA)"]],
  ];
  for (const [payment, amount, warnings] of cases) {
    test(`${amount} after UPTO ${payment}: ${warnings.join("") || "proved"}`, () => {
      assert.deepEqual(warningsOf(payment, amount), warnings);
    });
  }
});

describe("warnings of terms outside programs", () => {
  const warningsOf = (find: string, put: string) => {
    assert.ok(EVERY_FEATURE.includes(find));
    return compileDeal(EVERY_FEATURE.replace(find, put)).problems.map(
      ({ severity, code, value }) => `${severity} ${code} ${value}`,
    );
  };

  test("a trigger whose divisor can be zero would raise a flag and stop attestation", () => {
    const warnings = warningsOf("max(0.01, p.poolClosing) >= 4.5", "p.poolClosing >= 4.5");
    assert.deepEqual(warnings, ["warning maybe-zero p.poolClosing"]);
  });

  test("an available-funds cap that can divide by zero, a fee that can be negative", () => {
    assert.deepEqual(warningsOf("max(1, days('ACT/360', adjusted) * 12)", "bal.M"), [
      "warning maybe-zero bal.M",
    ]);
    assert.deepEqual(warningsOf("amount: p.indemnities", 'amount: "pct(p.cumNetLoss, 1 %)"'), [
      "warning maybe-negative p.cumNetLoss",
    ]);
  });
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
