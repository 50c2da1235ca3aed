/** Random compiled terms with every step and opcode, and states and inputs to run them on. */
import fc from "fast-check";
import type { DealTerms, StepTerms } from "../../../server/deals/deal-terms.ts";
import {
  COMPARISONS,
  CURE_BY_NOTICE,
  LIMITS,
  SPLIT_ROUNDINGS,
} from "../../../server/deals/terms-format.ts";
import { handMadeDeal } from "./hand-made-deal.ts";
import type { DealParts } from "./hand-made-deal.ts";
import {
  ACCOUNTS,
  CLASSES,
  DEPTHS,
  FEES,
  FIGURES,
  LEDGERS,
  NOTICES,
  TRIGGERS,
  VARIABLES,
  forCoupons,
  forFees,
  forSteps,
  forTests,
  up,
} from "./random-expressions.ts";

type Step = NonNullable<DealParts["programs"]>[number][number];

const PAYEES = 2;
const PHASES = 3;

const some = (count: number) =>
  fc.subarray(
    Array.from({ length: count }, (_, i) => i),
    { minLength: 1 },
  );
const cap = fc.option(forSteps, { nil: undefined, freq: 4 });
const sharing = fc.constantFrom("SEQ" as const, "PRORATA" as const);

/** A record of the parts given; a cap only where there is one. */
const step = (parts: { [K in keyof Step]: fc.Arbitrary<Step[K]> }): fc.Arbitrary<Step> =>
  fc.record(parts as Record<string, fc.Arbitrary<unknown>>).map((made) => {
    const present = Object.entries(made).filter(([, value]) => value !== undefined);
    return Object.fromEntries(present) as unknown as Step;
  });

const op = <T extends StepTerms["operation"]>(operation: T) => fc.constant(operation);
const twoAccounts = fc.constantFrom([0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1]);

const movement = fc
  .tuple(fc.constantFrom("FILL" as const, "MOVE" as const), twoAccounts, forSteps, cap)
  .map(([operation, [source = 0, destination = 1], amount, limit]): Step => {
    const made = { operation, source, destination, amount };
    return limit === undefined ? made : { ...made, cap: limit };
  });

const principal = fc
  .tuple(sharing, some(CLASSES), forSteps, fc.array(forSteps, { minLength: 4, maxLength: 4 }))
  .chain(([mode, list, amount, weights]) =>
    step({
      operation: op("PRIN"),
      mode: fc.constant(mode),
      list: fc.constant(list),
      source: up(ACCOUNTS),
      amount: fc.constant(amount),
      weights: fc.constant(
        mode === "SEQ" ? undefined : weights.slice(0, list.length).join("; "),
      ) as fc.Arbitrary<string>,
      cap,
    }),
  );

const steps: fc.Arbitrary<Step> = fc.oneof(
  principal,
  movement,
  step({ operation: op("LET"), destination: up(2), amount: forSteps }),
  step({
    operation: op("FEE"),
    mode: sharing,
    list: some(FEES),
    source: up(ACCOUNTS),
    capEach: fc.boolean(),
    cap,
  }),
  step({
    operation: op("INT"),
    mode: sharing,
    list: some(CLASSES),
    source: up(ACCOUNTS),
    part: fc.constantFrom(null, null, "deferred", "carryOver"),
    cap,
  }),
  step({ operation: fc.constantFrom("LOSS", "GAIN"), list: some(CLASSES), amount: forSteps }),
  step({ operation: op("PIK"), list: some(CLASSES) }),
  step({
    operation: op("BOOK"),
    mode: fc.constantFrom("DR", "CR"),
    destination: up(LEDGERS),
    amount: forSteps,
  }),
  step({
    operation: op("BUY"),
    source: up(ACCOUNTS),
    destination: up(PAYEES),
    toPayee: fc.constant(true),
    amount: forSteps,
  }),
  step({ operation: op("TEST"), destination: up(TRIGGERS) }),
  step({
    operation: op("SET"),
    mode: fc.constantFrom("PHASE", "NOW"),
    destination: up(PHASES),
  }),
  step({
    operation: op("SET"),
    mode: fc.constant("VALUE" as const),
    destination: up(VARIABLES),
    amount: forSteps,
  }),
  step({
    operation: op("REST"),
    source: up(ACCOUNTS),
    destination: up(PAYEES),
    toPayee: fc.constant(true),
  }),
);

/** Lines of a program: a step, or an IF with its branches; jumps count from the program's start. */
type Line = Step | { test: string; yes: Line[]; no: Line[] };

const lines: fc.Arbitrary<Line[]> = fc.letrec<{ lines: Line[] }>((tie) => ({
  lines: fc.array(
    fc.oneof(
      { depthSize: "xsmall", maxDepth: 2 },
      steps,
      fc.record({ test: forSteps, yes: tie("lines"), no: tie("lines") }),
    ),
    { maxLength: 6 },
  ),
})).lines;

function flatten(program: readonly Line[], at: number): Step[] {
  const flat: Step[] = [];
  for (const line of program) {
    if (!("test" in line)) {
      flat.push(line);
      continue;
    }
    const first = at + flat.length + 1;
    const yes = flatten(line.yes, first);
    const no = line.no.length === 0 ? [] : flatten(line.no, first + yes.length + 1);
    const over = first + yes.length + (no.length === 0 ? 0 : 1);
    flat.push({ operation: "IF", amount: line.test, jump: over }, ...yes);
    if (no.length > 0) flat.push({ operation: "ELSE", jump: over + no.length }, ...no);
  }
  return flat;
}

