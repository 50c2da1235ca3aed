import { expect } from "chai";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { COMPONENTS, FLAG, SPLIT_ROUNDINGS } from "../../../server/deals/terms-format.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import type { WaterfallState } from "../../../server/waterfall/waterfall-state.ts";
import { compileParts } from "./compile-parts.ts";
import type { DealParts } from "./compile-parts.ts";
import { deployTerms, runBoth } from "./run-both.ts";

const U64 = 2n ** 64n - 1n;

interface State {
  classes?: Partial<WaterfallState["classes"][number]>[];
  accounts?: bigint[];
  feesUnpaid?: bigint[];
  capsUsed?: bigint[];
  funds?: bigint;
  adjustments?: bigint;
}

/** Three classes, two accounts, two fees by default, none of which accrues anything. */
function compile(lines: string[], changes: Partial<DealParts> = {}): DealTerms {
  const fee = (payee: string) => ({ kind: "fixed", amount: "0.00", payee, cap: "none" });
  return compileParts({
    classes: { A: {}, B: {}, C: {} },
    fees: { feeF: fee("f"), feeG: fee("g") },
    figures: ["otherAdjustments"],
    payees: ["f", "g", "h", "i", "j"],
    ...{ programs: { only: lines }, ...changes },
  });
}

/** Runs period 2 over one state, in both engines. */
async function run(terms: DealTerms, state: State = {}) {
  const fill = (list: readonly unknown[], amounts: bigint[] = []) =>
    list.map((_, i) => amounts[i] ?? 0n);
  const opening = openingState(terms);
  const nothing = { ...opening.classes[0]!, balance: 0n };
  return runBoth({
    ...{ terms, code: await deployTerms(terms) },
    state: {
      ...{ ...opening, lastPeriod: 1 },
      classes: terms.classes.map((_, i) => ({ ...nothing, ...state.classes?.[i] })),
      accounts: fill(terms.accounts, state.accounts),
      feesUnpaid: fill(terms.fees, state.feesUnpaid),
      capsUsed: fill(terms.caps, state.capsUsed),
    },
    figures: fill(terms.figures, [0n, 0n, 0n, state.funds ?? 0n, state.adjustments ?? 0n]),
  });
}

/** The recorded amount and flags of one expression. */
async function evaluate(text: string) {
  const { records } = await run(compile([`LET v = ${text}`]));
  return [records[0]!.demand, records[0]!.flags];
}

describe("Engine: expressions", () => {
  it("takes 0 for what cannot be computed, flags it and goes on", async () => {
    expect(await evaluate("muldiv(5, 7, 0)")).to.deep.equal([0n, FLAG.DIVZERO]);
    expect(await evaluate("3 - 8")).to.deep.equal([0n, FLAG.NEGATIVE]);
    expect(await evaluate("pct(0 - 1, 100 %)")).to.deep.equal([0n, FLAG.NEGATIVE]);
    expect(await evaluate(`muldiv(${2n ** 50n}, ${2n ** 50n}, 1)`)).to.deep.equal([
      U64,
      FLAG.OVERFLOW,
    ]);
    const half = `muldiv(${2n ** 63n}, ${2n ** 63n}, 1)`;
    const cut = `muldiv(${half} + ${half}, 1, ${half} + ${half})`;
    expect(await evaluate(cut)).to.deep.equal([1n, FLAG.OVERFLOW]);
  });

  it("rounds percentages down, and up where the document says so", async () => {
    expect(await evaluate("pct(100, 33.3333333333333333 %)")).to.deep.equal([33n, 0]);
    expect(await evaluate("pctUp(100, 33.3333333333333333 %)")).to.deep.equal([34n, 0]);
    expect(await evaluate("muldiv(10, 7, 9)")).to.deep.equal([7n, 0]);
    expect(await evaluate("muldivUp(10, 7, 9)")).to.deep.equal([8n, 0]);
  });

  it("compares, chooses and joins conditions", async () => {
    const cases: [string, bigint][] = [
      ["iff(2 == 2, 1, 0)", 1n],
      ["iff(2 != 2, 1, 0)", 0n],
      ["iff(0 - 4 < 2, 1, 0)", 1n],
      ["iff(2 <= 0 - 4, 1, 0)", 0n],
      ["iff(2 > 0 - 4, 1, 0)", 1n],
      ["iff(2 >= 3, 1, 0)", 0n],
      ["iff(2 == 2 and 0 != 0, 1, 0)", 0n],
      ["iff(2 == 2 or 0 != 0, 1, 0)", 1n],
      ["iff(not 3 == 3, 1, 0)", 0n],
      ["min(0 - 4, 2)", 0n],
      ["max(0 - 4, 2)", 2n],
      ["iff(2 < 3, 11, 12)", 11n],
      ["iff(3 < 2, 11, 12)", 12n],
    ];
    for (const [text, expected] of cases) {
      expect((await evaluate(text))[0], text).to.equal(expected);
    }
  });

  it("reads running values, opening values, figures and dates [R7]", async () => {
    const state: State = {
      classes: [
        { balance: 100n, shortfall: 5n },
        { balance: 50n, written: 9n },
      ],
      ...{ accounts: [10n, 20n], feesUnpaid: [3n, 4n], funds: 90n, adjustments: -250n },
    };
    const steps = [
      "INT COLL -> A AS pay",
      "FEE COLL -> feeF",
      "PRIN COLL -> A UPTO 40",
      "LOSS 70 -> B AS cut",
    ];
    const cases: [string, bigint][] = [
      ["bal.A", 60n],
      ["bal0.A", 100n],
      ["due.A", 0n],
      ["due0.A", 5n],
      ["due.feeF", 0n],
      ["due0.feeF", 3n],
      ["acct.COLL", 52n],
      ["acct0.COLL", 100n],
      ["paid.pay", 5n],
      ["lost.cut", 20n],
      ["written.B", 59n],
      ["sumwritten(A, B)", 59n],
      ["sumbal(A, B, C)", 60n],
      ["sumdue(A, B)", 0n],
      ["sumdue(feeF, feeG)", 4n],
      ["0 - p.otherAdjustments", 250n],
      ["final.C - 2031-02-16", 1n],
      ["payDate - 2030-04-14", 1n],
    ];
    for (const [text, expected] of cases) {
      const { records } = await run(compile([...steps, `LET v = ${text}`]), state);
      expect(records.at(-1)!.demand, text).to.equal(expected);
    }
  });
});

