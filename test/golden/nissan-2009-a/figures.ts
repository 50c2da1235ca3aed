/** Factors and amounts per 1,000 that the certificates print; `holders.json` holds them. */
import { compareHolderFigures } from "../../../scripts/conformance/compare-holder-figures.ts";
import type { FigureComparison } from "../../../scripts/replay/figure-comparison.ts";

/** @throws Error when a figure names what the deal does not have */
export function compareFigures(): Promise<FigureComparison[]> {
  return compareHolderFigures(import.meta.dirname);
}
