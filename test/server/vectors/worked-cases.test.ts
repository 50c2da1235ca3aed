/** The worked cases of the eight programs, and the cure amounts, each printed figure to the cent. */
import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { findSources } from "../../../scripts/conformance/find-sources.ts";
import { replayFile } from "./replay-file.ts";

const programs = (await findSources()).filter(({ id }) => id.startsWith("program-"));
const WORKED_CASES = 18;
const CURE_CASES = 3;

for (const { title, inputs } of programs) {
  describe(title, () => {
    for (const { file, deal } of inputs) {
      const name = path.basename(file, ".json").replace("inputs-", "");
      it(`comes out as printed in case ${name}`, async () => {
        const { comparisons, differences } = await replayFile({ file, deal });
        assert.deepEqual(differences, []);
        assert.ok(comparisons.some(({ basis }) => basis === undefined));
      });
    }
  });
}

describe("the worked cases", () => {
  it("are all there", () => {
    const cases = programs.flatMap(({ inputs }) => inputs);
    assert.equal(cases.length, WORKED_CASES + CURE_CASES);
  });
});