describe("Engine: steps", () => {
  interface Share {
    demands: bigint[];
    cash: bigint;
    weights?: string[];
    splitRounding?: (typeof SPLIT_ROUNDINGS)[number];
  }

  async function share({ demands, cash, weights = ["1", "1", "1"], splitRounding }: Share) {
    const step = `PRIN COLL -> A, B, C PRORATA(${weights.join("; ")}) UPTO ${cash}`;
    const terms = compile([step], splitRounding ? { splitRounding } : {});
    const result = await run(terms, {
      ...{ classes: demands.map((balance) => ({ balance })), funds: cash },
    });
    return result.classes.map(({ principalPaid }) => principalPaid);
  }

  it("shares by weight as trustees do: fills, splits again, rounds cumulatively [W3]", async () => {
    expect(await share({ demands: [10n, 200n, 200n], cash: 100n })).to.deep.equal([10n, 45n, 45n]);
    const thirds = [33_333n, 33_333n, 33_334n];
    const weights = thirds.map(String);
    expect(await share({ demands: thirds, cash: 10_000n, weights })).to.deep.equal([
      ...[3_333n, 3_334n, 3_333n],
    ]);
    const real = [18_301_295_001n, 9_671_416_058n, 0n];
    const byBalance = ["bal.A", "bal.B", "bal.C"];
    expect(await share({ demands: real, cash: 2_742_791_721n, weights: byBalance })).to.deep.equal([
      1_794_486_073n,
      948_305_648n,
      0n,
    ]);
    const [, toFirst, toLast] = SPLIT_ROUNDINGS;
    const even = { demands: [50n, 50n, 50n], cash: 100n };
    expect(await share({ ...even, splitRounding: toFirst })).to.deep.equal([34n, 33n, 33n]);
    expect(await share({ ...even, splitRounding: toLast })).to.deep.equal([33n, 33n, 34n]);
  });

  it("leaves the cash where it is when every weight is zero, and flags a negative one", async () => {
    const even = { demands: [50n, 50n, 50n], cash: 100n };
    expect(await share({ ...even, weights: ["0", "0", "0"] })).to.deep.equal([0n, 0n, 0n]);
    const result = await run(compile(["PRIN COLL -> A, B PRORATA(0 - 1; 1) UPTO 10"]), {
      classes: [{ balance: 50n }, { balance: 50n }],
      funds: 10n,
    });
    expect(result.classes.map(({ principalPaid }) => principalPaid)).to.deep.equal([0n, 10n, 0n]);
    expect(result.flags).to.equal(FLAG.NEGATIVE);
  });

  it("pays the claims of a class in the order of the deal, across several steps [W4] [W12]", async () => {
    const pay = async (...componentOrder: string[]) => {
      const classes = { A: { coupon: "1 %", componentOrder } };
      const terms = compile(["INT COLL -> A CAP 7", "INT COLL -> A"], { classes });
      const owed = { balance: 12_000n, shortfall: 20n, shortfallInterest: 10n };
      const { state } = await run(terms, { classes: [owed], funds: 25n });
      return [state.classes[0]!.shortfall, state.classes[0]!.shortfallInterest];
    };
    const [onShortfall, shortfall, current] = COMPONENTS;
    // Current interest: 12,000 x 1% x 30/360 = 10; 25 of 40 are paid.
    expect(await pay(onShortfall, shortfall, current)).to.deep.equal([20n - 15n + 10n, 0n]);
    expect(await pay(current, shortfall, onShortfall)).to.deep.equal([20n - 15n, 10n]);
    expect(await pay(shortfall, current, onShortfall)).to.deep.equal([5n, 10n]);
  });

  it("accrues by the reported days, with the class's rounding, on the shortfall only if it says so [W2] [W5]", async () => {
    const accrue = async (accrualRounding: string, interestOnShortfall: boolean) => {
      const classes = { A: { coupon: "0.6 %", accrualRounding, interestOnShortfall } };
      const owed = { balance: 1_000n, shortfall: 1_000n, shortfallInterest: 1_000n };
      const result = await run(compile(["LET v = 0"], { classes }), { classes: [owed] });
      return [result.classes[0]!.interestCurrent, result.state.classes[0]!.shortfallInterest];
    };
    // 1,000 x 0.6% x 30/360 = 0.5
    expect(await accrue("half-up", false)).to.deep.equal([1n, 1_000n]);
    expect(await accrue("floor", true)).to.deep.equal([0n, 1_000n]);
    expect(await accrue("ceil", true)).to.deep.equal([1n, 1_001n]);
  });

  it("uses up an annual cap only in steps with a cap, and starts it afresh each year [F1] [F2]", async () => {
    const steps = [
      "FEE COLL -> feeF CAP capLeft.yearly",
      "LET v = capLeft.yearly",
      "FEE COLL -> feeF CAP 30",
      "FEE COLL -> feeF",
    ];
    const terms = compile(steps, {
      fees: { feeF: { kind: "fixed", amount: "0.00", payee: "f", cap: "yearly" } },
      caps: { yearly: { amount: "1.00", year: "calendar year" } },
    });
    const state = { feesUnpaid: [150n], capsUsed: [60n], funds: 1_000n };
    const same = await run(terms, state);
    expect(same.records.map(({ paid }) => paid)).to.deep.equal([40n, 0n, 30n, 80n]);
    expect(same.state.feesUnpaid).to.deep.equal([0n]);
    expect(same.state.capsUsed).to.deep.equal([130n]);
    const calendar = terms.calendar.map((row, i) => ({ ...row, calendarYear: i }));
    const fresh = await run({ ...terms, calendar }, state);
    expect(fresh.records.map(({ paid }) => paid)).to.deep.equal([100n, 0n, 30n, 20n]);
    expect(fresh.payees[0]).to.equal(150n);
  });

  it("fills, moves and sweeps without taking more than there is", async () => {
    const terms = compile([
      "FILL COLL -> RES TO 50",
      "MOVE RES -> COLL UPTO 45",
      "MOVE RES -> COLL UPTO 0 - 5",
      "FILL COLL -> RES TO 1",
      "REST COLL -> j",
    ]);
    const result = await run(terms, { accounts: [0n, 20n], funds: 100n });
    expect(result.records.map(({ demand, paid, before }) => [demand, paid, before])).to.deep.equal([
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
    const flagsOf = async (condition: string) => {
      const yes = ["LET a = 1", "LET b = 2"];
      const lines = [`IF ${condition} {`, ...yes, "} ELSE {", "LET c = 3", "}", "LET d = 4"];
      return (await run(compile(lines))).records.map(({ flags }) => flags);
    };
    const skipped = FLAG.SKIPPED;
    expect(await flagsOf("1 == 1")).to.deep.equal([0, 0, 0, 0, skipped, 0]);
    expect(await flagsOf("1 == 2")).to.deep.equal([0, skipped, skipped, skipped, 0, 0]);
  });

  it("pays a senior class when there is nothing below it, and more payees than fees [W7] [W11]", async () => {
    const terms = compile([
      "INT COLL -> A, B, C PRORATA",
      "PRIN COLL -> A, B, C SEQ UPTO 100",
      "REST COLL -> i",
    ]);
    const result = await run(terms, { classes: [{ balance: 70n, shortfall: 3n }], funds: 80n });
    expect(result.classes[0]).to.deep.include({ interestPaid: 3n, principalPaid: 70n });
    expect(result.payees).to.deep.equal([0n, 0n, 0n, 7n, 0n]);
  });

  it("writes down and up within one run, on the balances of that run [W6] [L6]", async () => {
    const terms = compile(["PRIN COLL -> A UPTO 30", "LOSS 100 -> B, A", "GAIN 100 -> B, A"]);
    const result = await run(terms, {
      classes: [{ balance: 90n }, { balance: 60n }],
      funds: 30n,
    });
    expect(result.state.classes.map(({ balance }) => balance)).to.deep.equal([60n, 60n, 0n]);
    expect(result.state.classes.map(({ written }) => written)).to.deep.equal([0n, 0n, 0n]);
    expect(result.classes[0]!.principalPaid).to.equal(30n);
  });
});
