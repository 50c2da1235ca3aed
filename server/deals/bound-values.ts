/** Bounds of amounts before any run: what a formula can come to, from the bounds of what it reads. */
import type { ConstantEntry, DealFile } from "./deal-file.ts";
import { parseDate } from "../lib/dates.ts";
import { WAD } from "../lib/mul-div.ts";
import type { ExpressionNode } from "./program-syntax.ts";

/** From low to high, both included; null: not bounded on that side. */
export interface Range {
  low: bigint | null;
  high: bigint | null;
}

/** What holds at one place of a program, beside the terms. */
export interface Facts {
  /** Phases in which the place can be reached. */
  phases: ReadonlySet<string>;
  /** Triggers and notices (`trig.x`, `notice.x`) that are known there. */
  truths: ReadonlyMap<string, boolean>;
  /** Accounts without money. */
  empty: ReadonlySet<string>;
  /** Classes whose unpaid interest a PIK has added to the balance in this run. */
  capitalised: ReadonlySet<string>;
  /** Named amounts. */
  lets: ReadonlyMap<string, Range>;
}

export const ANY: Range = { low: null, high: null };
const AT_LEAST_0: Range = { low: 0n, high: null };
const TEST: Range = { low: 0n, high: 1n };
const exactly = (value: bigint): Range => ({ low: value, high: value });
const truth = (value: boolean): Range => exactly(value ? 1n : 0n);

const least = (a: bigint, b: bigint) => (a < b ? a : b);
const most = (a: bigint, b: bigint) => (a > b ? a : b);

/** Applies to both where both are known. */
function both(
  a: bigint | null,
  b: bigint | null,
  apply: (a: bigint, b: bigint) => bigint,
): bigint | null {
  return a === null || b === null ? null : apply(a, b);
}

/** One or the other. */
function either(a: Range, b: Range): Range {
  return { low: both(a.low, b.low, least), high: both(a.high, b.high, most) };
}

function sum(a: Range, b: Range): Range {
  const add = (x: bigint, y: bigint) => x + y;
  return { low: both(a.low, b.low, add), high: both(a.high, b.high, add) };
}

function negative({ low, high }: Range): Range {
  return { low: high === null ? null : -high, high: low === null ? null : -low };
}

/** The smaller: it is bounded above when one of the two is. */
function minimum(a: Range, b: Range): Range {
  const high = both(a.high, b.high, least) ?? a.high ?? b.high;
  return { low: both(a.low, b.low, least), high };
}

const maximum = (a: Range, b: Range) => negative(minimum(negative(a), negative(b)));

export const notBelow0 = (range: Range) => maximum(range, exactly(0n));

const isNotNegative = ({ low }: Range) => low !== null && low >= 0n;
export const isZero = ({ low, high }: Range) => low === 0n && high === 0n;

/** A product of two that are not negative; anything else is not bounded. */
function product(a: Range, b: Range): Range {
  if (isZero(a) || isZero(b)) return exactly(0n);
  if (!isNotNegative(a) || !isNotNegative(b)) return ANY;
  const times = (x: bigint, y: bigint) => x * y;
  return { low: both(a.low, b.low, times), high: both(a.high, b.high, times) };
}

/** x * rate / 100 %, floored: never negative. */
function share(value: Range, rate: Range): Range {
  const { high } = product(notBelow0(value), notBelow0(rate));
  return { low: 0n, high: high === null ? null : high / WAD + (high % WAD === 0n ? 0n : 1n) };
}

function compare(operator: string, a: Range, b: Range): Range {
  const below = a.high !== null && b.low !== null && a.high < b.low;
  const above = a.low !== null && b.high !== null && a.low > b.high;
  const notAbove = a.high !== null && b.low !== null && a.high <= b.low;
  const notBelow = a.low !== null && b.high !== null && a.low >= b.high;
  const same = a.low !== null && a.low === a.high && a.low === b.low && b.low === b.high;
  const known: Readonly<Record<string, [yes: boolean, no: boolean]>> = {
    "<": [below, notBelow],
    "<=": [notAbove, above],
    ">": [above, notAbove],
    ">=": [notBelow, below],
    "==": [same, below || above],
    "!=": [below || above, same],
  };
  const [yes, no] = known[operator] ?? [false, false];
  return yes || no ? truth(yes) : TEST;
}

const isTrue = ({ low, high }: Range) => (low !== null && low > 0n) || (high !== null && high < 0n);

function constantRange({ value }: ConstantEntry): Range {
  switch (value.kind) {
    case "fixed":
      return exactly(value.value);
    case "while":
      return value.during.map((one) => exactly(one.value)).reduce(either, exactly(value.value));
    case "schedule":
      if (value.rows.length === 0 || value.rows.some(({ increment }) => increment !== 0n))
        return ANY;
      return value.rows.map((row) => exactly(row.value)).reduce(either);
    case "settable":
      return ANY;
  }
}

