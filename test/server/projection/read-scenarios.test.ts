import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Value } from "typebox/value";
import { readScenarios } from "../../../server/projection/read-scenarios.ts";
import type { Scenario } from "../../../server/projection/scenario.ts";
import { ASSUMPTION_KEYS } from "../../../server/projection/read-assumptions.ts";

const HEAD = "schema: penstock-scenarios/1\n";

function scenariosOf(text: string): Scenario[] {
  const { file, problems } = readScenarios(HEAD + text);
  assert.deepEqual(problems, []);
  return file?.scenarios ?? [];
}

/** "line: message" of a file that cannot be used. */
function problemsOf(text: string): string[] {
  const { file, problems } = readScenarios(text);
  assert.equal(file, null);
  return problems.map(({ line, message }) => `${line}: ${message}`);
}

describe("a scenarios file", () => {
  test("rates are percentages, with or without the sign; lists and steps go by month", () => {
    const [scenario] = scenariosOf(`scenarios:
  - name: stress
    cpr: [6 %, 8]
    cdr: { steps: { 1: 1 %, 4: 2.5 } }
    severity: 40 %
    recoveryLagMonths: 6
    call: 10 %
`);
    assert.deepEqual(scenario?.assumptions.prepayment, { speed: "cpr", values: [0.06, 0.08] });
    assert.deepEqual(scenario?.assumptions.defaults.values, [0.01, 0.01, 0.01, 0.025]);
    assert.deepEqual(scenario?.assumptions.severity, [0.4]);
    assert.equal(scenario?.assumptions.recoveryLagMonths, 6);
    assert.equal(scenario?.call, 0.1);
    assert.equal(scenario?.purchasePrice, 1);
  });

  test("JSON is read as YAML is", () => {
    const { file } = readScenarios(
      '{"schema": "penstock-scenarios/1", "scenarios": [{"name": "a", "psa": 150, "index": {"SOFR": [4.35, "4.4"]}}]}',
    );
    assert.deepEqual(file?.scenarios[0]?.assumptions.prepayment, { speed: "psa", values: [1.5] });
    assert.deepEqual(file?.scenarios[0]?.indices.get("SOFR"), ["4.35", "4.4"]);
  });

  test("what nobody states is nothing, and a default without severity is lost whole", () => {
    const [scenario] = scenariosOf("scenarios: [{ name: plain }]\n");
    assert.deepEqual(scenario?.assumptions, {
      prepayment: { speed: "smm", values: [0] },
      defaults: { rate: "mdr", values: [0] },
      severity: [1],
      liquidationLagMonths: 0,
      recoveryLagMonths: 0,
      delinquency: [0],
      delinquencyLagMonths: 0,
      servicerAdvances: false,
    });
    assert.equal(scenario?.call, null);
  });

  test("the grid is multiplied out over every scenario; a speed of it replaces the scenario's", () => {
    const scenarios = scenariosOf(`assume: { severity: 40 %, cpr: 5 % }
scenarios: [{ name: low }, { name: high, severity: 60 %, figures: { ysoc: [100.00, 90.00] } }]
grid: { abs: [1.0 %, 1.3 %], cdr: [0, [1, 2], { steps: { 1: 3 } }] }
`);
    assert.equal(scenarios.length, 12);
    assert.equal(scenarios[2]?.name, "low: abs 1.0 %, cdr { steps: { 1: 3 } }");
    assert.equal(scenarios[11]?.name, "high: abs 1.3 %, cdr { steps: { 1: 3 } }");
    assert.deepEqual(scenarios[0]?.assumptions.prepayment, { speed: "abs", values: [0.01] });
    assert.deepEqual(scenarios[1]?.assumptions.defaults, { rate: "cdr", values: [0.01, 0.02] });
    assert.deepEqual(scenarios[6]?.assumptions.severity, [0.6]);
    assert.deepEqual(scenarios[6]?.figures.get("ysoc"), ["100.00", "90.00"]);
  });

  test("a grid alone is enough", () => {
    assert.deepEqual(
      scenariosOf("grid: { cpr: [2, 4] }\n").map(({ name }) => name),
      ["cpr 2", "cpr 4"],
    );
  });

  test("faults come with their line and what to write instead", () => {
    assert.deepEqual(problemsOf(`${HEAD}scenarios:\n  - { name: a, cpr: fast, cdd: 1 % }\n`), [
      "3: scenarios[1].cdd: there is no such term; write `cdr`; known here: name, smm, cpr, psa, abs, mdr, cdr, sda, severity, liquidationLagMonths, recoveryLagMonths, delinquency, delinquencyLagMonths, servicerAdvances, call, purchasePrice, figures, index, notices",
      '3: scenarios[1].cpr: "fast" is not a percentage; write a percentage such as `6 %`',
    ]);
    const two = problemsOf(`${HEAD}scenarios:\n  - { name: a, cpr: 6 %, psa: 150 }\n`);
    assert.match(two[0] ?? "", /^3: .*`cpr` stands here too; a scenario has one of them/);
    assert.match(problemsOf(`${HEAD}grid: { cpr: [1], smm: [1] }\n`)[0] ?? "", /a grid has one of/);
    assert.match(problemsOf(`${HEAD}grid: { cpr: [] }\n`)[0] ?? "", /write a list of values/);
    assert.match(problemsOf(`${HEAD}scenarios: []\n`)[0] ?? "", /there is no scenario/);
    assert.match(
      problemsOf("scenarios: [{ name: a }]\n")[0] ?? "",
      /does not say its schema; write/,
    );
    assert.match(
      problemsOf("schema: other\nscenarios: [{ name: a }]\n")[0] ?? "",
      /^1: schema: write/,
    );
    for (const text of ["", "- 1\n", "text"]) {
      assert.match(problemsOf(text)[0] ?? "", /^1: the scenarios file is no map of terms; begin/);
    }
    const same = `${HEAD}scenarios: [{ name: a }, { name: a }]\n`;
    assert.match(problemsOf(same)[0] ?? "", /two scenarios are called `a`/);
    const cdr = `${HEAD}scenarios: [{ name: a, cdr: 101 % }]\n`;
    assert.match(problemsOf(cdr)[0] ?? "", /"101 %" is more than 100 %/);
    const steps = `${HEAD}scenarios: [{ name: a, cdr: { steps: { 2: 1 } } }]\n`;
    assert.match(problemsOf(steps)[0] ?? "", /begin the steps with month 1/);
    const many = `[${Array.from({ length: 400 }, (_, i) => i / 100).join(",")}]`;
    assert.match(
      problemsOf(`${HEAD}grid: { cpr: ${many}, cdr: ${many} }\n`)[0] ?? "",
      /more than 100000/,
    );
  });
});

