/** Each bound of the terms' creation checks is met one step too far, byte by byte. */
import { expect } from "chai";
import { network } from "hardhat";
import type { DealTerms, Expression } from "../../../server/deals/deal-terms.ts";
import { encodeTerms } from "../../../server/deals/encode-terms.ts";
import { OPCODE } from "../../../server/deals/terms-format.ts";
import { compileGolden } from "../../server/waterfall/golden-deals.ts";
import { patched } from "./platform-fixture.ts";

const { ethers } = await network.create();
const checker = await ethers.deployContract("TermsChecker");
const factory = await ethers.getContractFactory("DealFactory");

/** Twenty years: the deal closes after these tests. */
const LATER = 7_305 * 86_400;
const golden = compileGolden("every-feature").terms;
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
const bytes = encodeTerms(terms);
const classes = terms.classes.length;

const u16 = (offset: number): number => (bytes[offset]! << 8) | bytes[offset + 1]!;
/** Where the header says that a section begins: its entry `index` of `size` bytes, and a field of that. */
const at = (section: number, size: number, index: number, field: number): number =>
  u16(section) + size * index + field;
const CLASSES = (index: number, field: number) => at(18, 32, index, field);
const FEES = (index: number, field: number) => at(20, 32, index, field);
const CAPS = (index: number, field: number) => at(22, 16, index, field);
const PHASES = (index: number, field: number) => at(32, 8, index, field);
const TRANSITIONS = (index: number, field: number) => at(34, 8, index, field);
const STEPS = (index: number, field: number) => at(36, 32, index, field);
const SERIES = (index: number, field: number) => at(80, 16, index, field);
const TRIGGERS = (index: number, field: number) => at(82, 32, index, field);
const INDICES = (index: number, field: number) => at(84, 16, index, field);
const NOTICES = (index: number, field: number) => at(86, 4, index, field);
const SCHEDULES = (index: number, field: number) => at(88, 6, index, field);

const NONE = 0xff;
const lastStep = terms.steps.length - 1;
const stepOf = (operation: string): number =>
  terms.steps.findIndex((step) => step.operation === operation);
const feeOf = (kind: string): number => terms.fees.findIndex((fee) => fee.kind === kind);

