/** The eight programs on states and figures that no case foresaw: the laws hold on every run. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findSources } from "../../../scripts/conformance/find-sources.ts";
import { readDeal } from "../../../scripts/replay/read-files.ts";
import { runTrials } from "../../fuzz/fuzz-deal.ts";
import { brokenLaws } from "../../fuzz/run-laws.ts";

const programs = (await findSources()).filter(({ id }) => id.startsWith("program-"));
for (const { title, inputs } of programs) {
  describe(title, () => {
    it("pays what it has, nobody above the claim, and leaves no balance below zero", async () => {
      const { terms } = await readDeal(inputs[0]?.deal ?? "");
      for (let number = 0; number < 15; number += 1) {
        for (const { given, run } of runTrials(terms, { seed: 1, number })) {
          assert.deepEqual(brokenLaws(terms, given, run), []);
        }
      }
    });
  });
}
