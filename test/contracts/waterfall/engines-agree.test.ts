import { expect } from "chai";
import fc from "fast-check";
import { network } from "hardhat";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { readTerms } from "../../../server/deals/read-terms.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import type { WaterfallRun } from "../../../server/waterfall/run-waterfall.ts";
import { openingState, stateToWords } from "../../../server/waterfall/waterfall-state.ts";
import type { WaterfallState } from "../../../server/waterfall/waterfall-state.ts";
import { compileGolden, figuresOf, readGoldenJson } from "../../server/waterfall/golden-deals.ts";
import { randomDealText, randomFigures, randomState } from "../../server/waterfall/random-deals.ts";
import * as worked from "../../server/waterfall/worked-cases.ts";
import { creationOf } from "./assemble-terms.ts";

const { ethers } = await network.create();
const signer = await ethers.provider.getSigner();
const harness = await ethers.deployContract("EngineHarness");

/** Writes the terms, without addresses, as a deal's code. */
async function deployTerms(bytes: Uint8Array): Promise<string> {
  const runtime = ethers.concat(["0x00", bytes]);
  const sent = await signer.sendTransaction({ data: creationOf(runtime) });
  const receipt = await sent.wait();
  if (!receipt?.contractAddress) throw new Error("the terms were not deployed");
  return receipt.contractAddress;
}

interface Given {
  terms: DealTerms;
  code: string;
  state: WaterfallState;
  figures: bigint[];
}

/** Runs the period after the state in both engines; their words must be the same. */
async function runBoth({ terms, code, state, figures }: Given): Promise<WaterfallRun> {
  const period = state.lastPeriod + 1;
  const run = runWaterfall({ terms, state, period, figures, chainDealId: 7n });
  const { phase, classWords, laneWords } = stateToWords(state);
  const given = { code, dealId: 7n, period, phase, classWords, laneWords, figures };
  const { words } = await harness.getFunction("run").staticCall(given);
  expect([...words].map(hex)).to.deep.equal(run.words.map(hex));
  return run;
}

const hex = (word: bigint) => `0x${word.toString(16).padStart(64, "0")}`;

describe("The contract's engine and the TypeScript engine give the same words", () => {
  for (const name of ["amcar-2017-4", "amcar-2017-4-write-down"]) {
    it(`for every period of ${name}, and for its tail in the accelerated phase`, async () => {
      const { bytes, terms } = compileGolden(name);
      const code = await deployTerms(bytes);
      const tapes = readGoldenJson<Record<string, string>[]>("amcar-2017-4/figures.json");
      let state = openingState(terms);
      for (let i = 0; i < terms.calendar.length; i += 1) {
        const figures = figuresOf(terms, tapes[Math.min(i, tapes.length - 1)] ?? {});
        state = (await runBoth({ terms, code, state, figures })).state;
      }
      expect(state.phase).to.equal(1);
    });
  }

  it("for the worked cases of program (a), which come out to the cent", async () => {
    const code = await deployTerms(worked.bytes);
    for (const { phase, figures } of worked.workedCases.cases) {
      const { terms } = worked;
      await runBoth({
        terms,
        code,
        state: worked.stateOf(phase),
        figures: figuresOf(terms, figures),
      });
    }
  });

  it("for random programs, states and figures", async () => {
    const deals = randomDealText
      .map((text) => compileDeal(text).deal)
      .filter((deal) => deal !== null)
      .map(({ bytes }) => ({ bytes, terms: readTerms(bytes) }));
    const trials = deals.chain(({ bytes, terms }) =>
      fc.record({
        bytes: fc.constant(bytes),
        terms: fc.constant(terms),
        runs: fc.array(fc.tuple(randomState(terms), randomFigures(terms)), {
          minLength: 3,
          maxLength: 3,
        }),
      }),
    );
    const law = fc.asyncProperty(trials, async ({ bytes, terms, runs }) => {
      const code = await deployTerms(bytes);
      for (const [state, figures] of runs) await runBoth({ terms, code, state, figures });
    });
    await fc.assert(law, { numRuns: Number(process.env["FUZZ_RUNS"] ?? 60) });
  }).timeout(300_000);
});
