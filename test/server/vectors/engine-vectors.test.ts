/** The vectors of two public engines: each is run by what the product has, or said not to be run. */
import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { findSources } from "../../../scripts/conformance/find-sources.ts";
import type { FigureComparison } from "../../../scripts/replay/figure-comparison.ts";
import { compareFigures } from "../../golden/hastructure/figures.ts";
import { VECTORS } from "../../golden/hastructure/read-vectors.ts";
import { listDifferent, replayFile } from "./replay-file.ts";

const source = (await findSources()).find(({ id }) => id === "hastructure");
assert.ok(source !== undefined);
const notRun = new Set((source.notRun ?? []).map(({ id }) => id));
const direct = await compareFigures();

/** `inputs-HA-U20-3.json` belongs to HA-U20. */
const filesOf = (vector: string) =>
  source.inputs.filter(({ file }) =>
    path.basename(file).slice("inputs-".length).startsWith(vector),
  );

/** Every number that a vector expects; texts, dates and absent values are none. */
function numbersIn(expected: unknown): number[] {
  if (typeof expected === "number") return [expected];
  if (typeof expected === "string") {
    return /^-?\d+(\.\d+)?$/.test(expected) ? [Number(expected)] : [];
  }
  if (typeof expected !== "object" || expected === null) return [];
  return Object.values(expected).flatMap(numbersIn);
}

/** A rate is compared per 100, the rates of HA-U33 per 100,000; a drawing is a negative payment. */
const SCALES = [1, -1, 100, 100_000];

/** The numbers of a vector that nothing was compared with. */
function missingFrom(expected: unknown, comparisons: readonly FigureComparison[]): number[] {
  const compared = comparisons.map((comparison) => Number(comparison.expected));
  return numbersIn(expected).filter(
    (number) =>
      !SCALES.some((scale) => compared.some((each) => Math.abs(each - number * scale) < 1e-9)),
  );
}

describe("the vectors of Hastructure and AbsBox", () => {
  for (const { id, feature, expected } of VECTORS.filter((vector) => !notRun.has(vector.id))) {
    it(`[${id}] ${feature}`, async () => {
      const replayed = await Promise.all(filesOf(id).map(replayFile));
      const own = direct.filter(({ period }) => period === id);
      const comparisons = [...own, ...replayed.flatMap((each) => each.comparisons)];
      const differences = replayed.flatMap((each) => each.differences);
      assert.deepEqual([...listDifferent(own), ...differences], []);
      assert.ok(comparisons.length > 0, "nothing was compared");
      assert.deepEqual(missingFrom(expected, comparisons), []);
    });
  }

  it("are run or said not to be run, each with its reason", () => {
    const known = new Set(VECTORS.map(({ id }) => id));
    assert.deepEqual(
      [...notRun].filter((id) => !known.has(id)),
      [],
    );
    assert.equal(VECTORS.length, 113);
    for (const { file } of source.inputs) {
      const [id] = /HA-[A-Z]\d\d/.exec(path.basename(file)) ?? [""];
      assert.ok(known.has(id) && !notRun.has(id), `${file} belongs to no vector that is run`);
    }
  });
});
