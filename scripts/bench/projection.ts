/** The two bars of a projection, each over a made-up deal of 360 months and eight classes. */
import { availableParallelism } from "node:os";
import { compileDeal } from "../../server/deals/compile-deal.ts";
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import { planScenario } from "../../server/projection/figure-sources.ts";
import type { ScenarioPlan } from "../../server/projection/figure-sources.ts";
import { openProjection } from "../../server/projection/open-projection.ts";
import { parsePool } from "../../server/projection/parse-pool.ts";
import type { Pool } from "../../server/projection/pool.ts";
import { readScenarios } from "../../server/projection/read-scenarios.ts";
import { runScenarios } from "../../server/projection/run-scenarios.ts";
import { BENCH_POOL_CENTS, benchDeal } from "./projection-deal.ts";

const MONTHS = 360;
/** Months with a rate of their own; the last one holds from then on. */
const PATH_MONTHS = 60;

export interface ProjectionBench {
  what: string;
  seconds: number;
  limit: number;
  /** Largest resident set of the process and its threads so far, in bytes. */
  peakBytes: number;
}

/** Numbers that look random and are the same in every run (Lehmer's generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A pool file of `rows` loans of 120 to 360 months, that sums to the deal's cut-off pool. */
function poolFile(rows: number): string {
  const next = numbers(rows);
  const lines = ["balance,apr,remainingTerm,age"];
  const even = Math.floor(BENCH_POOL_CENTS / rows);
  let left = BENCH_POOL_CENTS;
  let size = 0;
  for (let row = 1; row <= rows; row += 1) {
    size = row % 2 === 1 ? next() : 1 - size; // in pairs around the mean, so that the sum comes out
    const cents = row === rows ? left : Math.round(even * (0.5 + size));
    left -= cents;
    const remaining = row === 1 ? MONTHS : 120 + Math.floor(next() * 241);
    const apr = (4 + 5 * next()).toFixed(3);
    lines.push(`${(cents / 100).toFixed(2)},${apr},${remaining},${Math.floor(next() * 120)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** A scenarios file: every scenario has a prepayment and a default path of its own, by month. */
function scenariosFile(count: number): string {
  const next = numbers(7);
  const path = (most: number) => {
    const level = most * next();
    return Array.from({ length: PATH_MONTHS }, () => Number((level * (0.5 + next())).toFixed(4)));
  };
  const scenarios = Array.from({ length: count }, (_, i) => ({
    name: `path ${i + 1}`,
    cpr: path(25),
    cdr: path(4),
    severity: 40,
    recoveryLagMonths: 6,
  }));
  return JSON.stringify({ schema: "penstock-scenarios/1", scenarios });
}

function readPool(text: string): Pool {
  const { pool, problems } = parsePool(text);
  if (pool === null) throw new Error(problems[0]?.message);
  return pool;
}

function readPlans(deal: CompiledDeal, text: string): ScenarioPlan[] {
  const { file, problems } = readScenarios(text);
  if (file === null) throw new Error(problems[0]?.message);
  return file.scenarios.map((scenario) => {
    const planning = planScenario(deal, scenario);
    if (planning.plan === null) throw new Error(planning.problems[0]);
    return planning.plan;
  });
}

interface Load {
  rows: number;
  scenarios: number;
}

/** Reads the pool and the scenarios, folds the pool and runs every scenario, all in the time. */
async function measure(deal: CompiledDeal, { rows, scenarios }: Load): Promise<number> {
  const poolText = poolFile(rows);
  const scenariosText = scenariosFile(scenarios);
  const started = performance.now();
  const projected = openProjection(deal, readPool(poolText));
  const plans = readPlans(deal, scenariosText);
  let periods = 0;
  await runScenarios({
    deal: projected,
    plans,
    options: { breakEven: false, cashFlows: false },
    threads: availableParallelism(),
    onResult: (result) => (periods += result.periods),
  });
  const seconds = (performance.now() - started) / 1000;
  if (periods < scenarios * MONTHS) throw new Error(`only ${periods} periods were run`);
  return seconds;
}

/** Measures 1,000 scenarios over 1,000 replines, and one scenario over 100,000 loans. */
export async function benchProjection(): Promise<ProjectionBench[]> {
  const { deal, problems } = compileDeal(benchDeal(MONTHS));
  if (deal === null) throw new Error(problems[0]?.message);
  const peakBytes = () => process.resourceUsage().maxRSS * 1024;
  const loans = await measure(deal, { rows: 100_000, scenarios: 1 });
  const first = { what: "100,000 loans, 1 scenario", seconds: loans, limit: 5 };
  const afterLoans = peakBytes();
  const grid = await measure(deal, { rows: 1000, scenarios: 1000 });
  const second = { what: "1,000 replines, 1,000 scenarios", seconds: grid, limit: 60 };
  return [
    { ...first, peakBytes: afterLoans },
    { ...second, peakBytes: peakBytes() },
  ];
}

/** The bars as a table of lines. */
export function formatProjectionBench(bars: readonly ProjectionBench[]): string {
  const lines = bars.map(({ what, seconds, limit, peakBytes }) => {
    const took = `${seconds.toFixed(2)} s of ${limit} s`;
    const ratio = (seconds / limit).toFixed(3);
    return `${what.padEnd(33)}${took.padEnd(18)}ratio ${ratio}   ${Math.round(peakBytes / 1e6)} MB`;
  });
  const head = `360 months, 8 classes, on ${availableParallelism()} cores; every scenario its own prepayment and default path`;
  return [head, ...lines].join("\n");
}