/** What is wrong, where, the value there, its bytes, and the error. */
const PATCHES: [string, number, number, number, string][] = [
  ["a cap by no year", CAPS(0, 8), 0, 1, "CapTermsInvalid"],
  ["a cap by a year that is not there", CAPS(1, 8), 4, 1, "CapTermsInvalid"],
  ["a class without rounding", CLASSES(0, 17), 0, 1, "ClassTermsInvalid"],
  ["a class of a fourth rounding", CLASSES(0, 17), 4, 1, "ClassTermsInvalid"],
  ["a class of a basis that is not there", CLASSES(1, 16), 8, 1, "ClassTermsInvalid"],
  ["a component behind the end of an order", CLASSES(0, 19), 0x123004, 3, "ClassTermsInvalid"],
  ["a component twice in an order", CLASSES(0, 19), 0x112300, 3, "ClassTermsInvalid"],
  ["a component that is not there", CLASSES(0, 19), 0x123600, 3, "ClassTermsInvalid"],
  ["a class with flags that nobody knows", CLASSES(0, 18), 128, 1, "ClassTermsInvalid"],
  ["a class without face", CLASSES(0, 0), 0, 8, "FaceInvalid"],
  ["a class of more face than an account holds", CLASSES(0, 0), 2 ** 48, 8, "FaceInvalid"],
  ["a fee of no kind", FEES(0, 0), 0, 1, "FeeTermsInvalid"],
  ["a fixed fee that has an expression", FEES(feeOf("expression"), 0), 2, 1, "FeeTermsInvalid"],
  ["a fee by expression that has none", FEES(feeOf("fixed"), 0), 3, 1, "FeeTermsInvalid"],
  ["a rate on a figure and an expression", FEES(4, 12), 0, 1, "FeeTermsInvalid"],
  ["a rate on nothing", FEES(3, 12), NONE, 1, "FeeTermsInvalid"],
  ["a fee on a figure that is not there", FEES(3, 12), terms.figures.length, 1, "FeeTermsInvalid"],
  ["a fee under a cap that is not there", FEES(0, 13), terms.caps.length, 1, "FeeTermsInvalid"],
  ["a fee of a basis that is not there", FEES(0, 1), 8, 1, "FeeTermsInvalid"],
  ["a fee to nobody", FEES(0, 3), terms.payees.length, 1, "FeePayeeInvalid"],
  ["an index without unit", INDICES(0, 3), 0, 1, "IndexTermsInvalid"],
  ["an index of a third unit", INDICES(0, 3), 3, 1, "IndexTermsInvalid"],
  ["a notice of no kind", NOTICES(0, 3), 0, 1, "NoticeTermsInvalid"],
  ["a notice of a fourth kind", NOTICES(0, 3), 4, 1, "NoticeTermsInvalid"],
  ["a program of 256 steps", PHASES(0, 2), 256, 2, "PhaseInvalid"],
  ["a program behind the last step", PHASES(3, 2), lastStep, 2, "PhaseInvalid"],
  ["a transition from a phase that is not there", TRANSITIONS(0, 0), 9, 1, "TransitionInvalid"],
  ["a transition to a phase that is not there", TRANSITIONS(0, 1), 9, 1, "TransitionInvalid"],
  ["a transition at a third time", TRANSITIONS(0, 6), 2, 1, "TransitionInvalid"],
  ["a mode that is not there", STEPS(stepOf("FEE"), 1), 3, 1, "StepInvalid"],
  ["a list longer than its digits", STEPS(stepOf("LOSS"), 4), 17, 1, "StepInvalid"],
  ["a list with a class twice", STEPS(stepOf("LOSS"), 4), 0x0200, 2, "StepInvalid"],
  ["a list of what PIK cannot take", STEPS(stepOf("PIK"), 4), 17, 1, "StepInvalid"],
  ["a jump back", STEPS(stepOf("IF"), 23), 0, 2, "StepInvalid"],
  ["a jump out of the program", STEPS(stepOf("ELSE"), 23), 53, 2, "StepInvalid"],
  [
    "a source that is not there",
    ...[STEPS(stepOf("FILL"), 2), terms.accounts.length, 1, "StepInvalid"],
  ] as never,
  [
    "a move to no account",
    ...[STEPS(stepOf("MOVE"), 3), terms.accounts.length, 1, "StepInvalid"],
  ] as never,
  [
    "a move from an account to itself",
    ...[STEPS(stepOf("MOVE"), 3), terms.steps[stepOf("MOVE")]!.source, 1, "StepInvalid"],
  ] as never,
  ["a purchase paid to nobody", STEPS(stepOf("BUY"), 3), terms.payees.length, 1, "StepInvalid"],
  ["a purchase by a deal that buys nothing", 63, 0, 1, "StepInvalid"],
  ["a setting of nothing known", STEPS(stepOf("SET"), 1), 8, 1, "StepInvalid"],
  ["a setting of a split", STEPS(stepOf("SET"), 1), 2, 1, "StepInvalid"],
  ["a rest to an account by the flags of a fee", STEPS(stepOf("FEE"), 25), 1, 2, "StepInvalid"],
  ["interest of two kinds", STEPS(stepOf("INT"), 25), 12, 2, "StepInvalid"],
  ["weights where nothing is shared", STEPS(stepOf("FEE"), 15), 0, 2, "StepInvalid"],
  ["steps in the place of expressions", 38, u16(36) - 32, 2, "TermsSectionInvalid"],
  ["half a step", 38, u16(38) + 16, 2, "TermsSectionInvalid"],
  ["expressions that end before they begin", 76, u16(38) - 1, 2, "TermsSectionInvalid"],
  ["a trigger of a third kind", TRIGGERS(0, 0), 3, 1, "TriggerTermsInvalid"],
  ["a trigger that no breach trips", TRIGGERS(0, 1), 0, 1, "TriggerTermsInvalid"],
  ["a trigger that compares nothing", TRIGGERS(0, 5), 0, 1, "TriggerTermsInvalid"],
  ["a trigger by a fifth comparison", TRIGGERS(0, 5), 5, 1, "TriggerTermsInvalid"],
  ["a series without depth", SERIES(0, 2), 0, 1, "SeriesTermsInvalid"],
  ["a series deeper than two years", SERIES(0, 2), 25, 1, "SeriesTermsInvalid"],
  ["a schedule's row among the heads", SCHEDULES(0, 0), 6, 2, "ScheduleTermsInvalid"],
  ["a schedule's row in the calendar", SCHEDULES(0, 2), 9_999, 2, "ScheduleTermsInvalid"],
  ["more schedules than there is room", 90, 16, 1, "ScheduleTermsInvalid"],
];

const load = (code: number, operand = 0) => ({ code, operand });
const CONST = load(OPCODE.CONST);

/** The terms with a step that names an amount. */
const named = (amount: Expression, index = 0): Uint8Array =>
  encodeTerms({
    ...terms,
    steps: terms.steps.map((step, i) =>
      i === index
        ? {
            ...step,
            ...{ operation: "LET" as const, mode: "none" as const, destination: 0, amount },
            ...{ weights: null, cap: null, list: [], toPayee: false, capEach: false },
            ...{ part: null, jump: 0 },
          }
        : step,
    ),
  });

