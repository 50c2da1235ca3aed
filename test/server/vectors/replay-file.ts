/** One inputs file run by the TypeScript engine: what was compared, and what is not the calendar's. */
import type { FigureComparison } from "../../../scripts/replay/figure-comparison.ts";
import { formatDifference } from "../../../scripts/replay/figure-comparison.ts";
import { readBoundInputs, readDeal } from "../../../scripts/replay/read-files.ts";
import { runPeriods, typescriptEngine } from "../../../scripts/replay/run-periods.ts";

export interface ReplayedFile {
  comparisons: FigureComparison[];
  /** Figures and dates that differ, one a line. */
  differences: string[];
}

/** Lines for the figures that are not equal. */
export function listDifferent(comparisons: readonly FigureComparison[]): string[] {
  return comparisons.filter(({ equal }) => !equal).map(formatDifference);
}

/** @throws InputsError when either file cannot be used */
export async function replayFile(files: { deal: string; file: string }): Promise<ReplayedFile> {
  const deal = await readDeal(files.deal);
  const { bound } = await readBoundInputs(deal, files.file);
  const { comparisons, dates } = await runPeriods(deal.terms, bound, typescriptEngine(deal.terms));
  const moved = dates.map(
    ({ period, key, expected, got }) => `${period} ${key} ${expected} ${got}`,
  );
  return { comparisons, differences: [...listDifferent(comparisons), ...moved] };
}
