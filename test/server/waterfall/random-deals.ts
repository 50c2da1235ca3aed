/** Random deals as text, random states and figures: what the laws of the engine are tried on. */
import fc from "fast-check";
import { formatCents } from "../../../server/lib/money.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { SPLIT_ROUNDINGS } from "../../../server/deals/terms-format.ts";
import { writeTriggerLane } from "../../../server/waterfall/trigger-lane.ts";
import type { WaterfallState } from "../../../server/waterfall/waterfall-state.ts";

const CLASSES = ["A1", "A2", "B", "C"];
const FEES = ["trusteeFee", "servicingFee", "backupFee"];
const ACCOUNTS = ["COLL", "RES", "SIDE"];

const REFERENCES = [
  ...CLASSES.flatMap((name) =>
    ["bal", "bal0", "due", "due0", "written"].map((p) => `${p}.${name}`),
  ),
  ...FEES.flatMap((name) => [`due.${name}`, `due0.${name}`]),
  ...ACCOUNTS.flatMap((name) => [`acct.${name}`, `acct0.${name}`]),
  "capLeft.admin",
  "p.poolOpening",
  "p.poolClosing",
  "p.principal",
  "k.rate",
  "k.target",
  "k.cutOffBalance",
  "sumbal(A1, B, C)",
  "sumdue(A1, A2, trusteeFee, backupFee)",
  "sumwritten(A1, A2, B, C)",
  "first",
  "paid.draw",
];

const reference = fc.constantFrom(...REFERENCES);
const literal = fc.oneof(
  fc.nat({ max: 5 }).map(String),
  fc.bigInt(0n, 10n ** 12n).map(formatCents),
  fc.constantFrom("12.5 %", "100 %", "0 %", "250 %"),
);

/** Expressions as text, with every operator of the notation. */
export const expressionText: fc.Arbitrary<string> = fc.letrec<{ node: string; test: string }>(
  (tie) => {
    const node = tie("node");
    return {
      node: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        reference,
        literal,
        fc
          .tuple(node, fc.constantFrom("+", "-"), node)
          .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
        fc.tuple(node, fc.constantFrom("+", "-"), node).map(([a, sign, b]) => `${a} ${sign} ${b}`),
        fc.tuple(fc.constantFrom("min", "max"), node, node).map(([f, a, b]) => `${f}(${a}, ${b})`),
        fc
          .tuple(fc.constantFrom("pct", "pctUp"), node, node)
          // A number alone would be refused: a rate has its sign.
          .map(([f, a, b]) => `${f}(${a}, ${/^[\d.]+$/.test(b) ? `pos(${b})` : b})`),
        fc
          .tuple(fc.constantFrom("muldiv", "muldivUp"), node, node, node)
          .map(([f, a, b, c]) => `${f}(${a}, ${b}, ${c})`),
        node.map((a) => `pos(${a})`),
        fc.tuple(tie("test"), node, node).map(([t, a, b]) => `iff(${t}, ${a}, ${b})`),
      ),
      test: fc.oneof(
        { depthSize: "small" },
        fc
          .tuple(node, fc.constantFrom("==", "!=", "<", "<=", ">", ">="), node)
          .map(([a, sign, b]) => `${a} ${sign} ${b}`),
        fc
          .tuple(tie("test"), fc.constantFrom("and", "or"), tie("test"))
          .map(([a, word, b]) => `(${a} ${word} ${b})`),
        tie("test").map((a) => `not (${a})`),
      ),
    };
  },
).node;

const conditionText = fc
  .tuple(expressionText, fc.constantFrom("<", ">=", "==", "!="), expressionText)
  .map(([a, sign, b]) => `${a} ${sign} ${b}`);

const someOf = (names: string[]) => fc.shuffledSubarray(names, { minLength: 1 });
const account = fc.constantFrom(...ACCOUNTS);
const twoAccounts = fc.shuffledSubarray(ACCOUNTS, { minLength: 2, maxLength: 2 });
const mode = fc.constantFrom("SEQ", "PRORATA");
const cap = fc.oneof(
  { weight: 2, arbitrary: fc.constant("") },
  expressionText.map((e) => ` CAP ${e}`),
);

