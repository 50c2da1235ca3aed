/** What a deal remembers, tests and reads beside its report is proved to be in its place when it is created. */
import { expect } from "chai";
import { network } from "hardhat";
import type { DealTerms, Expression } from "../../../server/deals/deal-terms.ts";
import { encodeTerms } from "../../../server/deals/encode-terms.ts";
import { OPCODE } from "../../../server/deals/terms-format.ts";
import { laneLayoutOf } from "../../../server/deals/lane-layout.ts";
import { compileGolden } from "../../server/waterfall/golden-deals.ts";
import { patched } from "./platform-fixture.ts";

const { ethers } = await network.create();
const checker = await ethers.deployContract("TermsChecker");
const factory = await ethers.getContractFactory("DealFactory");

/** Twenty years: the deal closes after these tests. */
const LATER = 7_305 * 86_400;
const golden = compileGolden("every-feature").terms;

/** Terms with one of everything; which expressions they hold does not matter here. */
const terms: DealTerms = {
  ...golden,
  closingTime: golden.closingTime + LATER,
  calendar: golden.calendar.map((row) => ({
    ...row,
    determinationTime: row.determinationTime + LATER,
    recordTime: row.recordTime + LATER,
    paymentTime: row.paymentTime + LATER,
  })),
};
const layout = laneLayoutOf(terms);
const lanes = 4 * Math.ceil(layout.count / 4);

const load = (code: number, operand = 0): Expression => [{ code, operand }];

/** The list with the entry at `index` changed. */
function changed<T>(list: readonly T[], index: number, part: Partial<T>): T[] {
  return list.map((entry, i) => (i === index ? { ...entry, ...part } : entry));
}

const step = (part: Partial<DealTerms["steps"][number]>): DealTerms => ({
  ...terms,
  steps: changed(terms.steps, 0, {
    ...{ mode: "none", amount: load(OPCODE.CONST), weights: null, cap: null, list: [] },
    ...{ toPayee: false, capEach: false, part: null, jump: 0, ...part },
  }),
});
const named = (amount: Expression) => step({ operation: "LET", destination: 0, amount });
const coupon = (value: Expression): DealTerms => ({
  ...terms,
  classes: changed(terms.classes, 0, { coupon: value }),
});
const trigger = (part: Partial<DealTerms["triggers"][number]>): DealTerms => ({
  ...terms,
  triggers: changed(terms.triggers, 0, { cureNotice: null, cure: 0, ...part }),
});
const series = (index: number, part: Partial<DealTerms["series"][number]>): DealTerms => ({
  ...terms,
  series: changed(terms.series, index, part),
});
const rows = (...periods: number[]): DealTerms => ({
  ...terms,
  schedules: changed(terms.schedules, 0, {
    rows: periods.map((period) => ({ period, value: 1n, increment: 0n })),
  }),
});

