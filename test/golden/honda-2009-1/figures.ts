/** The published decrement table and lives beside those of the projection, cell by cell as printed. */
import { readFile } from "node:fs/promises";
import type { FigureComparison } from "../../../scripts/replay/figure-comparison.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { planScenario } from "../../../server/projection/figure-sources.ts";
import { decrement } from "../../../server/projection/measure-classes.ts";
import { openProjection } from "../../../server/projection/open-projection.ts";
import { parsePool } from "../../../server/projection/parse-pool.ts";
import { readScenarios } from "../../../server/projection/read-scenarios.ts";
import { runScenario } from "../../../server/projection/run-scenario.ts";
import type { ScenarioResult } from "../../../server/projection/run-scenario.ts";

interface Published {
  decrement: { class: string; bySpeed: Record<string, string[]> };
  weightedAverageLife: { class: string; bySpeed: Record<string, string> };
  weightedAverageLifeToCall: { speed: string; byClass: Record<string, string> };
}

const read = (name: string) => readFile(new URL(name, import.meta.url), "utf8");

function must<T>(value: T | null | undefined, problems: readonly unknown[]): T {
  if (value === null || value === undefined) throw new Error(JSON.stringify(problems));
  return value;
}

/** Runs every scenario of the folder, by name. */
export async function projectHonda(): Promise<Map<string, ScenarioResult>> {
  const compilation = compileDeal(await read("deal.yaml"));
  const deal = must(compilation.deal, compilation.problems);
  const pool = parsePool(await read("pool.csv"));
  const scenarios = readScenarios(await read("scenarios.yaml"));
  const projected = openProjection(deal, must(pool.pool, pool.problems));
  const results = must(scenarios.file, scenarios.problems).scenarios.map((scenario) => {
    const { plan, problems } = planScenario(deal, scenario);
    const options = { breakEven: false, cashFlows: true };
    return runScenario(projected, must(plan, problems), options);
  });
  return new Map(results.map((result) => [result.name, result]));
}

/** Hundredths of a per cent as the filing prints them: two decimals, and 0 for nothing. */
function printed(hundredths: number): string {
  return hundredths === 0 ? "0" : (hundredths / 100).toFixed(2);
}

function compare(period: string, key: string, expected: string, got: string): FigureComparison {
  return { period, key, expected, got, equal: expected === got, features: [] };
}

/** The 54 cells, six lives to maturity and four to the call. */
export async function compareFigures(): Promise<FigureComparison[]> {
  const published = JSON.parse(await read("published.json")) as Published;
  const results = await projectHonda();
  const find = (name: string) => must(results.get(name), [name]);
  const measures = (result: ScenarioResult, name: string) =>
    must(
      result.classes.find((each) => each.name === name),
      [name],
    );
  const life = (result: ScenarioResult, name: string) =>
    measures(result, name).walOfFaceYears?.toFixed(2) ?? "";
  const { decrement: table, weightedAverageLife, weightedAverageLifeToCall } = published;
  const cells = Object.entries(table.bySpeed).flatMap(([speed, column]) => {
    const result = find(`to maturity: abs ${speed} %`);
    const { faceCents } = measures(result, table.class);
    const balances = must(result.projection, [speed]).classes.balance; // A-1 is the first class
    return column.map((expected, month) => {
      const got = printed(decrement(faceCents, balances[month] ?? 0n));
      return compare(`${month + 1}`, `${table.class} % at ${speed} % ABS`, expected, got);
    });
  });
  const lives = Object.entries(weightedAverageLife.bySpeed).map(([speed, expected]) => {
    const got = life(find(`to maturity: abs ${speed} %`), weightedAverageLife.class);
    return compare("life", `${weightedAverageLife.class} WAL at ${speed} % ABS`, expected, got);
  });
  const { speed, byClass } = weightedAverageLifeToCall;
  const called = Object.entries(byClass).map(([name, expected]): FigureComparison => {
    const got = life(find(`to call: abs ${speed} %`), name);
    const key = `${name} WAL to the 10 % call at ${speed} % ABS`;
    return { ...compare("life", key, expected, got), features: ["call"] };
  });
  return [...cells, ...lives, ...called];
}
