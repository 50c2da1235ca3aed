import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import { advanceWaterfall } from "../../../server/waterfall/advance-waterfall.ts";
import {
  compileCase,
  inputOf,
  readingFaults,
  repetitionFaults,
  runTrials,
} from "../../fuzz/fuzz-deal.ts";
import type { Trial } from "../../fuzz/fuzz-deal.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { CompiledDeal } from "../../../server/deals/compile-deal.ts";
import { decompilePrograms } from "../../../server/deals/decompile-programs.ts";
import { readTerms } from "../../../server/deals/read-terms.ts";
import { randomDealText } from "../../fuzz/random-deal-text.ts";
import { randomDraw } from "../../fuzz/random-draw.ts";
import { randomInputs } from "../../fuzz/random-run.ts";
import { brokenLaws, LAWS } from "../../fuzz/run-laws.ts";

const SEED = 7;
const DEALS = 150;

/** Deals of every feature, each with the first periods of its life and any other states. */
const deals: { text: string; deal: CompiledDeal; trials: Trial[] }[] = [];
for (let number = 0; deals.length < DEALS; number += 1) {
  const text = randomDealText(SEED, number);
  const { deal, fault } = compileCase(text);
  assert.equal(fault, null, `deal ${number}`);
  if (deal === null) continue;
  deals.push({ text, deal, trials: runTrials(deal.terms, { seed: SEED, number }) });
}
const total = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);

describe("laws of the engine, on random deals and states", () => {
  const broken = deals.flatMap(({ deal, trials }) =>
    trials.flatMap(({ given, run }) => brokenLaws(deal.terms, given, run)),
  );

  for (const [kind, sentence] of Object.entries(LAWS)) {
    test(sentence, () => {
      assert.deepEqual(
        broken.filter((law) => law.kind === kind),
        [],
      );
    });
  }

  test("[W1] [W2] the same input gives the same words, and the words hold the state", () => {
    for (const { deal, trials } of deals) {
      const { given, run } = trials[3] ?? assert.fail();
      assert.deepEqual(repetitionFaults(inputOf(deal.terms, given), run), []);
    }
  });

  test("[W3] period after period, nothing is lost over many", () => {
    for (const [number, { deal }] of deals.entries()) {
      const { terms } = deal;
      const draw = randomDraw(SEED, number);
      let state = openingState(terms);
      let [received, paid] = [total(state.accounts), 0n];
      for (let period = 1; period <= terms.calendar.length; period += 1) {
        const inputs = randomInputs(draw, terms, state);
        const run = advanceWaterfall({ terms, state, period, ...inputs });
        received += inputs.figures[3] ?? 0n;
        paid += total(run.classes.map((result) => result.interestPaid + result.principalPaid));
        paid += total(run.payees);
        ({ state } = run);
      }
      assert.equal(received, paid + total(state.accounts));
    }
  });

  test("a purchase at any price pays at most what its step asks and has", () => {
    for (const { deal, trials } of deals.filter(({ deal: { terms } }) => terms.buys)) {
      for (const { given } of trials.slice(0, 5)) {
        const input = { ...inputOf(deal.terms, given), purchasePrice: "any" as const };
        const run = runWaterfall(input);
        assert.deepEqual(brokenLaws(deal.terms, given, run), []);
      }
    }
  });
});

describe("laws of the compiler", () => {
  test("bytes and terms say the same, and every deal and step can be read", () => {
    for (const { deal } of deals) assert.deepEqual(readingFaults(deal), []);
  });

  test("programs written again from the bytes compile to the same bytes", () => {
    for (const { deal, text } of deals) {
      const own = text.replace(/^phases:\n(?:  .*\n)+/m, "").replace(/^programs:[\s\S]*/m, "");
      const again = compileDeal(`${own}${decompilePrograms(readTerms(deal.bytes))}`);
      assert.deepEqual(again.deal?.bytes, deal.bytes);
    }
  });
});
