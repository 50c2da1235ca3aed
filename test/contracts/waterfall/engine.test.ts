import { expect } from "chai";
import { network } from "hardhat";
import { assembleCode, assembleTerms, creationOf } from "./assemble-terms.ts";
import type { DealDraft } from "./assemble-terms.ts";
import * as e from "./program-notation.ts";
import type { Expression, Step } from "./program-notation.ts";
import { packLanes, readWords } from "./read-words.ts";

const { ethers } = await network.create();
const WAD = 10n ** 18n;
const [NEGATIVE, DIVZERO, OVERFLOW, SKIPPED] = [1, 2, 4, 8];
const U64 = 2n ** 64n - 1n;

type Draft = Partial<Omit<DealDraft, "phases">>;

interface State {
  classes?: { balance?: bigint; shortfall?: bigint; onShortfall?: bigint; written?: bigint }[];
  lanes?: bigint[];
  funds?: bigint;
  figures?: bigint[];
  period?: number;
}

/** Runs one program over one state; three classes of face 0, two fees, two accounts by default. */
async function run(steps: Step[], state: State = {}, changes: Draft = {}) {
  const row = { determination: 2_000, record: 3_000, payment: 4_000, numerator: 30, year: 0 };
  const draft: DealDraft = {
    classes: ["A", "B", "C"].map((name) => ({ name, face: 1n })),
    fees: ["f", "g"].map((name) => ({ name, payee: name, amount: 0n })),
    accounts: [{ name: "COLL" }, { name: "RES" }],
    figures: ["poolOpening", "poolClosing", "loanCount", "availableFunds", "x"],
    payees: ["f", "g", "h", "i", "j"],
    closingTime: 1_000,
    calendar: [row, { ...row, record: 5_000, payment: 6_000 }],
    ...{ phases: [steps], ...changes },
  };
  const [signer] = await ethers.getSigners();
  const runtime = assembleCode(assembleTerms(draft), []);
  const sent = await signer!.sendTransaction({ data: creationOf(runtime) });
  const code = (await sent.wait())!.contractAddress!;
  const harness = await ethers.deployContract("EngineHarness");
  const lanes = draft.accounts.length + (draft.fees?.length ?? 0) + (draft.caps?.length ?? 0);
  const classes = draft.classes.map((_, i) => state.classes?.[i] ?? {});
  const { words } = await harness.getFunction("run").staticCall({
    ...{ code, dealId: 7n, period: state.period ?? 2, phase: 0 },
    classWords: classes.map(
      ({ balance = 0n, shortfall = 0n, onShortfall = 0n, written = 0n }) =>
        (balance << 192n) | (shortfall << 128n) | (onShortfall << 64n) | written,
    ),
    laneWords: packLanes(Array.from({ length: lanes }, (_, i) => state.lanes?.[i] ?? 0n)),
    figures: [0n, 0n, 0n, state.funds ?? 0n, ...(state.figures ?? [0n])],
  });
  return readWords([...words]);
}

const named = (value: Expression): Step => ({ op: "LET", name: "v", value });

/** The recorded amount and flags of one expression. */
async function evaluate(value: Expression, state: State = {}) {
  const { steps } = await run([named(value)], state);
  return [steps[0]!.demand, steps[0]!.flags];
}

