/** The eight programs on states and figures that no case foresaw: the laws hold on every run. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { findSources } from "../../../scripts/conformance/find-sources.ts";
import { readDeal } from "../../../scripts/replay/read-files.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { AVAILABLE_FUNDS } from "../../../server/deals/terms-format.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import { randomFigures, randomState } from "../waterfall/random-deals.ts";

const programs = (await findSources()).filter(({ id }) => id.startsWith("program-"));
const total = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);

/** A run of any phase; what a program buys costs whatever it has for it. */
const runsOf = (terms: DealTerms) =>
  fc
    .record({
      state: randomState(terms),
      phase: fc.nat({ max: terms.phases.length - 1 }),
      figures: randomFigures(terms),
    })
    .map(({ state: random, phase, figures }) => {
      const state = { ...random, phase };
      const price = terms.buys ? { purchasePrice: "any" as const } : {};
      const given = { terms, state, figures, extras: terms.indices.map(() => 0n), ...price };
      return {
        state,
        figures,
        run: runWaterfall({ ...given, period: state.lastPeriod + 1, chainDealId: 0n }),
      };
    });

for (const { title, inputs } of programs) {
  describe(title, () => {
    it("pays what it has, nobody above the claim, and leaves no balance below zero", async () => {
      const { terms } = await readDeal(inputs[0]?.deal ?? "");
      const law = fc.property(runsOf(terms), ({ state, figures, run }) => {
        const paid = run.classes.map(
          ({ interestPaid, principalPaid }) => interestPaid + principalPaid,
        );
        const out = total(paid) + total(run.payees) + total(run.state.accounts);
        assert.equal(total(state.accounts) + (figures[AVAILABLE_FUNDS] ?? 0n), out);
        run.classes.forEach(({ interestDue, interestPaid, principalPaid }, i) => {
          const [before, after] = [state.classes[i], run.state.classes[i]];
          assert.ok(before && after && after.balance >= 0n && interestPaid <= interestDue);
          const capitalised = run.capitalised[i] ?? 0n;
          const owed = before.balance + before.written + capitalised;
          assert.equal(after.balance + after.written + principalPaid, owed);
        });
        assert.ok(run.state.accounts.every((cents) => cents >= 0n));
      });
      fc.assert(law, { numRuns: 300 });
    });
  });
}