describe("the published schema of scenarios", () => {
  const file = new URL("../../../server/projection/scenarios.schema.json", import.meta.url);
  const schema = JSON.parse(readFileSync(file, "utf8"));
  const keys = Object.keys(ASSUMPTION_KEYS).map((key) => key.replace("?", ""));

  test("knows the assumptions that the reader knows, no more and no fewer", () => {
    assert.deepEqual(Object.keys(schema.properties.grid.properties).toSorted(), keys.toSorted());
    const others = ["name", "figures", "index", "notices"];
    assert.deepEqual(
      Object.keys(schema.$defs.scenario.properties).toSorted(),
      [...keys, ...others].toSorted(),
    );
  });

  test("accepts what the reader accepts and refuses an unknown key", () => {
    const { $defs } = schema;
    const check = (value: unknown) => Value.Check({ ...schema, $defs }, value);
    const stated = { schema: "penstock-scenarios/1" };
    assert.ok(
      check({ ...stated, scenarios: [{ name: "a", cpr: "6 %", cdr: [1, 2], call: "10 %" }] }),
    );
    assert.ok(check({ ...stated, grid: { abs: ["0.5 %", [1, 2], { steps: { 1: 3 } }] } }));
    assert.ok(!check({ ...stated, scenarios: [{ name: "a", cppr: "6 %" }] }));
    assert.ok(!check({ scenarios: [{ name: "a" }] }));
  });
});
