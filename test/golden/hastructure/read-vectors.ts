/** The vectors as they were recorded: inputs and expected figures, by id. */
import { readFileSync } from "node:fs";
import type { FigureComparison } from "../../../scripts/replay/figure-comparison.ts";

/** Amounts and texts as the file has them; each reader knows the shape of its own vector. */
export interface Vector {
  id: string;
  category: string;
  feature: string;
  // eslint-disable-next-line typescript/no-explicit-any -- every vector has its own shape
  inputs: any;
  // eslint-disable-next-line typescript/no-explicit-any -- every vector has its own shape
  expected: any;
}

const file = JSON.parse(
  readFileSync(new URL("vectors.json", import.meta.url), "utf8"),
) as { vectors: Vector[] };

export const VECTORS: readonly Vector[] = file.vectors;

/** @throws Error when there is no such vector */
export function vectorOf(id: string): Vector {
  const vector = VECTORS.find((each) => each.id === id);
  if (vector === undefined) throw new Error(`there is no vector ${id}`);
  return vector;
}

/** One figure of a vector beside what the product gives for it. */
export function compareFigure(
  id: string,
  key: string,
  { expected, got }: { expected: string; got: string },
): FigureComparison {
  return { period: id, key, expected, got, equal: expected === got, features: [] };
}
