/** The ratios that the reports print; `ratios.json` holds them. */
import { compareRatios } from "../../../scripts/conformance/compare-ratios.ts";
import type { FigureComparison } from "../../../scripts/replay/figure-comparison.ts";

/** @throws Error when a figure names what the deal does not have */
export function compareFigures(): Promise<FigureComparison[]> {
  return compareRatios(import.meta.dirname);
}
