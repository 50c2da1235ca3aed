import { expect } from "chai";
import { network } from "hardhat";
import { assembleCode, assembleTerms, creationOf } from "./assemble-terms.ts";
import type { DealDraft } from "./assemble-terms.ts";
import { acceleratedProgram, autoProgram, TWO_PERCENT } from "./auto-program.ts";
import { packLanes, readWords } from "./read-words.ts";

const { ethers } = await network.create();

/** "1,234.56" in cents. */
const cents = (text: string): bigint => {
  const [whole = "0", part = ""] = text.replaceAll(",", "").split(".");
  return BigInt(whole) * 100n + BigInt(part.padEnd(2, "0"));
};

const parties = {
  classesA: ["A1", "A2", "A3"],
  adminFees: ["trustee", "reviewer"],
  adminMode: "PRORATA" as const,
};
const row = { determination: 2_000, record: 3_000, payment: 4_000, numerator: 30, year: 3 };

/** Dues are put in as shortfalls and unpaid fees (no coupons), the cap left as a used part. */
const draft: DealDraft = {
  classes: ["A1", "A2", "A3", "B", "C"].map((name) => ({ name, face: 1n })),
  fees: [
    { name: "trustee", payee: "trustee", amount: 0n, cap: "admin" },
    { name: "reviewer", payee: "reviewer", amount: 0n, cap: "admin" },
    { name: "servicer", payee: "servicer", amount: 0n },
  ],
  caps: [{ name: "admin", cents: cents("375,000") }],
  accounts: [{ name: "COLL" }, { name: "RES" }],
  figures: ["poolOpening", "poolClosing", "loanCount", "availableFunds", "ysoc"],
  payees: ["trustee", "reviewer", "servicer", "residual"],
  phases: [autoProgram(parties, cents("5,000,000"), TWO_PERCENT), acceleratedProgram(parties)],
  closingTime: 1_000,
  calendar: [row, { ...row, record: 5_000, payment: 6_000 }],
};
const balances = ["120,000,000", "350,000,000", "300,000,000", "40,000,000", "30,000,000"];
const dues = ["516,666.67", "1,458,333.33", "1,300,000", "183,333.33", "150,000"];

interface WorkedCase {
  collections: string;
  pool: string;
  phase?: number;
}

/** Runs period 2 with a reserve of 5,000,000 and 125,000 of the cap used. */
async function runCase({ collections, pool, phase = 0 }: WorkedCase) {
  const [signer] = await ethers.getSigners();
  const runtime = assembleCode(assembleTerms(draft), []);
  const sent = await signer!.sendTransaction({ data: creationOf(runtime) });
  const code = (await sent.wait())!.contractAddress!;
  const harness = await ethers.deployContract("EngineHarness");
  const classWords = balances.map(
    (balance, i) => (cents(balance) << 192n) | (cents(dues[i]!) << 128n),
  );
  const feesUnpaid = ["260,000", "40,000", "716,666.67"].map(cents);
  const lanes = [0n, cents("5,000,000"), ...feesUnpaid, cents("125,000")];
  const figures = [0n, cents(pool), 0n, cents(collections), cents("20,000,000")];
  const { words, gasUsed } = await harness.getFunction("run").staticCall({
    ...{ code, dealId: 7n, period: 2, phase, figures, classWords },
    laneWords: packLanes(lanes),
  });
  return { ...readWords([...words]), gasUsed: gasUsed as bigint };
}

describe("Program (a), worked cases", () => {
  it("a1: pays every claim, 27,825,000 of principal to A1, and leaves the overflow fees", async () => {
    const run = await runCase({ collections: "32,400,000", pool: "845,000,000" });
    const named = run.steps.slice(0, 12).map((step) => step.demand);
    expect(named.slice(5, 10)).to.deep.equal([
      ...[0n, 0n, cents("15,000,000"), cents("35,000,000"), cents("20,000,000")],
    ]);
    expect(run.payees).to.deep.equal([
      ...[cents("216,666.67"), cents("33,333.33"), cents("716,666.67"), 0n],
    ]);
    expect(run.results.map((result) => result.principal)).to.deep.equal([
      ...[cents("27,825,000"), 0n, 0n, 0n, 0n],
    ]);
    expect(run.results.map((result) => result.interest)).to.deep.equal(dues.map(cents));
    expect(run.classes[0]!.balance).to.equal(cents("92,175,000"));
    // Unpaid after the run: 43,333.33 + 6,666.67 = 50,000.00 above the cap.
    expect(run.lanes.slice(2, 5)).to.deep.equal([cents("43,333.33"), cents("6,666.67"), 0n]);
    expect(run.lanes[5]).to.equal(cents("375,000"));
    expect(run.lanes.slice(0, 2)).to.deep.equal([0n, cents("5,000,000")]);
  });

  it("a2: draws the whole reserve and leaves the interest of C unpaid [W4]", async () => {
    const run = await runCase({ collections: "24,000,000", pool: "780,000,000" });
    expect(run.steps.slice(5, 8).map((step) => step.demand)).to.deep.equal(
      ["10,000,000", "40,000,000", "30,000,000"].map(cents),
    );
    expect(run.steps[12]!.paid).to.equal(cents("5,000,000"));
    expect([run.steps[16]!.paid, run.steps[18]!.paid]).to.deep.equal(
      ["10,000,000", "14,575,000"].map(cents),
    );
    expect(run.results[0]!.principal).to.equal(cents("24,575,000"));
    expect(run.results[4]).to.deep.include({ due: cents("150,000"), interest: 0n });
    expect(run.classes[4]!.shortfall).to.equal(cents("150,000"));
    expect(run.lanes.slice(0, 2)).to.deep.equal([0n, 0n]);
  });

  it("a3: after acceleration repays A1 and shares the rest between A2 and A3", async () => {
    const run = await runCase({ collections: "150,000,000", pool: "780,000,000", phase: 1 });
    expect(run.payees.slice(0, 2).reduce((a, b) => a + b)).to.equal(cents("300,000"));
    expect(run.results.map((result) => result.principal)).to.deep.equal([
      ...["120,000,000", "16,535,256.41", "14,173,076.92"].map(cents),
      ...[0n, 0n],
    ]);
  });

  it("records one word a step, skips what an IF jumps over, and raises no flag", async () => {
    const run = await runCase({ collections: "32,400,000", pool: "845,000,000" });
    expect(run.steps.map((step) => step.op)).to.deep.equal([
      ...Array<number>(12).fill(1),
      ...[6, 2, 2, 3, 4, 3, 4, 3, 4, 5, 4, 2, 9, 4, 11, 11],
    ]);
    expect(run.steps.slice(25, 27).map((step) => step.flags)).to.deep.equal([8, 8]);
    expect(run.flags).to.equal(0);
    console.log(`        engine gas, 5 classes, 28 records: ${run.gasUsed}`);
  });
});
