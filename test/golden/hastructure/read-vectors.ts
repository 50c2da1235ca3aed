/** The vectors as they were recorded: inputs and expected figures, by id. */
import { readFileSync } from "node:fs";
import type { FigureComparison } from "../../../scripts/replay/figure-comparison.ts";

/** Amounts and texts as the file has them; who reads a vector names the parts that it reads. */
export interface Vector<Inputs = unknown, Expected = unknown> {
  id: string;
  category: string;
  feature: string;
  inputs: Inputs;
  expected: Expected;
}

const file = JSON.parse(readFileSync(new URL("vectors.json", import.meta.url), "utf8")) as {
  vectors: Vector[];
};

export const VECTORS: readonly Vector[] = file.vectors;

/** @throws Error when there is no such vector */
export function vectorOf<Inputs, Expected>(id: string): Vector<Inputs, Expected> {
  const vector = VECTORS.find((each) => each.id === id);
  if (vector === undefined) throw new Error(`there is no vector ${id}`);
  return vector as Vector<Inputs, Expected>;
}

/** One figure of a vector beside what the product gives for it. */
export function compareFigure(
  id: string,
  key: string,
  { expected, got }: { expected: string; got: string },
): FigureComparison {
  return { period: id, key, expected, got, equal: expected === got, features: [] };
}