function phaseTest(facts: Facts, operator: string, name: string): Range {
  const isThere = facts.phases.has(name);
  if (isThere && facts.phases.size > 1) return TEST;
  return truth(operator === "==" ? isThere : !isThere);
}

/** The phase that a comparison names; null when it is no comparison of the phase. */
export function testedPhase(node: ExpressionNode): { operator: string; name: string } | null {
  if (node.kind !== "binary") return null;
  const { left, right, operator } = node;
  const isPhase = (side: ExpressionNode) => side.kind === "reference" && side.text === "phase";
  const name = isPhase(left) ? right : isPhase(right) ? left : null;
  return name?.kind === "text" ? { operator, name: name.text } : null;
}

/** The deal whose terms amounts are bounded by. */
interface Reading {
  file: DealFile;
}

type Call = Extract<ExpressionNode, { kind: "call" }>;

function referenceRange({ file }: Reading, facts: Facts, text: string): Range {
  const [prefix = "", ...rest] = text.split(".");
  const name = rest.join(".");
  const known = facts.truths.get(text);
  if (known !== undefined) return truth(known);
  if (prefix === "trig" || prefix === "notice") return TEST;
  if (prefix === "acct" && facts.empty.has(name)) return exactly(0n);
  if (prefix === "p" || prefix === "index") {
    const figure = file.figures.find((one) => one.name === name);
    return figure === undefined ? ANY : { low: figure.minimum, high: figure.maximum };
  }
  if (text === "k.cutOffBalance") return exactly(file.pool.cutOffBalanceCents);
  if (prefix === "k") {
    const entry = file.constants.find((one) => one.name === name);
    return entry === undefined ? ANY : constantRange(entry);
  }
  if (text === "month") return { low: 1n, high: 12n };
  if (text === "period") return { low: 1n, high: BigInt(file.calendar.periods) };
  if (text === "payDate") return { low: BigInt(parseDate("1990-01-01")), high: null };
  return facts.lets.get(text) ?? AT_LEAST_0;
}

function callRange(reading: Reading, facts: Facts, { name, args }: Call): Range {
  const [first = ANY, second = ANY, third = ANY] = args.map((arg) => rangeOf(reading, facts, arg));
  switch (name) {
    case "min":
      return args.map((arg) => rangeOf(reading, facts, arg)).reduce(minimum);
    case "max":
      return args.map((arg) => rangeOf(reading, facts, arg)).reduce(maximum);
    case "pos":
      return notBelow0(first);
    case "pct":
    case "pctUp":
      return share(first, second);
    case "muldiv":
    case "muldivUp":
      return isZero(first) || isZero(second) ? exactly(0n) : AT_LEAST_0;
    case "iff":
      if (isZero(first)) return third;
      return isTrue(first) ? second : either(second, third);
    default:
      return /^(hist|ratio)/.test(name) ? ANY : AT_LEAST_0;
  }
}

function binaryRange(
  reading: Reading,
  facts: Facts,
  node: Extract<ExpressionNode, { kind: "binary" }>,
): Range {
  const phase = testedPhase(node);
  if (phase !== null) return phaseTest(facts, phase.operator, phase.name);
  const [left, right] = [rangeOf(reading, facts, node.left), rangeOf(reading, facts, node.right)];
  switch (node.operator) {
    case "+":
      return sum(left, right);
    case "-":
      return sum(left, negative(right));
    case "*":
      return product(left, right);
    case "/":
      return ANY;
    case "and":
      if (isZero(left) || isZero(right)) return truth(false);
      return isTrue(left) && isTrue(right) ? truth(true) : TEST;
    case "or":
      if (isTrue(left) || isTrue(right)) return truth(true);
      return isZero(left) && isZero(right) ? truth(false) : TEST;
    default:
      return compare(node.operator, left, right);
  }
}

/** What an expression can come to where the facts hold. */
function rangeOf(reading: Reading, facts: Facts, node: ExpressionNode): Range {
  switch (node.kind) {
    case "number":
      return exactly(node.value);
    case "reference":
      return referenceRange(reading, facts, node.text);
    case "call":
      return callRange(reading, facts, node);
    case "not": {
      const inner = rangeOf(reading, facts, node.operand);
      return isZero(inner) ? truth(true) : isTrue(inner) ? truth(false) : TEST;
    }
    case "binary":
      return binaryRange(reading, facts, node);
    default:
      return ANY;
  }
}

/** Bounds the amounts of one deal. */
export function createBounds(file: DealFile) {
  return {
    rangeOf: (facts: Facts, node: ExpressionNode) => rangeOf({ file }, facts, node),
    isTrue,
  };
}
