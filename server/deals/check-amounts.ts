/**
 * Doubts about amounts: a LET that can end negative counts as 0 with a flag, and a report whose
 * preview has a flag cannot be attested, so authors write `pos`. What cannot be proved is listed.
 */
import type { DealSource, Place } from "./deal-source.ts";
import type { ConstantEntry, DealFile } from "./deal-file.ts";
import { flattenSteps } from "./program-syntax.ts";
import type { ExpressionNode, ParsedStep } from "./program-syntax.ts";
import { WAD } from "../lib/mul-div.ts";

/** Least values of what can be negative. */
export interface Bounds {
  figures: ReadonlyMap<string, bigint>;
  constants: ReadonlyMap<string, bigint>;
}

function sameText(a: ExpressionNode, b: ExpressionNode): boolean {
  return wordsOf(a) === wordsOf(b);
}

/** An expression in one canonical spelling. */
export function wordsOf(node: ExpressionNode): string {
  switch (node.kind) {
    case "number":
    case "reference":
      return node.text;
    case "text":
      return `'${node.text}'`;
    case "list":
      return `[${node.items.map(wordsOf).join(",")}]`;
    case "call":
      return `${node.name}(${node.args.map(wordsOf).join(",")})`;
    case "binary":
      return `(${wordsOf(node.left)} ${node.operator} ${wordsOf(node.right)})`;
    case "not":
      return `not(${wordsOf(node.operand)})`;
  }
}

function referenceIsSafe(bounds: Bounds, text: string): boolean {
  if (text.startsWith("p.")) return (bounds.figures.get(text.slice(2)) ?? -1n) >= 0n;
  if (text.startsWith("k.")) return (bounds.constants.get(text.slice(2)) ?? 0n) >= 0n;
  if (text.startsWith("index.")) return (bounds.figures.get(text.slice(6)) ?? -1n) >= 0n;
  return true; // balances, dues, caps, LETs and dates are never below zero
}

/** x - y with y = min(x, …): proved by its form. */
function takesAtMost(left: ExpressionNode, right: ExpressionNode): boolean {
  return (
    right.kind === "call" && right.name === "min" && right.args.some((arg) => sameText(arg, left))
  );
}

/** True when the expression is proved to be at least zero. */
export function isNeverNegative(bounds: Bounds, node: ExpressionNode): boolean {
  const safe = (inner: ExpressionNode) => isNeverNegative(bounds, inner);
  switch (node.kind) {
    case "number":
    case "not":
    case "text":
    case "list":
      return true;
    case "reference":
      return referenceIsSafe(bounds, node.text);
    case "call":
      if (node.name === "min") return node.args.every(safe);
      if (node.name === "max") return node.args.some(safe);
      if (node.name === "ratio") return node.args.every(safe);
      if (/^hist(Sum|Mean|Max)?$/.test(node.name)) return false; // a series may hold anything
      return node.name === "iff" ? node.args.slice(1).every(safe) : true;
    case "binary":
      if (node.operator === "+" || node.operator === "*")
        return safe(node.left) && safe(node.right);
      return node.operator !== "-" || takesAtMost(node.left, node.right);
  }
}

/** True when a divisor is proved to be above zero: by a literal or constant that is. */
function isAboveZero(bounds: Bounds, node: ExpressionNode | undefined): boolean {
  const above = (inner: ExpressionNode) => isAboveZero(bounds, inner);
  switch (node?.kind) {
    case "number":
      return node.value > 0n;
    case "reference":
      if (node.text.startsWith("face.")) return true;
      if (node.text.startsWith("p.")) return (bounds.figures.get(node.text.slice(2)) ?? 0n) > 0n;
      return node.text.startsWith("k.") && (bounds.constants.get(node.text.slice(2)) ?? 0n) > 0n;
    case "call":
      if (node.name === "min") return node.args.every(above);
      if (node.name === "days") return true; // accrual periods follow each other
      return node.name === "max" && node.args.some(above);
    case "binary": {
      const { left, right, operator } = node;
      if (operator === "*") return above(left) && above(right);
      if (operator === "-") return isMoreThan(left, right);
      const safe = isNeverNegative(bounds, node);
      return operator === "+" && safe && (above(left) || above(right));
    }
    default:
      return false;
  }
}

