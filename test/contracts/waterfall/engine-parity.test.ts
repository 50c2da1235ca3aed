import { expect } from "chai";
import { network } from "hardhat";
import { readTerms } from "../../../server/deals/read-terms.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import { stateFromWords } from "../../../server/waterfall/waterfall-state.ts";
import { assembleCode, assembleTerms, creationOf } from "./assemble-terms.ts";
import type { DealDraft } from "./assemble-terms.ts";
import { fuzzDeal } from "./fuzz-deal.ts";
import * as e from "./program-notation.ts";
import type { Expression, Step } from "./program-notation.ts";
import { packLanes } from "./read-words.ts";

const { ethers } = await network.create();

/** A small deterministic generator (xorshift64), so that a failure can be run again. */
function createRandom(seed: bigint) {
  let state = seed;
  const next = () => {
    state ^= BigInt.asUintN(64, state << 13n);
    state ^= state >> 7n;
    state ^= BigInt.asUintN(64, state << 17n);
    return state;
  };
  /** Zero, small, middling or up to `bits` bits. */
  const amount = (bits: number): bigint => {
    const kind = next() % 5n;
    if (kind === 0n) return 0n;
    if (kind === 1n) return next() % 50n;
    if (kind === 2n) return next() % 10n ** 9n;
    return BigInt.asUintN(bits, next());
  };
  return { amount, signed: (bits: number) => (next() % 4n === 0n ? -1n : 1n) * amount(bits) };
}

const wide = e.mulDiv(e.figure("loss"), e.number(2n ** 126n), e.number(1));
const minus = e.subtract(e.number(0), e.figure("ysoc"));
const named = (name: string, value: Expression): Step => ({ op: "LET", name, value });

/** Overflows, negatives, divisions by zero, nested branches and every comparison. */
const edges: Step[] = [
  named("wide", e.add(wide, wide, wide)),
  named("minus", minus),
  named("up", e.mulDivUp(e.named("wide"), e.figure("recovery"), e.figure("ysoc"))),
  named("share", e.percentUp(e.figure("poolClosing"), e.figure("loss"))),
  {
    op: "IF",
    when: minus,
    holds: [
      {
        op: "IF",
        when: e.or(e.less(e.figure("loss"), e.figure("recovery")), e.not(e.figure("loss"))),
        holds: [{ op: "LOSS", amount: e.figure("loss"), classes: ["C", "B", "A"], label: "loss" }],
        otherwise: [{ op: "GAIN", amount: e.named("wide"), classes: ["B", "A"] }],
      },
      { op: "MOVE", from: "COLL", to: "RES", upTo: e.max(minus, e.lost("loss")) },
    ],
    otherwise: [{ op: "FILL", from: "COLL", to: "RES", target: e.named("wide") }],
  },
  { op: "FEE", from: "COLL", fees: ["trustee", "servicer"], mode: "PRORATA", cap: e.named("up") },
  { op: "INT", from: "RES", classes: ["C", "A"], mode: "SEQ", cap: e.named("share") },
  { op: "INT", from: "COLL", classes: ["A", "B", "C"], mode: "PRORATA", label: "int" },
  {
    ...{ op: "PRIN", from: "COLL", classes: ["C", "A", "B"] },
    upTo: e.subtract(e.named("wide"), e.paid("int")),
    weights: [minus, e.named("share"), e.sumWritten("A", "B", "C")],
  },
  { op: "REST", from: "RES", payee: "residual" },
];

const edgeDeal: DealDraft = { ...fuzzDeal, phases: [edges, edges.slice(0, 2)] };

/** Runs both engines over `count` random states and compares their words. */
async function compare(draft: DealDraft, seed: bigint, count: number): Promise<number> {
  const bytes = assembleTerms(draft);
  const terms = readTerms(bytes);
  const [signer] = await ethers.getSigners();
  const sent = await signer!.sendTransaction({ data: creationOf(assembleCode(bytes, [])) });
  const code = (await sent.wait())!.contractAddress!;
  const harness = await ethers.deployContract("EngineHarness");
  const random = createRandom(seed);
  let flagged = 0;
  for (let i = 0; i < count; i += 1) {
    const [period, phase] = [1 + (i % draft.calendar.length), i % 4 === 3 ? 1 : 0];
    const classWords = draft.classes.flatMap(() =>
      packLanes([random.amount(62), random.amount(50), random.amount(50), random.amount(62)]),
    );
    const lanes = [random.amount(60), random.amount(60), random.amount(60), random.amount(60)];
    const laneWords = packLanes([...lanes, random.amount(16)]);
    const [opening, closing, funds] = [random.amount(60), random.amount(60), random.amount(60)];
    const others = [random.signed(60), random.signed(60), random.signed(60)];
    const figures = [opening, closing, 1n, funds, ...others];
    const expected = runWaterfall({
      ...{ terms, period, figures, chainDealId: 7n },
      state: stateFromWords(terms, { phase, lastPeriod: period - 1, classWords, laneWords }),
    });
    const given = { code, dealId: 7n, period, phase, figures, classWords, laneWords };
    const { words } = await harness.getFunction("run").staticCall(given);
    expect([...words], `state ${i} of seed ${seed}`).to.deep.equal(expected.words);
    if (expected.flags !== 0) flagged += 1;
  }
  return flagged;
}

describe("The two engines", () => {
  it("agree on program (a) with write-downs, to the bit, over 150 random states", async () => {
    await compare(fuzzDeal, 0x9e3779b97f4a7c15n, 150);
  });

  for (const splitRounding of [1, 2, 3]) {
    it(`agree on overflows, negatives and zero divisors, split rounding ${splitRounding}`, async () => {
      const flagged = await compare({ ...edgeDeal, splitRounding }, 0x2545f4914f6cdd1dn, 100);
      expect(flagged).to.be.above(50);
    });
  }
});
