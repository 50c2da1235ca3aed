/** Random expressions in postfix text over the parts that a deal of `randomTerms` has. */
import fc from "fast-check";

export const CLASSES = 4;
export const ACCOUNTS = 3;
export const FEES = 4;
export const LEDGERS = 2;
export const VARIABLES = 2;
export const NOTICES = 3;
export const DEPTHS = [3, 1, 24];
export const TRIGGERS = 4;
/** Figures of the report behind the four fixed ones; then two fixings and the price. */
export const FIGURES = 3;
/** First lanes: accounts 3, fees 4, caps 2, ledgers 2, variables 2, six own ones. */
const LEDGER_LANE = ACCOUNTS + FEES + 2;
const VARIABLE_LANE = LEDGER_LANE + LEDGERS;
const OWN_LANE = VARIABLE_LANE + VARIABLES;

/** Positions in a list of `count`. */
export const up = (count: number) => fc.nat({ max: count - 1 });
const from = (first: number, count: number) => fc.integer({ min: first, max: first + count - 1 });
const mask = (count: number) => fc.integer({ min: 1, max: 2 ** count - 1 });
const series = up(DEPTHS.length);
const place = (most: number) =>
  fc.tuple(series, fc.nat({ max: most })).map(([id, n]) => id * 256 + n);

const operand = (code: string, value: fc.Arbitrary<number>) => value.map((n) => `${code} ${n}`);

/** What any expression may read. */
const anywhere: fc.Arbitrary<string>[] = [
  operand("FIGURE", up(4 + FIGURES + 3)),
  operand("BAL", up(CLASSES)),
  operand("WRITTEN", up(CLASSES)),
  operand("FINAL", up(CLASSES)),
  operand("SUMBAL", mask(CLASSES)),
  operand("SUMWRITTEN", mask(CLASSES)),
  operand("LANE", from(LEDGER_LANE, LEDGERS)),
  operand("LANE", from(OWN_LANE, 6)),
  operand("SLANE", from(VARIABLE_LANE, VARIABLES)),
  operand("ACCT", up(ACCOUNTS)),
  operand("HIST", place(25)),
  operand("HISTSUM", place(25)),
  operand("HISTMAX", place(25)),
  operand("HISTCOUNT", place(25)),
  operand("DAYS", up(3)),
  operand("NOTICE", up(NOTICES)),
  operand("SCHED", up(2)),
  operand("TRIG", up(TRIGGERS)),
  fc.constantFrom("PAYDAY", "PHASE", "PERIOD", "MONTH"),
];

/** What fees may read beside that. */
const accrued: fc.Arbitrary<string>[] = [
  operand("DUE", up(CLASSES)),
  operand("DUE0", up(CLASSES)),
  operand("CURRENT", up(CLASSES)),
  operand("RATE", up(CLASSES)),
  operand("SUMDUE", mask(CLASSES)),
];

/** What series, triggers and transitions may read beside that. */
const snapshots: fc.Arbitrary<string>[] = [
  operand("BAL0", up(CLASSES)),
  operand("FDUE", up(FEES)),
  operand("FDUE0", up(FEES)),
  operand("ACCT0", up(ACCOUNTS)),
  operand("CAPLEFT", up(2)),
  operand("SUMFDUE", mask(FEES)),
];

/** What belongs to a program. */
const inProgram: fc.Arbitrary<string>[] = [
  operand("LET", up(2)),
  operand("PAID", up(6)),
  operand("LOST", up(6)),
];

const number = fc.oneof(
  fc.bigInt(-3n, 300n),
  fc.bigInt(0n, 10n ** 12n),
  fc.constantFrom(10n ** 18n, 10n ** 16n, 2n ** 63n - 1n, 2n ** 64n - 1n, 2n ** 126n),
);

const BINARY = ["ADD", "SUB", "MIN", "MAX", "PCT", "PCTUP", "MUL", "AND", "OR"];
const COMPARE = ["EQ", "NE", "LT", "LE", "GT", "GE"];
const TERNARY = ["MULDIV", "MULDIVUP", "SMULDIV"];
/** It reads what is due, which stands once every class has accrued. */
const CURES = ["CUREIC 5", "CUREIC 15"];

const tokensIn = (text: string) => text.split(";").length;

function expressions(
  references: fc.Arbitrary<string>[],
  ternary = [...TERNARY, ...CURES],
): fc.Arbitrary<string> {
  const leaf = fc.oneof(...references, number.map(String));
  return fc.letrec<{ node: string }>((tie) => {
    const node = tie("node");
    return {
      node: fc.oneof(
        { depthSize: "xsmall", maxDepth: 3 },
        leaf,
        fc
          .tuple(node, node, fc.constantFrom(...BINARY, ...COMPARE))
          .map(([a, b, code]) => `${a}; ${b}; ${code}`),
        fc
          .tuple(node, node, node, fc.constantFrom(...ternary))
          .map(([a, b, c, code]) => `${a}; ${b}; ${c}; ${code}`),
        fc.tuple(node, fc.constantFrom("POS", "NOT")).map(([a, code]) => `${a}; ${code}`),
        fc.tuple(node, node, node).map(([test, yes, no]) => {
          return `${test}; JZ ${tokensIn(yes) + 1}; ${yes}; JMP ${tokensIn(no)}; ${no}`;
        }),
      ),
    };
  }).node;
}

export const forCoupons = expressions(anywhere, TERNARY);
export const forFees = expressions([...anywhere, ...accrued]);
/** Of series, triggers and transitions. */
export const forTests = expressions([...anywhere, ...accrued, ...snapshots]);
export const forSteps = expressions([...anywhere, ...accrued, ...snapshots, ...inProgram]);
