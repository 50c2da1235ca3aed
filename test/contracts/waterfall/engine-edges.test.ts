/** Values at the edges of what the engine's words hold, in both engines. */
import { expect } from "chai";
import { FLAG } from "../../../server/deals/terms-format.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import { handMadeDeal } from "../../server/waterfall/hand-made-deal.ts";
import type { DealParts } from "../../server/waterfall/hand-made-deal.ts";
import { deployTerms, runBoth } from "./run-both.ts";

const LARGEST = 2n ** 127n - 1n;

async function run(parts: DealParts, figures: bigint[] = [0n, 0n, 0n, 0n]) {
  const terms = handMadeDeal(parts);
  return runBoth({
    ...{ terms, code: await deployTerms(terms), state: openingState(terms) },
    figures: terms.figures.map((_, i) => figures[i] ?? 0n),
  });
}

/** Amount and flags of a named expression. */
async function evaluate(amount: string) {
  const { records } = await run({
    classes: [{}],
    programs: [[{ operation: "LET", list: [], amount }]],
  });
  return [records[0]!.demand, records[0]!.flags];
}

describe("Engine: at the edges", () => {
  it("cuts each operand of a division alone to 2^127 - 1", async () => {
    const huge = `${2n ** 126n}; ${2n ** 126n}; ADD`;
    // 3 x 2^127 / 2^126 would be 6; with the factor cut it is 3 x (2^127 - 1) / 2^126 = 5.
    expect(await evaluate(`3; ${huge}; ${2n ** 126n}; MULDIV`)).to.deep.equal([5n, FLAG.OVERFLOW]);
    expect(await evaluate(`${huge}; 3; ${2n ** 126n}; MULDIV`)).to.deep.equal([5n, FLAG.OVERFLOW]);
    // 2^126 x 4 / 2^127 would be 2; by 2^127 - 1 it is 2, and one more makes no third.
    expect(await evaluate(`${2n ** 126n}; 4; ${huge}; MULDIV`)).to.deep.equal([2n, FLAG.OVERFLOW]);
    expect((LARGEST * 3n) / 2n ** 126n).to.equal(5n);
  });

  it("takes a negative condition for a true one, recorded as the largest", async () => {
    const step = { operation: "IF" as const, list: [], amount: "0; 1; SUB", jump: 2 };
    const { records } = await run({
      classes: [{}],
      programs: [[step, { operation: "LET", list: [], amount: "7" }]],
    });
    expect(records[0]!.demand).to.equal(2n ** 64n - 1n);
    expect(records[0]!.flags).to.equal(FLAG.OVERFLOW);
    expect(records[1]!.demand).to.equal(7n);
  });

  it("cures nothing by a negative figure, whichever of the three it is", async () => {
    for (const amounts of ["0; 1; SUB; 5; 5", "5; 0; 1; SUB; 5", "5; 5; 0; 1; SUB"]) {
      expect(await evaluate(`${amounts}; CUREIC 1`)).to.deep.equal([0n, FLAG.NEGATIVE]);
    }
  });
});
