import { expect } from "chai";
import fc from "fast-check";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { SPLIT_ROUNDINGS } from "../../../server/deals/terms-format.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import type { WaterfallState } from "../../../server/waterfall/waterfall-state.ts";
import { compileGolden, figuresOf, readGoldenJson } from "../../server/waterfall/golden-deals.ts";
import { randomDealText, randomFigures, randomState } from "../../server/waterfall/random-deals.ts";
import { compileParts } from "./compile-parts.ts";
import { fuzzDeal, fuzzParts } from "./fuzz-deal.ts";
import { randomExtras, randomTerms } from "./random-terms.ts";
import { checkTerms, deployTerms, runAllInBoth, runBoth } from "./run-both.ts";

/** Charge-offs times 2^126, in two steps because a literal holds 64 bits. */
const wide = `muldiv(muldiv(p.chargeOffs, ${2n ** 63n}, 1), ${2n ** 63n}, 1)`;

/** Overflows, negatives, divisions by zero and nested branches. */
const edges = [
  `LET wide = ${wide} + ${wide} + ${wide}`,
  "LET minus = 0 - p.otherAdjustments",
  "LET up = muldivUp(wide, p.recoveries, p.otherAdjustments)",
  "LET share = pctUp(p.poolClosing, p.chargeOffs)",
  "IF p.otherAdjustments != 0 {",
  "IF p.chargeOffs < p.recoveries or not p.chargeOffs != 0 {",
  "LOSS p.chargeOffs -> C, B, A AS loss",
  "} ELSE {",
  "GAIN wide -> B, A",
  "}",
  "MOVE COLL -> RES UPTO max(0 - p.otherAdjustments, lost.loss)",
  "} ELSE {",
  "FILL COLL -> RES TO wide",
  "}",
  "FEE COLL -> trusteeFee, servicingFee PRORATA CAP up",
  "INT RES -> C, A SEQ CAP share",
  "INT COLL -> A, B, C PRORATA AS int",
  "PRIN COLL -> C, A, B PRORATA(0 - p.otherAdjustments; share; sumwritten(A, B, C)) UPTO wide - paid.int",
  "REST RES -> residual",
];

const shift = (amounts: bigint[], by: bigint) => amounts.map((amount) => amount << by);

/** Amounts of up to 48 bits, or of up to 60, in either phase. */
const wideRun = (terms: DealTerms) =>
  fc
    .tuple(randomState(terms), randomFigures(terms), fc.constantFrom(0n, 12n), fc.nat({ max: 1 }))
    .map(([state, figures, by, phase]): { state: WaterfallState; figures: bigint[] } => ({
      state: {
        ...state,
        phase,
        classes: state.classes.map((before) => ({
          ...before,
          ...{ balance: before.balance << by, shortfall: before.shortfall << by },
          shortfallInterest: before.shortfallInterest << by,
          written: before.written << by,
        })),
        accounts: shift(state.accounts, by),
        feesUnpaid: shift(state.feesUnpaid, by),
      },
      figures: shift(figures, by),
    }));

/** Compares the engines over random runs of one deal; tells how many raised a flag. */
async function compare(terms: DealTerms, numRuns: number): Promise<number> {
  const code = await deployTerms(terms);
  let flagged = 0;
  const law = fc.asyncProperty(wideRun(terms), async (given) => {
    const { flags } = await runBoth({ terms, code, ...given });
    if (flags !== 0) flagged += 1;
  });
  await fc.assert(law, { numRuns, seed: 1 });
  return flagged;
}

describe("The contract's engine and the TypeScript engine give the same words", () => {
  for (const name of ["amcar-2017-4", "amcar-2017-4-write-down"]) {
    it(`for every period of ${name}, and for its tail in the accelerated phase`, async () => {
      const { terms } = compileGolden(name);
      const code = await deployTerms(terms);
      const tapes = readGoldenJson<Record<string, string>[]>("amcar-2017-4/figures.json");
      let state = openingState(terms);
      for (let i = 0; i < terms.calendar.length; i += 1) {
        const figures = figuresOf(terms, tapes[Math.min(i, tapes.length - 1)] ?? {});
        state = (await runBoth({ terms, code, state, figures })).state;
      }
      expect(state.phase).to.equal(1);
    });
  }

  it("for random states of program (a) with write-downs", async () => {
    await compare(fuzzDeal, 150);
  });

  for (const splitRounding of SPLIT_ROUNDINGS) {
    it(`for overflows, negatives and zero divisors, split rounding ${splitRounding}`, async () => {
      const programs = { normal: edges, proRata: edges.slice(0, 2) };
      const terms = compileParts({ ...fuzzParts, programs, splitRounding });
      expect(await compare(terms, 100)).to.be.above(50);
    });
  }

  it("for random programs, states and figures", async () => {
    const deals = randomDealText
      .map((text) => compileDeal(text).deal)
      .filter((deal) => deal !== null);
    const trials = deals.chain(({ terms }) =>
      fc.record({
        terms: fc.constant(terms),
        runs: fc.array(fc.tuple(randomState(terms), randomFigures(terms)), {
          minLength: 3,
          maxLength: 3,
        }),
      }),
    );
    const law = fc.asyncProperty(trials, async ({ terms, runs }) => {
      const code = await deployTerms(terms);
      for (const [state, figures] of runs) await runBoth({ terms, code, state, figures });
    });
    await fc.assert(law, { numRuns: Number(process.env["FUZZ_RUNS"] ?? 60) });
  }).timeout(300_000);

  it("for random terms that use every feature", async () => {
    const trials = randomTerms.chain((terms) =>
      fc.record({
        terms: fc.constant(terms),
        runs: fc.array(
          fc.record({
            ...{ state: randomState(terms), figures: randomFigures(terms), extras: randomExtras },
            ...{ phase: fc.nat({ max: 2 }), notices: fc.nat({ max: 3 }) },
          }),
          { minLength: 4, maxLength: 4 },
        ),
      }),
    );
    const law = fc.asyncProperty(trials, async ({ terms, runs }) => {
      await checkTerms(terms);
      const code = await deployTerms(terms);
      await runAllInBoth(
        runs.map(({ phase, state, ...given }) => ({
          ...{ terms, code, ...given },
          state: { ...state, phase },
        })),
      );
    });
    await fc.assert(law, { numRuns: Number(process.env["FUZZ_RUNS"] ?? 60) });
  }).timeout(300_000);
});