describe("Engine: expressions", () => {
  it("takes 0 for what cannot be computed, flags it and goes on", async () => {
    expect(await evaluate(e.mulDiv(e.number(5), e.number(7), e.number(0)))).to.deep.equal([
      ...[0n, DIVZERO],
    ]);
    expect(await evaluate(e.subtract(e.number(3), e.number(8)))).to.deep.equal([0n, NEGATIVE]);
    expect(await evaluate(e.percent(e.number(-1), e.number(WAD)))).to.deep.equal([0n, NEGATIVE]);
    expect(await evaluate(e.number(2n ** 100n))).to.deep.equal([U64, OVERFLOW]);
    const huge = e.number(2n ** 127n - 1n);
    const cut = e.mulDiv(e.add(huge, huge), e.number(1), e.add(huge, huge));
    expect(await evaluate(cut)).to.deep.equal([1n, OVERFLOW]);
  });

  it("rounds percentages down, and up where the document says so", async () => {
    const third = e.number(333_333_333_333_333_333n);
    expect(await evaluate(e.percent(e.number(100), third))).to.deep.equal([33n, 0]);
    expect(await evaluate(e.percentUp(e.number(100), third))).to.deep.equal([34n, 0]);
    const seven = [e.number(10), e.number(7), e.number(9)] as const;
    expect(await evaluate(e.mulDiv(...seven))).to.deep.equal([7n, 0]);
    expect(await evaluate(e.mulDivUp(...seven))).to.deep.equal([8n, 0]);
  });

  it("compares, chooses and joins conditions", async () => {
    const [two, three, minus] = [e.number(2), e.number(3), e.number(-4)];
    const cases: [Expression, bigint][] = [
      [e.equal(two, two), 1n],
      [e.notEqual(two, two), 0n],
      [e.less(minus, two), 1n],
      [e.lessOrEqual(two, minus), 0n],
      [e.greater(two, minus), 1n],
      [e.greaterOrEqual(two, three), 0n],
      [e.and(two, e.number(0)), 0n],
      [e.or(two, e.number(0)), 1n],
      [e.not(three), 0n],
      [e.min(minus, two), 0n],
      [e.max(minus, two), 2n],
      [e.choose(e.less(two, three), e.number(11), e.number(12)), 11n],
      [e.choose(e.less(three, two), e.number(11), e.number(12)), 12n],
    ];
    for (const [expression, expected] of cases) {
      expect((await evaluate(expression))[0]).to.equal(expected);
    }
  });

  it("reads running values, opening values, figures and dates [R7]", async () => {
    const state: State = {
      classes: [
        { balance: 100n, shortfall: 5n },
        { balance: 50n, written: 9n },
      ],
      lanes: [10n, 20n, 3n, 4n],
      funds: 90n,
      figures: [-250n],
    };
    const steps: Step[] = [
      { op: "INT", from: "COLL", classes: ["A"], label: "pay" },
      { op: "FEE", from: "COLL", fees: ["f"] },
      { op: "PRIN", from: "COLL", classes: ["A"], upTo: e.number(40) },
      { op: "LOSS", amount: e.number(70), classes: ["B"], label: "cut" },
    ];
    const cases: [Expression, bigint][] = [
      [e.balance("A"), 60n],
      [e.openingBalance("A"), 100n],
      [e.due("A"), 0n],
      [e.openingDue("A"), 5n],
      [e.feeDue("f"), 0n],
      [e.openingFeeDue("f"), 3n],
      [e.account("COLL"), 52n],
      [e.openingAccount("COLL"), 100n],
      [e.paid("pay"), 5n],
      [e.lost("cut"), 20n],
      [e.written("B"), 59n],
      [e.sumWritten("A", "B"), 59n],
      [e.sumBalance("A", "B", "C"), 60n],
      [e.sumDue("A", "B"), 0n],
      [e.sumFeeDue("f", "g"), 4n],
      [e.subtract(e.number(0), e.figure("x")), 250n],
      [e.finalDay("C"), 65_535n],
      [e.paymentDay, 0n],
    ];
    for (const [expression, expected] of cases) {
      const result = await run([...steps, named(expression)], state);
      expect(result.steps.at(-1)!.demand).to.equal(expected);
    }
  });
});

