/**
 * Random terms that use every feature of format 2, made as the compiler leaves them: the parties are
 * fixed, programs and expressions are random. Both engines must give the same words for all of them.
 */
import fc from "fast-check";
import type { DealTerms, Expression, StepTerms } from "../../../server/deals/deal-terms.ts";
import { OPCODE, OPERATIONS } from "../../../server/deals/terms-format.ts";
import { compileParts } from "./compile-parts.ts";

const CLASSES = 4;
const FEES = 4;
const ACCOUNTS = 3;
const STEPS = 14;
const BASES = 2;

const base = compileParts({
  classes: Object.fromEntries(
    ["A", "B", "C", "D"].map((name, i) => [
      name,
      {
        ...{ face: 10_000_000n, coupon: "7.3 %", interestOnShortfall: i % 2 === 0 },
        ...(i === 1 ? { dayCount: "ACT/360", accrualDates: "adjusted" } : {}),
      },
    ]),
  ),
  payees: ["trustee", "seller", "residual"],
  accounts: { COLL: 0n, RES: 500_000n, SIDE: 7n },
  figures: ["otherAdjustments", "chargeOffs", "recoveries"],
  programs: { only: ["REST COLL -> residual"] },
});

const FIGURES = base.figures.length + 2; // one index, one price
/** Constants of every size, positive and negative. */
const CONSTANTS = [
  ...[0n, 1n, 2n, 3n, 12n, 100n, 1_000n, 10n ** 9n, 5n * 10n ** 16n, 10n ** 18n, 12n * 10n ** 17n],
  ...[
    1n << 62n,
    1n << 64n,
    1n << 100n,
    (1n << 127n) - 1n,
    -1n,
    -1_000n,
    -(10n ** 18n),
    -(1n << 126n),
  ],
];

type Tokens = { code: number; operand: number }[];
const token = (code: number, operand = 0) => ({ code, operand });
const one = (code: number, max = 0) =>
  fc.nat({ max }).map((operand): Tokens => [token(code, operand)]);