const principalStep = fc
  .record({ from: account, classes: someOf(CLASSES), sequential: fc.boolean(), cap })
  .chain(({ from, classes, sequential, cap: limit }) =>
    fc
      .tuple(
        expressionText,
        fc.array(expressionText, { minLength: classes.length, maxLength: classes.length }),
      )
      .map(([amount, weights]) => {
        const sharing = sequential ? "SEQ" : `PRORATA(${weights.join("; ")})`;
        return `PRIN ${from} -> ${classes.join(", ")} ${sharing} UPTO ${amount}${limit}`;
      }),
  );

const simpleStep: fc.Arbitrary<string> = fc.oneof(
  principalStep,
  fc
    .tuple(account, someOf(FEES), mode, fc.constantFrom("", " CAP capLeft.admin"))
    .map(([from, fees, how, limit]) => {
      const capped = limit === "" ? fees : fees.filter((fee) => fee !== "servicingFee");
      return `FEE ${from} -> ${(capped.length === 0 ? ["trusteeFee"] : capped).join(", ")} ${how}${limit}`;
    }),
  fc
    .tuple(account, someOf(CLASSES), mode, cap)
    .map(([from, classes, how, limit]) => `INT ${from} -> ${classes.join(", ")} ${how}${limit}`),
  fc
    .tuple(twoAccounts, expressionText, cap)
    .map(([[from, to], amount, limit]) => `FILL ${from} -> ${to} TO ${amount}${limit}`),
  fc
    .tuple(twoAccounts, expressionText, cap)
    .map(([[from, to], amount, limit]) => `MOVE ${from} -> ${to} UPTO ${amount}${limit}`),
  fc
    .tuple(fc.constantFrom("LOSS", "GAIN"), expressionText, someOf(CLASSES))
    .map(([word, amount, classes]) => `${word} ${amount} -> ${classes.join(", ")}`),
  account.map((from) => `REST ${from} -> residual`),
);

/** Lines of one step; IF blocks nest twice. */
const stepLines: fc.Arbitrary<string[]> = fc.letrec<{ lines: string[] }>((tie) => {
  const block = fc.array(tie("lines"), { maxLength: 3 }).map((steps) => steps.flat());
  return {
    lines: fc.oneof(
      { depthSize: "xsmall", maxDepth: 2 },
      simpleStep.map((step) => [`${step} @ 1`]),
      fc.tuple(conditionText, block).map(([test, inner]) => [`IF ${test} { @ 2`, ...inner, "}"]),
      fc
        .tuple(conditionText, block, block)
        .map(([test, yes, no]) => [`IF ${test} { @ 3`, ...yes, "} ELSE {", ...no, "}"]),
    ),
  };
}).lines;

function classText(name: string, seniority: string, bearing: boolean): string {
  const order = bearing ? "current, interestOnShortfall, shortfall" : "shortfall, current";
  return `
  ${name}:
    seniority: ${seniority}
    face: 1000000.00
    coupon: 7.3 %
    dayCount: ${name === "A1" ? "ACT/360" : "30/360"}
    accrualDates: ${name === "A1" ? "adjusted" : "unadjusted"}
    accrualRounding: ${{ A1: "half-up", A2: "floor", B: "ceil" }[name] ?? "half-up"}
    interestOnShortfall: ${bearing}
    componentOrder: [${order}]
    finalScheduledDate: 2018-04-16`;
}