describe("Engine: steps", () => {
  const share = (splitRounding: number, demands: bigint[], cash: bigint, weights?: Expression[]) =>
    run(
      [
        {
          ...{ op: "PRIN", from: "COLL", classes: ["A", "B", "C"] },
          ...{ upTo: e.number(cash), weights: weights ?? demands.map(() => e.number(1)) },
        },
      ],
      { classes: demands.map((balance) => ({ balance })), funds: cash },
      { splitRounding },
    ).then((result) => result.results.map(({ principal }) => principal));

  it("shares by weight as trustees do: fills, splits again, rounds cumulatively [W3]", async () => {
    expect(await share(1, [10n, 200n, 200n], 100n)).to.deep.equal([10n, 45n, 45n]);
    const [a, b, c] = [33_333n, 33_333n, 33_334n];
    const weights = [a, b, c].map((weight) => e.number(weight));
    expect(await share(1, [a, b, c], 10_000n, weights)).to.deep.equal([3_333n, 3_334n, 3_333n]);
    const real = [18_301_295_001n, 9_671_416_058n];
    const byBalance = [e.balance("A"), e.balance("B"), e.balance("C")];
    expect(await share(1, [...real, 0n], 2_742_791_721n, byBalance)).to.deep.equal([
      ...[1_794_486_073n, 948_305_648n, 0n],
    ]);
    expect(await share(2, [50n, 50n, 50n], 100n)).to.deep.equal([34n, 33n, 33n]);
    expect(await share(3, [50n, 50n, 50n], 100n)).to.deep.equal([33n, 33n, 34n]);
  });

  it("leaves the cash where it is when every weight is zero, and flags a negative one", async () => {
    const zero = [e.number(0), e.number(0), e.number(0)];
    expect(await share(1, [50n, 50n, 50n], 100n, zero)).to.deep.equal([0n, 0n, 0n]);
    const result = await run(
      [
        {
          ...{ op: "PRIN", from: "COLL", classes: ["A", "B"], upTo: e.number(10) },
          weights: [e.number(-1), e.number(1)],
        },
      ],
      { classes: [{ balance: 50n }, { balance: 50n }], funds: 10n },
    );
    expect(result.results.map(({ principal }) => principal)).to.deep.equal([0n, 10n, 0n]);
    expect(result.flags).to.equal(NEGATIVE);
  });

  it("pays the claims of a class in the order of the deal, across several steps [W4] [W12]", async () => {
    const pay = (order: number[], funds: bigint) =>
      run(
        [
          { op: "INT", from: "COLL", classes: ["A"], cap: e.number(7) },
          { op: "INT", from: "COLL", classes: ["A"] },
        ],
        {
          classes: [{ balance: 12_000n, shortfall: 20n, onShortfall: 10n }],
          ...{ funds },
        },
        { classes: [{ name: "A", face: 1n, couponWad: WAD / 100n, order }] },
      ).then((result) => [result.classes[0]!.shortfall, result.classes[0]!.onShortfall]);
    // Current interest: 12,000 x 1% x 30/360 = 10; 25 of 40 are paid.
    expect(await pay([1, 2, 3], 25n)).to.deep.equal([20n - 15n + 10n, 0n]);
    expect(await pay([3, 2, 1], 25n)).to.deep.equal([20n - 15n, 10n]);
    expect(await pay([2, 3, 1], 25n)).to.deep.equal([5n, 10n]);
  });

  it("accrues by the reported days, with the class's rounding, on the shortfall only if it says so [W2] [W5]", async () => {
    const accrue = (rounding: number, interestOnShortfall: boolean) =>
      run(
        [],
        { classes: [{ balance: 1_000n, shortfall: 1_000n, onShortfall: 1_000n }] },
        {
          classes: [
            { name: "A", face: 1n, couponWad: (6n * WAD) / 1_000n, rounding, interestOnShortfall },
          ],
        },
      ).then((result) => [result.results[0]!.current, result.classes[0]!.onShortfall]);
    // 1,000 x 0.6% x 30/360 = 0.5
    expect(await accrue(1, false)).to.deep.equal([1n, 1_000n]);
    expect(await accrue(2, true)).to.deep.equal([0n, 1_000n]);
    expect(await accrue(3, true)).to.deep.equal([1n, 1_001n]);
  });

  it("uses up an annual cap only in steps with a cap, and starts it afresh each year [F1] [F2]", async () => {
    const year = { determination: 2_000, record: 3_000, payment: 4_000, numerator: 30, year: 0 };
    const draft: Draft = {
      fees: [{ name: "f", payee: "f", amount: 0n, cap: "k" }],
      caps: [{ name: "k", cents: 100n }],
    };
    const steps: Step[] = [
      { op: "FEE", from: "COLL", fees: ["f"], cap: e.capLeft("k") },
      named(e.capLeft("k")),
      { op: "FEE", from: "COLL", fees: ["f"], cap: e.number(30) },
      { op: "FEE", from: "COLL", fees: ["f"] },
    ];
    const state = { lanes: [0n, 0n, 150n, 60n], funds: 1_000n };
    const same = await run(steps, state, draft);
    expect(same.steps.map(({ paid }) => paid)).to.deep.equal([40n, 0n, 30n, 80n]);
    expect(same.lanes.slice(2, 4)).to.deep.equal([0n, 130n]);
    const next = { ...year, record: 5_000, payment: 6_000, year: 1 };
    const fresh = await run(steps, state, { ...draft, calendar: [year, next] });
    expect(fresh.steps.map(({ paid }) => paid)).to.deep.equal([100n, 0n, 30n, 20n]);
    expect(fresh.payees[0]).to.equal(150n);
  });

  it("fills, moves and sweeps without taking more than there is", async () => {
    const result = await run(
      [
        { op: "FILL", from: "COLL", to: "RES", target: e.number(50) },
        { op: "MOVE", from: "RES", to: "COLL", upTo: e.number(45) },
        { op: "MOVE", from: "RES", to: "COLL", upTo: e.number(-5) },
        { op: "FILL", from: "COLL", to: "RES", target: e.number(1) },
        { op: "REST", from: "COLL", payee: "j" },
      ],
      { lanes: [0n, 20n], funds: 100n },
    );
    expect(result.steps.map(({ demand, paid, before }) => [demand, paid, before])).to.deep.equal([
      [30n, 30n, 100n],
      [45n, 45n, 50n],
      [0n, 0n, 5n],
      [0n, 0n, 115n],
      [115n, 115n, 115n],
    ]);
    expect(result.payees).to.deep.equal([0n, 0n, 0n, 0n, 115n]);
    expect(result.flags).to.equal(0);
  });

  it("runs one branch of an IF and records the other as skipped", async () => {
    const steps = (condition: bigint): Step[] => [
      {
        op: "IF",
        when: e.number(condition),
        holds: [named(e.number(1)), named(e.number(2))],
        otherwise: [named(e.number(3))],
      },
      named(e.number(4)),
    ];
    const flagsOf = async (condition: bigint) =>
      (await run(steps(condition))).steps.map(({ flags }) => flags);
    expect(await flagsOf(1n)).to.deep.equal([0, 0, 0, 0, SKIPPED, 0]);
    expect(await flagsOf(0n)).to.deep.equal([0, SKIPPED, SKIPPED, SKIPPED, 0, 0]);
  });

  it("pays a senior class when there is nothing below it, and more payees than fees [W7] [W11]", async () => {
    const result = await run(
      [
        { op: "INT", from: "COLL", classes: ["A", "B", "C"], mode: "PRORATA" },
        { op: "PRIN", from: "COLL", classes: ["A", "B", "C"], upTo: e.number(100) },
        { op: "REST", from: "COLL", payee: "i" },
      ],
      { classes: [{ balance: 70n, shortfall: 3n }], funds: 80n },
    );
    expect(result.results[0]).to.deep.include({ interest: 3n, principal: 70n });
    expect(result.payees).to.deep.equal([0n, 0n, 0n, 7n, 0n]);
  });

  it("writes down and up within one run, on the balances of that run [W6] [L6]", async () => {
    const result = await run(
      [
        { op: "PRIN", from: "COLL", classes: ["A"], upTo: e.number(30) },
        { op: "LOSS", amount: e.number(100), classes: ["B", "A"] },
        { op: "GAIN", amount: e.number(100), classes: ["B", "A"] },
      ],
      { classes: [{ balance: 90n }, { balance: 60n }], funds: 30n },
    );
    expect(result.classes.map(({ balance }) => balance)).to.deep.equal([60n, 60n, 0n]);
    expect(result.classes.map(({ written }) => written)).to.deep.equal([0n, 0n, 0n]);
    expect(result.results[0]!.principal).to.equal(30n);
  });
});
