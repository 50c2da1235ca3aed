import { expect } from "chai";
import { boundGas } from "../../../server/deals/bound-gas.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { randomDealText } from "../../fuzz/random-deal-text.ts";
import { randomDraw } from "../../fuzz/random-draw.ts";
import { randomInputs, randomState } from "../../fuzz/random-run.ts";
import { GOLDEN_FILES } from "../../server/deals/golden-files.ts";
import { deployTerms, engineGas, runBoth } from "./run-both.ts";

const RUNS = 5;
const RANDOM_DEALS = 60;

/**
 * Runs each trial in the contract's engine: the bound of a phase is above every run in it, and below
 * three times the dearest of them. (Some runs pass over most of their steps.)
 */
async function expectBounds(terms: DealTerms, most = 3): Promise<void> {
  const code = await deployTerms(terms);
  const draw = randomDraw(1, 1);
  const dearest = new Map<string, number>();
  for (let i = 0; i < RUNS; i += 1) {
    const state = randomState(draw, terms);
    const given = { terms, code, state, ...randomInputs(draw, terms, state) };
    const name = terms.phases[(await runBoth(given)).phaseRun]?.name ?? "";
    const gas = await engineGas(given);
    dearest.set(name, Math.max(gas, dearest.get(name) ?? 0));
  }
  const bounds = boundGas(terms);
  for (const [name, gas] of dearest) {
    const bound = bounds.find(({ phases }) => phases.includes(name))?.engine ?? 0;
    expect(bound, `${terms.dealId} in ${name}`).to.be.within(gas, most * gas);
  }
}

describe("The bound of a run's gas is above what the engine uses, and below three times that", () => {
  for (const { name, text } of GOLDEN_FILES) {
    it(`for ${name}`, async () => {
      const terms = compileDeal(text).deal?.terms;
      if (terms === undefined) throw new Error(`${name} does not compile`);
      await expectBounds(terms);
    });
  }

  it("for random programs with every step", async () => {
    for (let number = 0; number < RANDOM_DEALS; number += 1) {
      const terms = compileDeal(randomDealText(7, number)).deal?.terms;
      if (terms !== undefined) await expectBounds(terms);
    }
  }).timeout(300_000);

  it("and that of a whole distribution holds for the demo deal and CarMax, as they were measured", () => {
    // `npm run bench -- gas`: least and most of the deal's life.
    const measured: [name: string, least: number, most: number][] = [
      ["amcar-2017-4/deal.yaml", 305_243, 381_578],
      ["carmax-2020-2/deal.yaml", 458_780, 635_880],
    ];
    for (const [name, least, most] of measured) {
      const terms = compileDeal(GOLDEN_FILES.find((one) => one.name === name)?.text ?? "").deal
        ?.terms;
      const [first] = terms === undefined ? [] : boundGas(terms);
      expect(first?.total, name).to.be.within(most, 3 * least);
    }
  });
});