/** Two literals, the first the larger. */
function isMoreThan(left: ExpressionNode, right: ExpressionNode): boolean {
  return left.kind === "number" && right.kind === "number" && left.value > right.value;
}

/** What the amounts of one program are judged with. */
interface Scope {
  bounds: Bounds;
  steps: readonly ParsedStep[];
}

type Warn = (place: Place, code: string, value: string, message: string) => void;

/** What each function divides by, among its arguments. */
const DIVISORS: Readonly<
  Record<string, (args: readonly ExpressionNode[]) => ExpressionNode | undefined>
> = {
  muldiv: (args) => args[2],
  muldivUp: (args) => args[2],
  ratio: (args) => args[1],
  cureOC: (args) => args[2],
  cureBuy: (args) => args[3],
  cureIC: (args) => args[2],
  cureOCP: ([, , left, right]) =>
    left &&
    right && { kind: "binary", operator: "-", left, right, line: left.line, column: left.column },
};

/** Signed operands are lawful in a ratio; elsewhere they count as 0 with a flag. */
const UNSIGNED = /^(pct|muldiv|cure)/;

/** Operands of pct and muldiv below zero, and divisors that can be zero, raise a flag too. */
function checkOperands(bounds: Bounds, node: ExpressionNode, warn: Warn): void {
  if (node.kind === "not") return checkOperands(bounds, node.operand, warn);
  if (node.kind === "binary") {
    checkOperands(bounds, node.left, warn);
    return checkOperands(bounds, node.right, warn);
  }
  if (node.kind !== "call") return;
  for (const arg of node.args) {
    checkOperands(bounds, arg, warn);
    if (!UNSIGNED.test(node.name) || isNeverNegative(bounds, arg)) continue;
    const message = `${node.name} gives 0 and a flag when this is negative, which cannot be ruled out; write pos(…)`;
    warn(arg, "maybe-negative", wordsOf(arg), message);
  }
  const divisor = DIVISORS[node.name]?.(node.args);
  if (divisor === undefined || isAboveZero(bounds, divisor)) return;
  const message = `${node.name} gives 0 and a flag when it divides by zero, which cannot be ruled out; write max(1, …)`;
  warn(node, "maybe-zero", wordsOf(divisor), message);
}

/** The most that a step pays is an amount that a later one takes its payment off. */
function isAtMost(amount: ExpressionNode, most: ExpressionNode): boolean {
  if (sameText(amount, most)) return true;
  if (amount.kind !== "call") return false;
  if (amount.name === "min") return amount.args.some((arg) => isAtMost(arg, most));
  const [first, rate] = amount.args;
  const isShare = /^pct(Up)?$/.test(amount.name) && rate?.kind === "number" && rate.value <= WAD;
  return first !== undefined && (isShare || amount.name === "pos") && isAtMost(first, most);
}

/** x - paid.l, where step l pays at most x, and x stays as it is: a named amount, a figure, a payment. */
function isRemainder({ bounds, steps }: Scope, node: ExpressionNode): boolean {
  if (node.kind !== "binary" || node.operator !== "-") return false;
  const { left, right } = node;
  if (right.kind !== "reference" || !right.text.startsWith("paid.")) return false;
  const amount = steps.find(({ label }) => label?.text === right.text.slice(5))?.amount ?? null;
  const changes = /\b(bal|acct|due|ledger|undrawn|capLeft)\.|\bsum/.test(wordsOf(left));
  if (amount === null || changes || !isAtMost(amount, left)) return false;
  return isNeverNegative(bounds, left) || isRemainder({ bounds, steps }, left);
}

/** A BOOK, PRIN, MOVE or BUY up to a bare difference: below zero it does nothing, without a flag. */
function checkDifference(scope: Scope, { operation, amount }: ParsedStep, warn: Warn): void {
  if (!/^(BOOK|PRIN|MOVE|BUY)$/.test(operation)) return;
  if (amount?.kind !== "binary" || amount.operator !== "-") return;
  if (isNeverNegative(scope.bounds, amount) || isRemainder(scope, amount)) return;
  const message = `${operation} does nothing when this is negative, which cannot be ruled out; write pos(…) if that is meant`;
  warn(amount, "maybe-negative", wordsOf(amount), message);
}

