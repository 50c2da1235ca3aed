import { expect } from "chai";
import fc from "fast-check";
import { boundGas } from "../../../server/deals/bound-gas.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { GOLDEN_FILES } from "../../server/deals/golden-files.ts";
import { randomDealText, randomFigures, randomState } from "../../server/waterfall/random-deals.ts";
import { randomExtras, randomTerms } from "./random-terms.ts";
import { deployTerms, engineGas, runBoth } from "./run-both.ts";

interface Trial {
  state: Parameters<typeof runBoth>[0]["state"];
  figures: bigint[];
  extras: bigint[];
  notices: number;
}

const trialOf = (terms: DealTerms): fc.Arbitrary<Trial> =>
  fc.record({
    state: fc
      .tuple(randomState(terms), fc.nat({ max: terms.phases.length - 1 }))
      .map(([state, phase]) => ({ ...state, phase })),
    figures: randomFigures(terms),
    extras: randomExtras,
    notices: fc.nat({ max: 3 }),
  });

const randomDeal: fc.Arbitrary<DealTerms> = fc.oneof(
  randomTerms,
  randomDealText
    .map((text) => compileDeal(text).deal?.terms)
    .filter((terms) => terms !== undefined),
);

/**
 * Runs each trial in the contract's engine: the bound of a phase is above every run in it, and below
 * three times the dearest of them. (Some runs pass over most of their steps.)
 */
async function expectBounds(terms: DealTerms, trials: readonly Trial[]): Promise<void> {
  const code = await deployTerms(terms);
  const extraCount = terms.indices.length + (terms.buys ? 1 : 0);
  const dearest = new Map<string, number>();
  for (const trial of trials) {
    const given = { terms, code, ...trial, extras: trial.extras.slice(0, extraCount) };
    const name = terms.phases[(await runBoth(given)).phaseRun]?.name ?? "";
    const gas = await engineGas(given);
    dearest.set(name, Math.max(gas, dearest.get(name) ?? 0));
  }
  const bounds = boundGas(terms);
  for (const [name, gas] of dearest) {
    const bound = bounds.find(({ phases }) => phases.includes(name))?.engine ?? 0;
    expect(bound, `${terms.dealId} in ${name}`).to.be.within(gas, 3 * gas);
  }
}

describe("The bound of a run's gas is above what the engine uses, and below three times that", () => {
  for (const { name, text } of GOLDEN_FILES) {
    it(`for ${name}`, async () => {
      const terms = compileDeal(text).deal?.terms;
      if (terms === undefined) throw new Error(`${name} does not compile`);
      await expectBounds(terms, fc.sample(trialOf(terms), { numRuns: 4, seed: 1 }));
    });
  }

  it("for random programs with every step and opcode", async () => {
    const trials = randomDeal.chain((terms) =>
      fc.tuple(fc.constant(terms), fc.array(trialOf(terms), { minLength: 5, maxLength: 5 })),
    );
    const law = fc.asyncProperty(trials, ([terms, runs]) => expectBounds(terms, runs));
    await fc.assert(law, { numRuns: Number(process.env["FUZZ_RUNS"] ?? 60), seed: 2 });
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
