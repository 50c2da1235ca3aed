/**
 * Doubts about amounts: a LET that can end negative counts as 0 with a flag, and a report whose
 * preview has a flag cannot be attested, so authors write `pos`. What cannot be proved is listed.
 */
import type { DealSource, Place } from "./deal-source.ts";
import type { ConstantEntry, DealFile } from "./deal-file.ts";
import type { ExpressionNode, ParsedStep } from "./program-syntax.ts";

/** Least values of what can be negative. */
interface Bounds {
  figures: ReadonlyMap<string, bigint>;
  constants: ReadonlyMap<string, bigint>;
}

function sameText(a: ExpressionNode, b: ExpressionNode): boolean {
  return wordsOf(a) === wordsOf(b);
}

/** An expression in one canonical spelling. */
function wordsOf(node: ExpressionNode): string {
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

/** True when a divisor is proved to be above zero: a positive literal or constant. */
function isAboveZero(bounds: Bounds, node: ExpressionNode | undefined): boolean {
  if (node?.kind === "number") return node.value > 0n;
  if (node?.kind !== "reference" || !node.text.startsWith("k.")) return false;
  return (bounds.constants.get(node.text.slice(2)) ?? 0n) > 0n;
}

type Warn = (place: Place, code: string, value: string, message: string) => void;

/** Operands of pct and muldiv below zero, and divisors that can be zero, raise a flag too. */
function checkOperands(bounds: Bounds, node: ExpressionNode, warn: Warn): void {
  if (node.kind === "not") return checkOperands(bounds, node.operand, warn);
  if (node.kind === "binary") {
    checkOperands(bounds, node.left, warn);
    return checkOperands(bounds, node.right, warn);
  }
  if (node.kind === "list") {
    for (const item of node.items) checkOperands(bounds, item, warn);
  }
  if (node.kind !== "call") return;
  for (const arg of node.args) checkOperands(bounds, arg, warn);
  if (!/^(pct|muldiv)/.test(node.name)) return;
  const divides = node.name.startsWith("muldiv");
  for (const arg of node.args) {
    if (isNeverNegative(bounds, arg)) continue;
    const message = `${node.name} gives 0 and a flag when this is negative, which cannot be ruled out; write pos(…)`;
    warn(arg, "maybe-negative", wordsOf(arg), message);
  }
  if (divides && !isAboveZero(bounds, node.args[2])) {
    const message = `${node.name} gives 0 and a flag when it divides by zero, which cannot be ruled out`;
    warn(node, "maybe-zero", node.args[2] === undefined ? "" : wordsOf(node.args[2]), message);
  }
}

function checkStep(bounds: Bounds, step: ParsedStep, warn: Warn): void {
  const { amount, cap, weights, label } = step;
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
  for (const inner of [...step.whenTrue, ...(step.otherwise ?? [])]) checkStep(bounds, inner, warn);
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

/** Adds a warning for every amount that could raise a flag at run time. */
export function checkAmounts(source: DealSource, file: DealFile): void {
  const bounds: Bounds = {
    figures: new Map(file.figures.map(({ name, minimum }) => [name, minimum])),
    constants: new Map([
      ["cutOffBalance", file.pool.cutOffBalanceCents],
      ...file.constants.map((entry) => [entry.name, leastOf(entry)] as const),
    ]),
  };
  const warn: Warn = ({ line, column }, code, value, message) => {
    source.problems.push({ severity: "warning", line, column, code, value, message });
  };
  for (const program of file.programs) {
    for (const step of program.steps) checkStep(bounds, step, warn);
  }
}
