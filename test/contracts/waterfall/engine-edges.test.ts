/** Values at the edges of what the engine's words hold, in both engines. */
import { rejects } from "node:assert/strict";
import { expect } from "chai";
import { FLAG } from "../../../server/deals/terms-format.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import { handMadeDeal } from "../../server/waterfall/hand-made-deal.ts";
import type { DealParts } from "../../server/waterfall/hand-made-deal.ts";
import { deployTerms, engineGas, runBoth } from "./run-both.ts";

const LARGEST = 2n ** 127n - 1n;

async function run(parts: DealParts, figures: bigint[] = [0n, 0n, 0n, 0n], lastPeriod = 0) {
  const terms = handMadeDeal(parts);
  return runBoth({
    ...{ terms, code: await deployTerms(terms), state: { ...openingState(terms), lastPeriod } },
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

  it("knows no value of the past beyond what a series keeps, nor before the first period", async () => {
    const parts = (ago: number): DealParts => ({
      classes: [{}],
      series: [{ name: "s", value: "5", depth: 3, at: "before" }],
      programs: [[{ operation: "LET", list: [], amount: `HIST ${ago}` }]],
    });
    const valueAt = async (ago: number) =>
      (await run(parts(ago), undefined, 10)).records[0]!.demand;
    // Recorded before the steps: this period's is there, those of the last ten were never.
    expect(await valueAt(0)).to.equal(5n);
    expect(await valueAt(2)).to.equal(0n);
    expect(await valueAt(3)).to.equal(0n);
    expect(await valueAt(200)).to.equal(0n);
  });

  it("fills a ledger up to 2^64 - 1 and not beyond", async () => {
    const debit = { operation: "BOOK" as const, mode: "DR" as const, list: [], destination: 0 };
    const { records } = await run({
      classes: [{}],
      ledgers: 1,
      programs: [
        [
          { ...debit, amount: `${2n ** 63n}` },
          { ...debit, amount: `${2n ** 63n}` },
        ],
      ],
    });
    expect(records.map(({ paid }) => paid)).to.deep.equal([2n ** 63n, 2n ** 63n - 1n]);
  });

  it("pays a little out of an account that holds more than 2^64", async () => {
    const funds = 2n ** 62n;
    const { records } = await run(
      {
        classes: [{}],
        accounts: [{ deposit: 2n ** 64n - 1n, receives: 0 }, {}],
        programs: [[{ operation: "MOVE", list: [], destination: 1, amount: "5" }]],
      },
      [0n, 0n, 0n, funds],
    );
    expect([records[0]!.demand, records[0]!.paid]).to.deep.equal([5n, 5n]);
  });

  it("keeps fees under a cap to it in a step that asks for caps, and those without one to nothing", async () => {
    const fee = { kind: "fixed" as const, amount: 100n, payee: 0 };
    const { records } = await run(
      {
        classes: [{}],
        caps: [{ name: "c", cents: 30n, year: "life of the deal" }],
        fees: [{ ...fee, cap: 0 }, fee],
        programs: [[{ operation: "FEE", capEach: true, list: [0, 1] }]],
      },
      [0n, 0n, 0n, 500n],
    );
    // 30 of the first, 100 of the second.
    expect([records[0]!.demand, records[0]!.paid]).to.deep.equal([200n, 130n]);
  });

  it("runs no period that its calendar lacks", async () => {
    const terms = handMadeDeal({ classes: [{}], programs: [[]] });
    const given = { terms, code: await deployTerms(terms), figures: [0n, 0n, 0n, 0n] };
    for (const lastPeriod of [-1, terms.calendar.length]) {
      const state = { ...openingState(terms), lastPeriod };
      await rejects(engineGas({ ...given, state }), /PeriodUnknown|reverted/);
    }
  });
});