const range = (code: number, from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((operand): Tokens => [token(code, operand)]);

/** First lanes: accounts 0, fees 3, caps 7, ledgers 9, variables 11, classes 13, triggers 18, series 22. */
const LANES = 31;
const history = (code: number) =>
  fc
    .tuple(fc.nat({ max: 2 }), fc.nat({ max: 5 }))
    .map(([series, n]): Tokens => [token(code, (series << 8) | n)]);

const anywhere: fc.Arbitrary<Tokens>[] = [
  one(OPCODE.CONST, CONSTANTS.length - 1),
  one(OPCODE.CONST, CONSTANTS.length - 1),
  one(OPCODE.FIGURE, FIGURES - 1),
  one(OPCODE.BAL, CLASSES - 1),
  one(OPCODE.WRITTEN, CLASSES - 1),
  one(OPCODE.FINAL, CLASSES - 1),
  one(OPCODE.PAYDAY),
  range(OPCODE.SUMBAL, 1, 15),
  range(OPCODE.SUMWRITTEN, 1, 15),
  one(OPCODE.ACCT, ACCOUNTS - 1),
  one(OPCODE.CAPLEFT, 1),
  one(OPCODE.PHASE),
  one(OPCODE.TRIG, 3),
  range(OPCODE.LANE, 0, LANES - 1),
  range(OPCODE.SLANE, 9, LANES - 1),
  ...[OPCODE.HIST, OPCODE.HISTSUM, OPCODE.HISTMAX, OPCODE.HISTCOUNT].map(history),
  one(OPCODE.DAYS, BASES - 1),
  one(OPCODE.PERIOD),
  one(OPCODE.NOTICE, 1),
  one(OPCODE.SCHED, 1),
  one(OPCODE.MONTH),
];
const afterAccrual = [
  ...anywhere,
  one(OPCODE.DUE, CLASSES - 1),
  one(OPCODE.DUE0, CLASSES - 1),
  one(OPCODE.CURRENT, CLASSES - 1),
  one(OPCODE.RATE, CLASSES - 1),
  range(OPCODE.SUMDUE, 1, 15),
];
const snapshots = [
  ...afterAccrual,
  one(OPCODE.BAL0, CLASSES - 1),
  one(OPCODE.FDUE, FEES - 1),
  one(OPCODE.FDUE0, FEES - 1),
  one(OPCODE.ACCT0, ACCOUNTS - 1),
  range(OPCODE.SUMFDUE, 1, 15),
];
const inProgram = [
  ...snapshots,
  one(OPCODE.LET, 2),
  one(OPCODE.PAID, STEPS - 1),
  one(OPCODE.LOST, STEPS - 1),
];

const { ADD, SUB, MIN, MAX, POS, PCT, PCTUP, MULDIV, MULDIVUP, NOT, MUL, SMULDIV, CUREIC } = OPCODE;
const { EQ, NE, LT, LE, GT, GE, AND, OR, JZ, JMP } = OPCODE;
const BINARY = [ADD, SUB, MIN, MAX, PCT, PCTUP, EQ, NE, LT, LE, GT, GE, AND, OR, MUL];

/** Expressions over `leaves`: all operators, and branches of which one is taken. */
function expressions(leaves: fc.Arbitrary<Tokens>[], ternaries: number[]): fc.Arbitrary<Tokens> {
  return fc.letrec<{ node: Tokens }>((tie) => {
    const node = tie("node");
    const binary = fc.constantFrom(...BINARY);
    const ternary = fc.constantFrom(...ternaries);
    return {
      node: fc.oneof(
        { depthSize: "xsmall", maxDepth: 3 },
        fc.oneof(...leaves),
        fc.tuple(node, node, binary).map(([a, b, op]) => [...a, ...b, token(op)]),
        fc
          .tuple(node, node, node, ternary)
          .map(([a, b, c, op]) => [...a, ...b, ...c, token(op, op === CUREIC ? 11 : 0)]),
        fc.tuple(node, fc.constantFrom(POS, NOT)).map(([a, op]) => [...a, token(op)]),
        fc
          .tuple(node, node, node)
          .map(([c, a, b]) => [...c, token(JZ, a.length + 1), ...a, token(JMP, b.length), ...b]),
      ),
    };
  }).node;
}

const TERNARY = [MULDIV, MULDIVUP, SMULDIV];
// What a coverage cures is interest that has accrued.
const early = expressions(anywhere, TERNARY);
const accrued = expressions(afterAccrual, [...TERNARY, CUREIC]);
const late = expressions(snapshots, [...TERNARY, CUREIC]);
const program = expressions(inProgram, [...TERNARY, CUREIC]);

const listOf = (count: number) =>
  fc.shuffledSubarray(
    Array.from({ length: count }, (_, i) => i),
    { minLength: 1 },
  );
const optional = (from: fc.Arbitrary<Tokens>): fc.Arbitrary<Expression | null> =>
  fc.option(from, { freq: 2 });

interface Choice {
  operation: (typeof OPERATIONS)[number];
  accounts: number[];
  classes: number[];
  fees: number[];
  amount: Expression;
  weights: Expression[];
  cap: Expression | null;
  pick: number;
  shares: boolean;
}

const choice: fc.Arbitrary<Choice> = fc.record({
  operation: fc.constantFrom(...OPERATIONS),
  accounts: fc.shuffledSubarray([0, 1, 2], { minLength: 2, maxLength: 2 }),
  classes: listOf(CLASSES),
  fees: listOf(FEES),
  amount: program,
  weights: fc.array(program, { minLength: CLASSES, maxLength: CLASSES }),
  cap: optional(program),
  pick: fc.nat({ max: 11 }),
  shares: fc.boolean(),
});

/** A step of the program that begins at `first`, of a choice; its jump lies within the program. */
function stepOf(chosen: Choice, index: number, first: number): StepTerms {
  const { operation, accounts, classes, fees, pick, shares } = chosen;
  // PAID and LOST name a step of the same program, by its number in the deal.
  const here = (tokens: Expression) =>
    tokens.map(({ code, operand }) =>
      token(code, code === OPCODE.PAID || code === OPCODE.LOST ? operand + first : operand),
    );
  const amount = here(chosen.amount);
  const weights = chosen.weights.map(here);
  const [source = 0, other = 0] = accounts;
  const step: StepTerms = {
    ...{ operation, mode: "none", source: 0, destination: 0, toPayee: false, capEach: false },
    ...{ part: null, list: [], amount: null, weights: null, cap: null, label: null },
    ...{ clause: "test", jump: 0 },
  };
  const sharing = shares ? "PRORATA" : "SEQ";
  const pays = { source, cap: chosen.cap && here(chosen.cap) };
  const jump = Math.min(first + index + 1 + (pick % 4), first + STEPS);
  switch (operation) {
    case "LET":
      return { ...step, destination: pick % 3, amount, label: `let ${pick % 3}` };
    case "FEE":
      return { ...step, ...pays, mode: sharing, list: fees, capEach: pick % 2 === 0 };
    case "INT": {
      const part = ([null, "deferred", "carryOver", null] as const)[pick % 4] ?? null;
      return { ...step, ...pays, mode: sharing, list: classes, part };
    }
    case "PRIN": {
      const joined = classes.flatMap((_, i) => weights[i] ?? []);
      const own = shares && pick % 2 === 0;
      return {
        ...step,
        ...pays,
        mode: sharing,
        list: classes,
        amount,
        weights: own ? joined : null,
      };
    }
    case "FILL":
    case "MOVE":
      return { ...step, ...pays, destination: other, amount };
    case "LOSS":
    case "GAIN":
      return { ...step, list: classes, amount };
    case "IF":
      return { ...step, amount, jump };
    case "ELSE":
      return { ...step, jump };
    case "REST":
      return { ...step, ...pays, destination: shares ? pick % 3 : other, toPayee: shares };
    case "BUY":
      return { ...step, ...pays, destination: 1, toPayee: true, amount };
    case "PIK":
      return { ...step, list: [3] };
    case "BOOK":
      return { ...step, mode: shares ? "DR" : "CR", destination: pick % 2, amount };
    case "TEST":
      return { ...step, destination: pick % 4 };
    case "SET": {
      const mode = (["PHASE", "NOW", "VALUE"] as const)[pick % 3] ?? "VALUE";
      if (mode !== "VALUE") return { ...step, mode, destination: pick % 3 };
      return { ...step, mode, destination: pick % 2, amount };
    }
  }
}

const programOf = (first: number) =>
  fc
    .array(choice, { minLength: STEPS, maxLength: STEPS })
    .map((steps) => steps.map((chosen, i) => stepOf(chosen, i, first)));

const order = ["interestOnShortfall", "shortfall", "current"] as const;
const OWN_TERMS: Partial<DealTerms["classes"][number]>[] = [
  { componentOrder: ["current", "interestOnShortfall", "shortfall"] },
  {
    ...{ deferrable: true, interestOnDeferred: true, componentOrder: [...order, "deferred"] },
    lanes: { deferred: 13, carryOver: null, pik: null },
  },
  {
    ...{
      interestOnCarryOver: true,
      componentOrder: ["shortfall", "interestOnShortfall", "current"],
    },
    lanes: { deferred: null, carryOver: 14, pik: null },
  },
  {
    ...{ deferrable: true, componentOrder: ["carryOver", ...order] },
    lanes: { deferred: 15, carryOver: 16, pik: 17 },
  },
];

/** Expressions outside the programs, in the order in which `assemble` takes them. */
const outside = fc.record({
  coupons: fc.array(optional(early), { minLength: CLASSES, maxLength: CLASSES }),
  caps: fc.array(early, { minLength: 2, maxLength: 2 }),
  fees: fc.array(accrued, { minLength: 2, maxLength: 2 }),
  series: fc.array(late, { minLength: 3, maxLength: 3 }),
  triggers: fc.array(fc.tuple(late, optional(late), late), { minLength: 4, maxLength: 4 }),
  transitions: fc.array(late, { minLength: 3, maxLength: 3 }),
  rules: fc.array(
    fc.record({
      breaches: fc.integer({ min: 1, max: 3 }),
      tests: fc.integer({ min: 3, max: 48 }),
      cure: fc.constantFrom(0, 1, 2, 48, 0xff),
      comparison: fc.constantFrom(">", ">=", "<", "<="),
    }),
    { minLength: 4, maxLength: 4 },
  ),
});
type Outside = typeof outside extends fc.Arbitrary<infer T> ? T : never;

function triggersOf({ triggers, rules }: Outside): DealTerms["triggers"] {
  return triggers.map(([numerator, denominator, threshold], i) => {
    const rule = rules[i] ?? rules[0]!;
    const cureNotice = rule.cure === 0xff ? 1 : null;
    return {
      ...{ name: `trigger ${i}`, clause: "test", numerator, denominator, threshold, cureNotice },
      ...{ ...rule, comparison: rule.comparison as ">" },
      at: (["before", "within", "after", "within"] as const)[i] ?? "after",
      lane: 18 + i,
    };
  });
}

function feesOf({ fees }: Outside): DealTerms["fees"] {
  const fee = {
    ...{ basis: 0, rounding: "half-up" as const, payee: 0, baseFigure: null, expression: null },
    ...{ cap: null, amount: 0n },
  };
  return [
    { ...fee, name: "fixed", kind: "fixed", amount: 5_000n, cap: 0 },
    { ...fee, name: "rate", kind: "rate", amount: 10n ** 16n, baseFigure: 0, cap: 0, payee: 2 },
    {
      ...{ ...fee, name: "base", kind: "rate", amount: 3n * 10n ** 16n, basis: 1, cap: 1 },
      ...{ rounding: "ceil" as const, expression: fees[0] ?? [] },
    },
    { ...fee, name: "amount", kind: "expression", expression: fees[1] ?? [], payee: 2 },
  ];
}

function assemble(parts: Outside, steps: readonly StepTerms[]): DealTerms {
  const { coupons, caps, series, transitions } = parts;
  const shared = { firstStep: 0, stepCount: STEPS };
  return {
    ...base,
    ...{ constants: CONSTANTS, constantNames: [], steps, buys: true, fees: feesOf(parts) },
    classes: base.classes.map((terms, i) => ({
      ...terms,
      ...OWN_TERMS[i],
      coupon: coupons[i] ?? null,
      couponWad: coupons[i] === null ? terms.couponWad : 0n,
      availableFundsCap: i < 2 ? null : (caps[i - 2] ?? null),
    })),
    caps: [
      { name: "yearly", cents: 9_000n, year: "year from closing" },
      { name: "life", cents: 50_000n, year: "life of the deal" },
    ],
    accounts: base.accounts.map((terms, i) => ({ ...terms, receives: i === 2 ? 4 : null })),
    phases: [
      { name: "one", ...shared },
      { name: "two", firstStep: STEPS, stepCount: STEPS },
      { name: "three", ...shared },
    ],
    transitions: [
      { from: null, to: 1, at: "before", when: transitions[0] ?? [], clause: "test" },
      { from: 1, to: 2, at: "before", when: transitions[1] ?? [], clause: "test" },
      { from: null, to: 0, at: "after", when: transitions[2] ?? [], clause: "test" },
    ],
    ledgers: [{ name: "PDL-A" }, { name: "PDL-B" }],
    variables: [
      { name: "k.x", initial: 5n },
      { name: "k.y", initial: -5n },
    ],
    series: [
      { name: "s0", value: series[0] ?? [], depth: 3, at: "before", firstLane: 22 },
      { name: "s1", value: series[1] ?? [], depth: 5, at: "after", firstLane: 25 },
      { name: "s2", value: series[2] ?? [], depth: 1, at: "after", firstLane: 30 },
    ],
    triggers: triggersOf(parts),
    indices: [{ name: "LIBOR1M", feedDecimals: 8, unit: "percent", maxAgeSeconds: 7 }],
    calendar: base.calendar.map((row) => ({ ...row, fixingTimes: [row.recordTime] })),
    notices: [
      { name: "acceleration", payee: 0, kind: "standing" },
      { name: "waiver", payee: 0, kind: "once" },
    ],
    schedules: [
      { name: "flat", rows: [{ period: 1, value: 3n, increment: 0n }] },
      {
        name: "linear",
        rows: [
          { period: 2, value: 10n ** 16n, increment: -(10n ** 15n) - 5n },
          { period: 5, value: -7n, increment: 100n },
          { period: 9, value: 1_000n, increment: 12n },
        ],
      },
    ],
  };
}

/** Terms with four classes, three phases of two programs, and one of everything else. */
export const randomTerms: fc.Arbitrary<DealTerms> = fc
  .tuple(outside, programOf(0), programOf(STEPS))
  .map(([parts, one_, two]) => assemble(parts, [...one_, ...two]));

/** A fixing and a price, such as a run may be given. */
export const randomExtras: fc.Arbitrary<bigint[]> = fc
  .tuple(fc.bigInt(-(10n ** 17n), 10n ** 18n), fc.bigInt(0n, 10n ** 9n))
  .map((extras) => extras);