function checkStep(scope: Scope, step: ParsedStep, warn: Warn): void {
  const { bounds } = scope;
  const { amount, cap, weights, label } = step;
  checkDifference(scope, step, warn);
  for (const node of [amount, cap, ...weights]) {
    if (node !== null) checkOperands(bounds, node, warn);
  }
  if (step.operation === "LET" && amount !== null && !isNeverNegative(bounds, amount)) {
    const message = `\`${label?.text ?? ""}\` may end negative, and then counts as 0 with a flag that stops attestation; write pos(…)`;
    warn(step, "maybe-negative", label?.text ?? "", message);
  }
  for (const weight of weights) {
    if (isNeverNegative(bounds, weight)) continue;
    const message = "a weight that is negative counts as 0 with a flag; write pos(…)";
    warn(weight, "maybe-negative", wordsOf(weight), message);
  }
  for (const inner of [...step.whenTrue, ...(step.otherwise ?? [])]) checkStep(scope, inner, warn);
}

/** The least value that a constant can have in any period. */
function leastOf({ value }: ConstantEntry): bigint {
  switch (value.kind) {
    case "fixed":
      return value.value;
    case "settable":
      return -1n; // whatever a SET gives it
    case "while":
      return smallest([value.value, ...value.during.map((one) => one.value)]);
    default:
      if (value.rows.some(({ increment }) => increment < 0n)) return -1n;
      return smallest(value.rows.map((row) => row.value));
  }
}

const smallest = (values: readonly bigint[]) =>
  values.reduce((least, value) => (value < least ? value : least), values[0] ?? 0n);

/** Expressions of coupons, fees, series, triggers and transitions. */
function amountsOutsidePrograms(file: DealFile): ExpressionNode[] {
  const fees = file.fees.map(({ amount }) => {
    if (amount.kind === "rate")
      return amount.on.kind === "expression" ? amount.on.expression : null;
    return amount.kind === "expression" ? amount.expression : null;
  });
  const classes = file.classes.flatMap(({ coupon, availableFundsCap }) => [
    coupon.kind === "expression" ? coupon.expression : null,
    availableFundsCap,
  ]);
  const tests = file.triggers.flatMap((trigger) => [
    trigger.numerator,
    trigger.denominator,
    trigger.threshold,
  ]);
  const values = [
    ...file.series.map(({ value }) => value),
    ...file.transitions.map(({ when }) => when),
  ];
  return [...fees, ...classes, ...tests, ...values].filter((node) => node !== null);
}

/** What figures and constants of a deal come to at least. */
export function boundsOf(file: DealFile): Bounds {
  return {
    figures: new Map(file.figures.map(({ name, minimum }) => [name, minimum])),
    constants: new Map([
      ["cutOffBalance", file.pool.cutOffBalanceCents],
      ...file.constants.map((entry) => [entry.name, leastOf(entry)] as const),
    ]),
  };
}

/** Adds a warning for every amount that could raise a flag at run time. */
export function checkAmounts(source: DealSource, file: DealFile): void {
  const bounds = boundsOf(file);
  const warn: Warn = ({ line, column }, code, value, message) => {
    source.problems.push({ severity: "warning", line, column, code, value, message });
  };
  for (const program of file.programs) {
    const scope = { bounds, steps: flattenSteps(program.steps) };
    for (const step of program.steps) checkStep(scope, step, warn);
  }
  for (const node of amountsOutsidePrograms(file)) checkOperands(bounds, node, warn);
  for (const { denominator, name } of file.triggers) {
    if (denominator === null || isAboveZero(bounds, denominator)) continue;
    const message = `trigger ${name} compares 0 and raises a flag when this is zero, which cannot be ruled out; write max(1, …)`;
    warn(denominator, "maybe-zero", wordsOf(denominator), message);
  }
}
