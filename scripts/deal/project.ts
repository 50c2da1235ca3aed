/** `deal project FILE --scenarios S`: a deal run forward over a pool, scenario by scenario. */
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import type { DealProblem } from "../../server/deals/deal-source.ts";
import { printableLine, printableText } from "../../server/lib/printable-text.ts";
import { planScenario } from "../../server/projection/figure-sources.ts";
import type { ScenarioPlan } from "../../server/projection/figure-sources.ts";
import { openProjection } from "../../server/projection/open-projection.ts";
import { parsePool } from "../../server/projection/parse-pool.ts";
import type { Pool } from "../../server/projection/pool.ts";
import { readScenarios } from "../../server/projection/read-scenarios.ts";
import type { ScenariosFile } from "../../server/projection/read-scenarios.ts";
import type { ScenarioResult } from "../../server/projection/run-scenario.ts";
import { runScenarios } from "../../server/projection/run-scenarios.ts";
import { UsageError } from "../run-command.ts";
import { openCashFlowFiles } from "./project-files.ts";
import { formatProjection } from "./project-tables.ts";

export const projectUsage = `npm run deal -- project FILE --scenarios S [--pool P] [--json OUT] [--csv OUT] [--full]
             the deal run forward over the loans or replines of P (CSV or JSON; or \`pool:\` of S)
             under the scenarios of S (YAML or JSON): WAL, first and last payment, losses by class;
             for up to ${detailLimit()} scenarios, or with --full, break-even CDR and decrement tables too`;

function detailLimit(): number {
  return 12;
}

interface Options {
  file: string;
  scenarios: string;
  pool: string | undefined;
  json: string | undefined;
  csv: string | undefined;
  full: boolean;
}

function readOptions(words: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      scenarios: { type: "string" },
      pool: { type: "string" },
      json: { type: "string" },
      csv: { type: "string" },
      full: { type: "boolean", default: false },
    },
  });
  const [file, ...others] = positionals;
  const { scenarios, pool, json, csv, full } = values;
  if (file === undefined || others.length > 0) throw new UsageError("project, and one deal file");
  if (scenarios === undefined) throw new UsageError("project needs --scenarios FILE");
  return { file, scenarios, pool, json, csv, full };
}

/** A file that cannot be used: its problems are printed, one a line, and the command ends with 1. */
class UnusableFile extends Error {
  override readonly name = "UnusableFile";
}

function refuse(file: string, problems: readonly string[]): never {
  for (const problem of problems) console.error(printableLine(`${file}: ${problem}`));
  throw new UnusableFile(file);
}

const describe = ({ line, column, code, value, message }: DealProblem): string =>
  `${line}:${column}: error: ${value === "" ? code : `${code} \`${value}\``}: ${message}`;

async function loadScenarios(file: string): Promise<ScenariosFile> {
  const reading = readScenarios(await readFile(file, "utf8"));
  return reading.file ?? refuse(file, reading.problems.map(describe));
}

async function loadPool(options: Options, scenarios: ScenariosFile): Promise<Pool> {
  const named =
    scenarios.pool === null
      ? undefined
      : path.resolve(path.dirname(options.scenarios), scenarios.pool);
  const file = options.pool ?? named;
  if (file === undefined)
    throw new UsageError("no pool: write --pool FILE, or `pool:` in the scenarios");
  const reading = parsePool(await readFile(file, "utf8"));
  return (
    reading.pool ??
    refuse(
      file,
      reading.problems.map(({ row, message }) => `row ${row}: ${message}`),
    )
  );
}

function planAll(deal: CompiledDeal, { scenarios }: ScenariosFile, file: string): ScenarioPlan[] {
  return scenarios.map((scenario) => {
    const { plan, problems } = planScenario(deal, scenario);
    return (
      plan ??
      refuse(
        file,
        problems.map((problem) => `scenario \`${scenario.name}\`: ${problem}`),
      )
    );
  });
}

/** Runs the command over a deal that compiles. @returns the exit code */
export async function projectCommand(
  words: readonly string[],
  loadDeal: (file: string) => Promise<CompiledDeal | null>,
): Promise<number> {
  const options = readOptions(words);
  const compiled = await loadDeal(options.file);
  if (compiled === null) return 1;
  try {
    await project(compiled, options);
    return 0;
  } catch (error) {
    if (error instanceof UnusableFile) return 1;
    throw error;
  }
}

async function project(compiled: CompiledDeal, options: Options): Promise<void> {
  const scenarios = await loadScenarios(options.scenarios);
  const plans = planAll(compiled, scenarios, options.scenarios);
  const pool = await loadPool(options, scenarios);
  const deal = openProjection(compiled, pool);
  const detailed = options.full || plans.length <= detailLimit();
  const files = openCashFlowFiles(compiled, { json: options.json, csv: options.csv });
  const results: ScenarioResult[] = [];
  try {
    await runScenarios({
      deal,
      plans,
      options: { breakEven: detailed, cashFlows: detailed || files.wanted },
      threads: availableParallelism(),
      onResult: (result) => {
        files.write(result);
        results.push(detailed ? result : { ...result, projection: null });
      },
    });
  } finally {
    files.close();
  }
  console.log(printableText(formatProjection({ compiled, pool, results, detailed })));
}
