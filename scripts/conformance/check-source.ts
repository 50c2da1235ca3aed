/** Runs one source on one engine: every figure that was published beside the one that was computed. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import type { BoundInputs } from "../replay/bind-inputs.ts";
import type { FigureComparison } from "../replay/figure-comparison.ts";
import { readBoundInputs, readDeal } from "../replay/read-files.ts";
import { type PeriodEngine, runPeriods } from "../replay/run-periods.ts";
import { compareRatios } from "./compare-ratios.ts";
import type { ConformanceSource } from "./find-sources.ts";

/** Makes the engine for a deal. Null where it cannot run these inputs. */
export type EngineOf = (deal: CompiledDeal, inputs: BoundInputs) => Promise<PeriodEngine | null>;

/** A figure with the file that it comes from. */
export interface SourceFigure extends FigureComparison {
  file: string;
}

export interface CheckedSource {
  source: ConformanceSource;
  figures: SourceFigure[];
  /** Dates that are not the calendar's, and files that could not be run, one a line. */
  faults: string[];
}

interface FiguresModule {
  compareFigures(): Promise<FigureComparison[]>;
}

async function runInputs(
  checked: CheckedSource,
  entry: ConformanceSource["inputs"][number],
  engineOf: EngineOf,
): Promise<void> {
  const file = path.basename(entry.file, ".json");
  const deal = await readDeal(entry.deal);
  const { bound } = await readBoundInputs(deal, entry.file);
  const engine = await engineOf(deal, bound);
  if (engine === null) return;
  const { comparisons, dates } = await runPeriods(deal.terms, bound, engine);
  checked.figures.push(...comparisons.map((comparison) => ({ ...comparison, file })));
  for (const { period, key, expected, got } of dates) {
    checked.faults.push(`${file}: ${period} ${key} ${expected} ${got}`);
  }
}

async function checkSource(
  source: ConformanceSource,
  engineOf: EngineOf,
  withoutRun: boolean,
): Promise<CheckedSource> {
  const checked: CheckedSource = { source, figures: [], faults: [] };
  const attempt = async (file: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      checked.faults.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const entry of source.inputs) {
    await attempt(entry.file, () => runInputs(checked, entry, engineOf));
  }
  if (!withoutRun) return checked;
  const add = async (file: string, figures: Promise<FigureComparison[]>): Promise<void> => {
    checked.figures.push(...(await figures).map((figure) => ({ ...figure, file })));
  };
  if (source.hasRatios) {
    await attempt("ratios.json", () => add("ratios", compareRatios(source.folder)));
  }
  if (source.hasFigures) {
    await attempt("figures.ts", async () => {
      const { href } = pathToFileURL(path.join(source.folder, "figures.ts"));
      const module = (await import(href)) as FiguresModule;
      await add("figures", module.compareFigures());
    });
  }
  return checked;
}

/**
 * Every figure of every source, on an engine. A file that cannot be read or run is a fault of its
 * source, never left out.
 * @param withoutRun whether the figures that are no run are compared too: no engine computes them
 */
export async function checkSources(
  sources: readonly ConformanceSource[],
  engineOf: EngineOf,
  { withoutRun } = { withoutRun: true },
): Promise<CheckedSource[]> {
  const checked: CheckedSource[] = [];
  for (const source of sources) checked.push(await checkSource(source, engineOf, withoutRun));
  return checked;
}