/** As many lines as make a program of 64 steps at most. */
function withinLimit(program: readonly Line[], at: number): Step[] {
  const flat = flatten(program, at);
  if (flat.length > LIMITS.stepsPerProgram) return withinLimit(program.slice(1), at);
  return flat.map((made) => inOwnProgram(made, { first: at, count: flat.length }));
}

/** PAID and LOST name steps of their own program, by absolute position. */
function inOwnProgram(made: Step, { first, count }: { first: number; count: number }): Step {
  const place = (text: string) =>
    text.replaceAll(/(PAID|LOST) (\d+)/g, (_, code, n) => `${code} ${first + (Number(n) % count)}`);
  const placed = { ...made };
  for (const key of ["amount", "weights", "cap"] as const) {
    const text = made[key];
    if (text !== undefined) placed[key] = place(text);
  }
  return placed;
}

const trigger = fc.record({
  numerator: forTests,
  denominator: forTests,
  threshold: forTests,
  amount: fc.boolean(),
  comparison: fc.constantFrom(...COMPARISONS),
  at: fc.constantFrom("before" as const, "within" as const, "after" as const),
  window: fc.tuple(fc.integer({ min: 1, max: 48 }), fc.integer({ min: 1, max: 48 })),
  cure: fc.constantFrom(0, 1, 3, 48, CURE_BY_NOTICE),
  cureNotice: up(NOTICES),
});

const moment = fc.constantFrom("before" as const, "after" as const);

/** The whole of it: four classes of every kind, three programs, series, triggers, schedules. */
export const randomTerms: fc.Arbitrary<DealTerms> = fc
  .record({
    coupons: fc.tuple(forCoupons, forCoupons),
    feeExpressions: fc.tuple(forFees, forFees),
    programs: fc.tuple(lines, lines, lines),
    recorded: fc.tuple(forTests, forTests, forTests),
    moments: fc.tuple(moment, moment),
    triggers: fc.array(trigger, { minLength: TRIGGERS, maxLength: TRIGGERS }),
    transitions: fc.array(
      fc.record({
        from: fc.option(up(PHASES)),
        to: up(PHASES),
        at: moment,
        when: forTests,
      }),
      { maxLength: 3 },
    ),
    splitRounding: fc.constantFrom(...SPLIT_ROUNDINGS),
  })
  .map((random) => {
    const programs: Step[][] = [];
    for (const program of random.programs) {
      programs.push(withinLimit(program, programs.flat().length));
    }
    return handMadeDeal({
      classes: classesWith(random.coupons),
      accounts: [{}, { receives: 4 }, { deposit: 500n }],
      fees: feesWith(random.feeExpressions),
      caps: [{ cents: 900n }, { cents: 10n ** 9n, year: "life of the deal" }],
      figures: FIGURES,
      payees: PAYEES,
      programs,
      transitions: random.transitions,
      ledgers: LEDGERS,
      variables: [5n, -7n],
      series: DEPTHS.map((depth, i) => ({
        depth,
        value: random.recorded[i] ?? "0",
        at: i === 0 ? "before" : (random.moments[i - 1] ?? "after"),
      })).toSorted((a, b) => Number(a.at === "after") - Number(b.at === "after")),
      triggers: random.triggers.map(({ amount, window, denominator, ...rest }) => ({
        ...rest,
        ...(amount ? {} : { denominator }),
        breaches: Math.min(...window),
        tests: Math.max(...window),
      })),
      indices: 2,
      notices: NOTICES,
      schedules: [
        [{ period: 1, value: 100n, increment: -7n }],
        [
          { period: 3, value: 10n ** 16n, increment: 10n ** 15n },
          { period: 30, value: 0n, increment: 0n },
        ],
      ],
      buys: true,
      splitRounding: random.splitRounding,
    });
  });

/** A plain class, one with every claim in its order, one with columns of their own, one floating. */
function classesWith([coupon, available]: [string, string]): NonNullable<DealParts["classes"]> {
  return [
    { basis: 1, rounding: "floor" },
    {
      own: "dcp",
      deferrable: true,
      interestOnDeferred: true,
      interestOnCarryOver: true,
      availableFundsCap: available,
      componentOrder: ["current", "deferred", "shortfall", "interestOnShortfall", "carryOver"],
    },
    { own: "dc", deferrable: true, availableFundsCap: "60000000000000000", rounding: "ceil" },
    { own: "p", couponWad: 0n, coupon, basis: 2, interestOnShortfall: false },
  ];
}

function feesWith([amount, base]: [string, string]): NonNullable<DealParts["fees"]> {
  return [
    { amount: 500n, cap: 0 },
    { kind: "rate", amount: 10n ** 16n, baseFigure: 5, cap: 0, payee: 1 },
    { kind: "expression", expression: amount, cap: 1 },
    { kind: "rate", amount: 10n ** 17n, expression: base, rounding: "ceil", payee: 1 },
  ];
}

/** Fixings of the two feeds and the price of a list, for a deal of `randomTerms`. */
export const randomExtras: fc.Arbitrary<bigint[]> = fc.tuple(
  fc.bigInt(-(10n ** 16n), 10n ** 17n),
  fc.bigInt(-(10n ** 16n), 10n ** 17n),
  fc.oneof(fc.bigInt(-5n, 2000n), fc.bigInt(0n, 10n ** 10n)),
);

export const randomNotices = fc.nat({ max: 2 ** NOTICES - 1 });
