import { expect } from "chai";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { SPLIT_ROUNDINGS } from "../../../server/deals/terms-format.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import { randomDraw } from "../../fuzz/random-draw.ts";
import { randomInputs, randomState } from "../../fuzz/random-run.ts";
import { compileGolden, figuresOf, readGoldenJson } from "../../server/waterfall/golden-deals.ts";
import { compileParts } from "./compile-parts.ts";
import { fuzzDeal, fuzzParts } from "./fuzz-deal.ts";
import { deployTerms, runAllInBoth, runBoth } from "./run-both.ts";

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

/** Compares the engines over random runs of one deal; tells how many raised a flag. */
async function compare(terms: DealTerms, count: number): Promise<number> {
  const code = await deployTerms(terms);
  const draw = randomDraw(1, 0);
  const cases = Array.from({ length: count }, () => {
    const state = randomState(draw, terms);
    return { terms, code, state, ...randomInputs(draw, terms, state) };
  });
  const runs = await runAllInBoth(cases);
  return runs.filter(({ flags }) => flags !== 0).length;
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
});