const REFUSED: [string, DealTerms, string][] = [
  [
    "a ledger that is not there",
    step({ operation: "BOOK", mode: "DR", destination: terms.ledgers.length }),
    "StepInvalid",
  ],
  ["a booking without a side", step({ operation: "BOOK", destination: 0 }), "StepInvalid"],
  [
    "a trigger that is not there",
    step({ operation: "TEST", destination: terms.triggers.length }),
    "StepInvalid",
  ],
  [
    "a phase that is not there",
    step({ operation: "SET", mode: "NOW", destination: terms.phases.length }),
    "StepInvalid",
  ],
  [
    "a variable that is not there",
    step({ operation: "SET", mode: "VALUE", destination: terms.variables.length }),
    "StepInvalid",
  ],
  ["a purchase paid to an account", step({ operation: "BUY", destination: 1 }), "StepInvalid"],
  [
    "interest capitalised by a class that keeps no count of it",
    step({ operation: "PIK", list: [1] }),
    "StepInvalid",
  ],
  [
    "a cap that no reader asks for",
    step({ operation: "TEST", destination: 0, amount: null, cap: load(OPCODE.CONST) }),
    "StepInvalid",
  ],
  [
    "two parts of interest at once",
    step({ operation: "INT", capEach: true, list: [1] }),
    "StepInvalid",
  ],
  [
    "a payment of another program",
    named(load(OPCODE.PAID, terms.steps.length - 1)),
    "ExpressionInvalid",
  ],
  ["a lane behind the last", named(load(OPCODE.LANE, lanes)), "ExpressionInvalid"],
  [
    "a series that is not there",
    named(load(OPCODE.HIST, terms.series.length << 8)),
    "ExpressionInvalid",
  ],
  [
    "a schedule that is not there",
    named(load(OPCODE.SCHED, terms.schedules.length)),
    "ExpressionInvalid",
  ],
  [
    "a notice that is not there",
    named(load(OPCODE.NOTICE, terms.notices.length)),
    "ExpressionInvalid",
  ],
  [
    "a figure behind the price",
    named(load(OPCODE.FIGURE, terms.figures.length + 2)),
    "ExpressionInvalid",
  ],
  ["an opcode that is not there", named(load(60)), "ExpressionInvalid"],
  [
    "a multiplication of one value",
    named([...load(OPCODE.CONST), ...load(OPCODE.MUL)]),
    "ExpressionInvalid",
  ],
  ["a named amount in a coupon", coupon(load(OPCODE.LET)), "ExpressionInvalid"],
  ["a claim in a coupon", coupon(load(OPCODE.DUE)), "ExpressionInvalid"],
  ["the lane of another trigger", trigger({ lane: layout.triggers + 1 }), "TriggerTermsInvalid"],
  ["more breaches than tests", trigger({ breaches: 4, tests: 3 }), "TriggerTermsInvalid"],
  ["more tests than are remembered", trigger({ breaches: 1, tests: 49 }), "TriggerTermsInvalid"],
  [
    "a cure by no notice",
    trigger({ cure: 0xff, cureNotice: terms.notices.length }),
    "TriggerTermsInvalid",
  ],
  ["a payment in a trigger", trigger({ numerator: load(OPCODE.PAID) }), "ExpressionInvalid"],
  [
    "a series in the lanes of another",
    series(1, { firstLane: layout.series }),
    "SeriesTermsInvalid",
  ],
  [
    "a series before its turn",
    series(terms.series.length - 1, { at: "before" }),
    "SeriesTermsInvalid",
  ],
  ["a schedule without rows", rows(), "ScheduleTermsInvalid"],
  ["a schedule that goes back", rows(2, 2), "ScheduleTermsInvalid"],
  [
    "a notice that nobody may give",
    { ...terms, notices: changed(terms.notices, 1, { payee: terms.payees.length }) },
    "NoticeTermsInvalid",
  ],
  [
    "a feed of more decimals than a rate",
    { ...terms, indices: changed(terms.indices, 0, { feedDecimals: 19 }) },
    "IndexTermsInvalid",
  ],
  [
    "interest left out of the order of a class",
    { ...terms, classes: changed(terms.classes, 0, { componentOrder: ["current", "shortfall"] }) },
    "ClassTermsInvalid",
  ],
  [
    "the lanes of another class",
    {
      ...terms,
      classes: changed(terms.classes, 1, {
        lanes: { deferred: layout.classes + 1, carryOver: null, pik: null },
      }),
    },
    "ClassTermsInvalid",
  ],
];

describe("Terms of the whole language", () => {
  it("are taken as the compiler leaves them", async () => {
    const shape = await checker.getFunction("check").staticCall(encodeTerms(terms));
    expect([...shape]).to.deep.equal([5n, BigInt(terms.payees.length), 6n, 1n]);
  });

  for (const [what, wrong, error] of REFUSED) {
    it(`are refused for ${what} [U3]`, async () => {
      await expect(
        checker.getFunction("check").staticCall(encodeTerms(wrong)),
      ).to.be.revertedWithCustomError(factory, error);
    });
  }

  it("are refused when the header counts other lanes or unknown things", async () => {
    const bytes = encodeTerms(terms);
    for (const [offset, value, error] of [
      [91, lanes / 4 + 1, "LanesInvalid"],
      [63, 2, "TermsCountInvalid"],
      [59, 17, "TermsCountInvalid"],
    ] as const) {
      await expect(
        checker.getFunction("check").staticCall(patched(bytes, offset, value, 1)),
      ).to.be.revertedWithCustomError(factory, error);
    }
  });
});
