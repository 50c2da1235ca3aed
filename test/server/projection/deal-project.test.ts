import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const HONDA = path.join(ROOT, "test/golden/honda-2009-1");
const SCENARIOS = path.join(HONDA, "scenarios.yaml");

function project(...words: string[]) {
  const script = path.join(ROOT, "scripts/deal.ts");
  const run = spawnSync(process.execPath, [script, "project", ...words], { encoding: "utf8" });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

describe("npm run deal -- project", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "penstock-project-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("prints what a structurer reads, and writes the flows as CSV and JSON", () => {
    const files = { csv: path.join(folder, "flows.csv"), json: path.join(folder, "flows.json") };
    const deal = path.join(HONDA, "deal.yaml");
    const run = project(deal, "--scenarios", SCENARIOS, "--csv", files.csv, "--json", files.json);
    assert.equal(run.status, 0, run.err);
    assert.match(run.out, /12 scenarios over a pool of 1,340,207,621\.93 in 5 rows/);
    assert.match(run.out, /\[9\] to call: abs 1\.3 %; pool called 2011-07-15/);
    assert.match(run.out, /\[9\] +A-1 +0\.35 +2009-02-17 +2009-10-15/);
    assert.match(run.out, /Class A-1, per cent of the original balance outstanding/);
    assert.match(run.out, /2009-02-17 +90\.75 +88\.91 +87\.53 +86\.45 +85\.23 +83\.02/);

    const rows = readFileSync(files.csv, "utf8").trimEnd().split("\r\n");
    assert.equal(
      rows[0],
      "scenario,period,payment date,class,opening balance,interest due,interest paid,principal paid,interest capitalised,closing balance,written down,interest unpaid",
    );
    assert.equal(
      rows[1],
      "to maturity: abs 0.5 %,1,2009-02-17,A-1,503000000.00,525037.69,525037.69,46503559.72,0.00,456496440.28,0.00,0.00",
    );

    const json = JSON.parse(readFileSync(files.json, "utf8"));
    assert.equal(json.deal, "honda-2009-1");
    assert.equal(json.scenarios.length, 12);
    const [first] = json.scenarios;
    assert.equal(first.classes[0].walYears.toFixed(2), "0.46");
    assert.equal(first.classes[0].decrementPercent[0], 90.75);
    assert.equal(first.pool[0].opening, "1340207621.93");
    assert.ok(first.pool[0].cprPercent > 6 && first.pool[0].cdrPercent === 0);
    assert.equal(first.pool.at(-1).closing, "0.00");
    const paid = first.classes[0].cashFlows.reduce(
      (sum: number, flow: { principalPaid: string }) =>
        sum + Math.round(100 * Number(flow.principalPaid)),
      0,
    );
    assert.equal(paid, 50_300_000_000);
  });

  test("a fault of the scenarios or the pool is told with its place, and ends with 1", () => {
    const deal = path.join(HONDA, "deal.yaml");
    const bad = path.join(folder, "bad.yaml");
    writeFileSync(bad, "schema: penstock-scenarios/1\nscenarios:\n  - { name: a, cpr: quick }\n");
    const scenarios = project(deal, "--scenarios", bad, "--pool", path.join(HONDA, "pool.csv"));
    assert.equal(scenarios.status, 1);
    assert.match(scenarios.err, /bad\.yaml: 3:\d+: error: bad-value `quick`: scenarios\[1\]\.cpr/);

    const pool = path.join(folder, "pool.csv");
    writeFileSync(pool, "balance,apr,remainingTerm,age\n1,2,0,4\n");
    const wrong = project(deal, "--scenarios", SCENARIOS, "--pool", pool);
    assert.equal(wrong.status, 1);
    assert.match(wrong.err, /pool\.csv: row 2: remainingTerm is "0"/);
  });

  test("a call that it does not know prints the usage and ends with 2", () => {
    const run = project(path.join(HONDA, "deal.yaml"));
    assert.equal(run.status, 2);
    assert.match(run.err, /project needs --scenarios FILE/);
    assert.match(run.err, /usage: npm run deal/);
  });
});
