import { problem } from "../errors.ts";
import type { DealFigure } from "../tapes/tape-deal.ts";
import { describeUnit, formatFigure, parseFigure } from "./figure-units.ts";

/** What is wrong with one figure that was stated, or was not. */
export interface FigureFault {
  figure: string;
  fault: string;
}

/** Figures as the servicer writes them, by name, each in its unit. */
export type WrittenFigures = Readonly<Record<string, string>>;

/**
 * The figures that the servicer states for a period: all that the deal's tapes do not give, and none else.
 * @returns integers by name: cents, counts, 1e18 rates, 0 or 1
 * @throws Problem figures-invalid naming every figure that is unknown, missing, malformed or out of bounds
 */
export function parseStatedFigures(
  figures: readonly DealFigure[],
  written: WrittenFigures,
): Map<string, bigint> {
  const faults = listUnknown(figures, written);
  const stated = new Map<string, bigint>();
  for (const figure of figures) {
    if (figure.source !== "servicer") continue;
    const value = readFigure(figure, written[figure.name]);
    if (typeof value === "bigint") stated.set(figure.name, value);
    else faults.push({ figure: figure.name, fault: value });
  }
  if (faults.length > 0) {
    const list = faults.map(({ figure, fault }) => `${figure}: ${fault}`).join("; ");
    throw problem("figures-invalid", { list }, { figures: faults });
  }
  return stated;
}

function listUnknown(figures: readonly DealFigure[], written: WrittenFigures): FigureFault[] {
  const stated = figures.filter(({ source }) => source === "servicer").map(({ name }) => name);
  return Object.keys(written)
    .filter((name) => !stated.includes(name))
    .map((figure) => ({
      figure,
      fault: figures.some(({ name }) => name === figure)
        ? "is summed from the tape; leave it out"
        : `is no figure of this deal; it states ${stated.join(", ") || "none"}`,
    }));
}

/** The value, or what is wrong with it. */
function readFigure(figure: DealFigure, written: string | undefined): bigint | string {
  const { unit, minimum, maximum } = figure;
  if (written === undefined) return `is missing; write ${describeUnit(unit)}`;
  const value = parseFigure(unit, written);
  if (value === null) return `${JSON.stringify(written)} does not fit; write ${describeUnit(unit)}`;
  if (value >= minimum && value <= maximum) return value;
  const [least, most] = [formatFigure(unit, minimum), formatFigure(unit, maximum)];
  return `${written} is not from ${least} to ${most}, which the deal allows`;
}