/** Expressions that leave the rails: what is wrong, the tokens, the step that they stand in. */
const EXPRESSIONS: [string, Expression, number?][] = [
  ["an expression without end", [CONST, ...Array.from({ length: 300 }, () => load(OPCODE.POS))]],
  ["no value", []],
  ["two values", [CONST, CONST]],
  // A zero skips the third value: one is left there, two on the other way.
  ["a jump that lands on another height", [CONST, CONST, load(OPCODE.JZ, 1), CONST]],
  [
    "two jumps that meet at two heights",
    [...[CONST, CONST, load(OPCODE.JZ, 3), CONST, CONST, load(OPCODE.JZ, 0), CONST]],
  ],
  ["an end that no way leads to", [CONST, load(OPCODE.JMP, 1), load(OPCODE.END), CONST]],
  ["a token that no way leads to", [CONST, load(OPCODE.JMP, 2), CONST, CONST]],
  ["a jump behind the last token", [CONST, load(OPCODE.JMP, 300)]],
  ["a condition of nothing", [load(OPCODE.JZ, 0), CONST]],
  ["a cure of a class that is not there", [CONST, CONST, CONST, load(OPCODE.CUREIC, 1 << classes)]],
  ["the coupon of a class that is not there", [load(OPCODE.CURRENT, classes)]],
  ["the rate of a class that is not there", [load(OPCODE.RATE, classes)]],
  ["a payment of the program before", [load(OPCODE.PAID, 0)], lastStep],
];

describe("The bounds of a deal's terms", () => {
  it("are kept by the terms that the cases below break", async () => {
    const shape = await checker.getFunction("check").staticCall(bytes);
    expect(shape[0]).to.equal(BigInt(classes));
  });

  for (const [what, offset, value, size, error] of PATCHES) {
    it(`refuse ${what} [U3]`, async () => {
      await expect(
        checker.getFunction("check").staticCall(patched(bytes, offset, value, size)),
      ).to.be.revertedWithCustomError(factory, error);
    });
  }

  for (const [what, amount, index] of EXPRESSIONS) {
    it(`refuse ${what} [U3]`, async () => {
      await expect(
        checker.getFunction("check").staticCall(named(amount, index)),
      ).to.be.revertedWithCustomError(factory, "ExpressionInvalid");
    });
  }

  it("refuse names that would stand behind the end", async () => {
    const short = patched(bytes.slice(0, u16(42) - 1), 44, u16(42) - 1, 2);
    await expect(checker.getFunction("check").staticCall(short)).to.be.revertedWithCustomError(
      ...[factory, "TermsSectionInvalid"],
    );
  });

  it("refuse a program that would cost more than a run may", async () => {
    // A sum over the past costs 32 units, an addition 1; twelve steps of 120 of each: 47,520.
    const sums = Array.from({ length: 120 }, () => [load(OPCODE.HISTSUM, 0), load(OPCODE.ADD)]);
    const amount = [CONST, ...sums.flat()];
    const steps = terms.steps.slice(0, 12).map((step) => ({
      ...step,
      ...{ operation: "LET" as const, mode: "none" as const, destination: 0, amount },
      ...{ weights: null, cap: null, list: [], toPayee: false, capEach: false },
      ...{ part: null, jump: 0 },
    }));
    const phases = terms.phases.map((phase) => ({ ...phase, firstStep: 0, stepCount: 12 }));
    await expect(
      checker.getFunction("check").staticCall(encodeTerms({ ...terms, phases, steps })),
    ).to.be.revertedWithCustomError(factory, "TermsTooCostly");
  });

  it("let a split go by what is due where it names no weights", async () => {
    const split = terms.steps.findIndex(
      ({ operation, mode }) => operation === "PRIN" && mode === "PRORATA",
    );
    const unweighted = patched(bytes, STEPS(split, 15), 0xffff, 2);
    await checker.getFunction("check").staticCall(unweighted);
  });

  it("refuse a row whose report would be due before its period ends, or before the last payment", async () => {
    const row = (period: number, offset: number) => u16(40) + bytes[15]! * (period - 1) + offset;
    const { paymentTime } = terms.calendar[1]!;
    const late = patched(bytes, row(2, 0), paymentTime - 3_600, 5);
    await expect(checker.getFunction("check").staticCall(late))
      .to.be.revertedWithCustomError(factory, "CalendarInvalid")
      .withArgs(2);
    // With the ends of all periods long ago, a lead of 40 days reaches behind the payment before.
    let early = patched(bytes, u16(92), 40 * 86_400, 4);
    terms.calendar.forEach((_, i) => (early = patched(early, row(i + 1, 0), i + 1, 5)));
    await expect(checker.getFunction("check").staticCall(early))
      .to.be.revertedWithCustomError(factory, "CalendarInvalid")
      .withArgs(2);
  });
});