/** A deal file around the lines of one program. */
export function dealText(lines: readonly string[], splitRounding: string): string {
  return `schema: penstock-deal/2
id: random-deal
name: Random
currency: USD
legalUnit: "0.01"
cashToken: { decimals: 6 }
splitRounding: "${splitRounding}"
holderCap: none
parties:
  trustee: { name: T, payee: true }
  residual: { name: R, payee: true }
tape:
  format: absee-auto-loan-xml
  loanIdPrefix: ""
  rateUnit: fraction
  rollForward: { subtract: [principal], add: [], tolerance: 0.00 }
  availableFunds: [principal]
  chargeOffAgeDays: 120
pool: { cutOff: 2017-09-30, cutOffBalance: 4000000.00, cutOffLoans: 12 }
calendar:
  closing: 2017-10-16
  firstCollectionMonth: 2017-10
  firstPaymentDate: 2017-11-15
  periods: 6
  businessDays: following
  determination: end of collection month
  record: 1 business day before payment
  firstAccrualFrom: 2017-10-16
  graceDays: 5
  times: { closing: 14:00Z, determination: 00:00Z, record: 22:00Z, payment: 14:00Z }
  holidays: []
classes:${classText("A1", "senior", false)}${classText("A2", "senior", true)}${classText("B", "mezzanine", true)}${classText("C", "junior", false)}
accounts:
  COLL: { kind: collection, retained: true, initialDeposit: 0.00 }
  RES: { kind: reserve, retained: true, initialDeposit: 100.00 }
  SIDE: { kind: other, retained: true, initialDeposit: 0.00 }
fees:
  trusteeFee: { kind: fixed, amount: 50.00, payee: trustee, cap: admin }
  backupFee: { kind: fixed, amount: 33.33, payee: residual, cap: admin }
  servicingFee: { kind: rate, rate: 1 %, on: principal, dayCount: ACT/ACT ISDA, accrualDates: adjusted, rounding: half-up, payee: trustee, cap: none }
caps:
  admin: { amount: 100.00, year: year from closing }
figures:
  poolOpening: { min: 0.00, max: 4000000.00 }
  poolClosing: { min: 0.00, max: 4000000.00 }
  loanCount: { min: 0, max: 12 }
  availableFunds: { min: 0.00, max: 4000000.00 }
  principal: { min: -4000000.00, max: 4000000.00 }
constants:
  rate: 12 %
  target: 1234.56
programs:
  amortising: |
${["LET first = bal.A1 - p.poolClosing @ 0", "MOVE RES -> COLL UPTO first AS draw @ 0", ...lines].map((line) => `    ${line}`).join("\n")}
  stopped: |
    REST COLL -> residual @ 9
transitions:
  - { from: amortising, to: stopped, when: bal.C == 0, clause: "9" }
`;
}

export const randomDealText = fc
  .tuple(fc.array(stepLines, { maxLength: 8 }), fc.constantFrom(...SPLIT_ROUNDINGS))
  .map(([steps, rounding]) => dealText(steps.flat().slice(0, 200), rounding));

const cents = fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 10n ** 9n), fc.bigInt(0n, 2n ** 48n));

/** Any state, also ones that no run can lead to. */
export function randomState(terms: DealTerms): fc.Arbitrary<WaterfallState> {
  const list = (count: number, from = cents) =>
    fc.array(from, { minLength: count, maxLength: count });
  const classState = ({ lanes }: DealTerms["classes"][number]) => {
    const own = (lane: number | null) => (lane === null ? fc.constant(0n) : cents);
    return fc.record({
      balance: cents,
      shortfall: cents,
      shortfallInterest: cents,
      written: cents,
      deferred: own(lanes.deferred),
      carryOver: own(lanes.carryOver),
      pik: own(lanes.pik),
    });
  };
  const signed = fc.oneof(cents, fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n));
  return fc.record({
    phase: fc.constant(0),
    lastPeriod: fc.nat({ max: terms.calendar.length - 1 }),
    classes: fc.tuple(...terms.classes.map(classState)),
    accounts: list(terms.accounts.length),
    feesUnpaid: list(terms.fees.length),
    capsUsed: list(terms.caps.length),
    ledgers: list(terms.ledgers.length),
    variables: list(terms.variables.length, signed),
    triggers: list(terms.triggers.length, triggerLane),
    series: fc.tuple(...terms.series.map(({ depth }) => list(depth, signed))),
  });
}

/** What a trigger may remember: in breach or not, some tests, their results. */
const triggerLane = fc
  .record({
    inBreach: fc.boolean(),
    tests: fc.nat({ max: 255 }),
    failures: fc.bigInt(0n, 2n ** 48n - 1n),
  })
  .map(writeTriggerLane);

export function randomFigures(terms: DealTerms): fc.Arbitrary<bigint[]> {
  const signed = fc.oneof(
    cents,
    cents.map((value) => -value),
  );
  return fc.tuple(...terms.figures.map(({ minimum }) => (minimum < 0n ? signed : cents)));
}
