/**
 * Draws: cash that an account takes from another one because it lacks it. A claim that is paid from the
 * account counts as met for the source of the draw too only where the draw is provably all that the
 * claim needs: afterwards either the claim is paid or the source is empty. That holds for
 * `MOVE source -> into UPTO pos(need - acct.into)`, also inside `min(undrawn.source | acct.source, …)`,
 * when `need` sums the claim and all that the account pays between the draw and the claim.
 */
import { boundsOf, isNeverNegative, wordsOf } from "./check-amounts.ts";
import type { Bounds } from "./check-amounts.ts";
import type { DealFile, ProgramEntry } from "./deal-file.ts";
import { flattenSteps } from "./program-syntax.ts";
import type { ExpressionNode, ParsedStep } from "./program-syntax.ts";

/** A draw, and what of its need no step has been paid from yet. */
export interface Draw {
  into: string;
  from: string;
  line: number;
  /** `due.A`, `bal.A`, a named amount, a figure, or fees within a cap (`due.f|due.g|capLeft.c`). */
  need: ReadonlySet<string>;
}

type Call = Extract<ExpressionNode, { kind: "call" }>;

/** References in an expression. */
export function referencesIn(node: ExpressionNode | null): string[] {
  if (node === null) return [];
  switch (node.kind) {
    case "reference":
      return [node.text];
    case "call":
      return node.args.flatMap(referencesIn);
    case "list":
      return node.items.flatMap(referencesIn);
    case "binary":
      return [...referencesIn(node.left), ...referencesIn(node.right)];
    case "not":
      return referencesIn(node.operand);
    default:
      return [];
  }
}

/** What the amounts of one program are read with. */
export interface Reading {
  file: DealFile;
  /** With those inside IFs. */
  steps: readonly ParsedStep[];
  /** Amounts by the names that LETs give them. */
  lets: ReadonlyMap<string, ExpressionNode | null>;
  bounds: Bounds;
}

export function readingOf(file: DealFile, program: ProgramEntry): Reading {
  const steps = flattenSteps(program.steps);
  const lets = new Map(
    steps
      .filter(({ operation }) => operation === "LET")
      .map(({ label, amount }) => [label?.text ?? "", amount]),
  );
  return { file, steps, lets, bounds: boundsOf(file) };
}

/** `min(due.f, capLeft.c)` and `min(sumdue(f, g), capLeft.c)` as one term. */
function cappedFees(reading: Reading, { name, args }: Call): string | null {
  const isLeft = (arg: ExpressionNode) =>
    arg.kind === "reference" && arg.text.startsWith("capLeft.");
  const [left, ...second] = args.filter(isLeft).flatMap(referencesIn);
  const dues = args.filter((arg) => !isLeft(arg)).map((arg) => termsOf(reading, arg));
  const [due = []] = dues;
  if (name !== "min" || left === undefined || second.length > 0 || dues.length !== 1) return null;
  return due.every((term) => term?.startsWith("due.")) ? [...due, left].join("|") : null;
}

/** `pos(P2 - paid.first)`: what a step has left of an amount that stays as it is; in words. */
function remainderOf({ lets }: Reading, node: ExpressionNode): string | null {
  const [inner = node] = node.kind === "call" && node.name === "pos" ? node.args : [];
  if (inner.kind !== "binary" || inner.operator !== "-" || inner.right.kind !== "reference")
    return null;
  const stays = referencesIn(inner).every((name) => lets.has(name) || /^(p|paid)\./.test(name));
  return stays && inner.right.text.startsWith("paid.") ? wordsOf(inner) : null;
}

/** The terms of a sum that can be told apart; null in the place of any other. */
function termsOf(reading: Reading, node: ExpressionNode): (string | null)[] {
  if (node.kind === "binary" && node.operator === "+") {
    return [...termsOf(reading, node.left), ...termsOf(reading, node.right)];
  }
  if (node.kind === "call") {
    const names = referencesIn(node);
    if (node.name === "sumdue") return names.map((name) => `due.${name}`);
    if (node.name === "sumbal") return names.map((name) => `bal.${name}`);
    return [cappedFees(reading, node) ?? remainderOf(reading, node)];
  }
  if (node.kind === "binary") return [remainderOf(reading, node)];
  if (node.kind !== "reference") return [null];
  const inner = reading.lets.get(node.text) ?? null;
  if (inner === null) {
    const isTerm = /^(due|bal|p)\./.test(node.text) && isNeverNegative(reading.bounds, node);
    return [isTerm ? node.text : null];
  }
  const known = termsOf(reading, inner);
  return known.includes(null) ? [node.text] : known;
}

const isReference = (node: ExpressionNode, text: string) =>
  node.kind === "reference" && node.text === text;

/** What a MOVE provably brings its account to; null for any other amount. */
function needIn(amount: ExpressionNode, from: string, into: string): ExpressionNode | null {
  if (amount.kind !== "call" || amount.name.startsWith("sum")) return amount; // all of it, not the lack
  if (amount.name === "min") {
    const limits = [`undrawn.${from}`, `acct.${from}`];
    const rest = amount.args.filter((arg) => !limits.some((limit) => isReference(arg, limit)));
    const [only] = rest;
    return only !== undefined && rest.length === 1 ? needIn(only, from, into) : null;
  }
  const [lack] = amount.args;
  if (amount.name !== "pos" || lack?.kind !== "binary" || lack.operator !== "-") return null;
  return isReference(lack.right, `acct.${into}`) ? lack.left : null;
}

/** The amount of a step, or what it names where only LETs stand between: accounts are as they were. */
function amountOf({ steps, lets }: Reading, step: ParsedStep): ExpressionNode | null {
  const { amount } = step;
  if (amount?.kind !== "reference") return amount;
  const named = steps.findIndex(({ label, operation }) => {
    return operation === "LET" && label?.text === amount.text;
  });
  const between = steps.slice(named, steps.indexOf(step));
  const isFresh = named !== -1 && between.every(({ operation }) => operation === "LET");
  return isFresh ? (lets.get(amount.text) ?? amount) : amount;
}

/** Balances that grow in a run may be larger than they were in a need. */
function isGrowing({ steps }: Reading, term: string): boolean {
  const grows = steps.filter(({ operation }) => operation === "PIK" || operation === "GAIN");
  return grows.some(({ list }) => list.some(({ text }) => term === `bal.${text}`));
}

/** The draw that a MOVE into an account is. */
function drawOf(reading: Reading, step: ParsedStep): Draw {
  const [from, into] = [step.source?.text ?? "", step.destination?.text ?? ""];
  const amount = step.cap === null ? amountOf(reading, step) : null;
  const sum = amount === null ? null : needIn(amount, from, into);
  const need = sum?.kind === "reference" ? (reading.lets.get(sum.text) ?? sum) : sum;
  const counts = need !== null && isNeverNegative(reading.bounds, need);
  const terms = counts ? termsOf(reading, need).filter((term) => term !== null) : [];
  const known = terms.filter((term) => !isGrowing(reading, term));
  return { into, from, line: step.line, need: new Set(known) };
}

/** The terms by which a draw's need covers a fee: due whole, or within the cap of the step. */
function feeTerms({ file }: Reading, step: ParsedStep, need: Draw["need"]): (string | null)[] {
  return step.list.map(({ text }) => {
    if (need.has(`due.${text}`)) return `due.${text}`;
    const own = file.fees.find(({ name }) => name === text)?.cap ?? "";
    const cap = step.cap?.kind === "reference" ? step.cap.text : "";
    const left = step.capEach ? `capLeft.${own}` : cap;
    const within = [...need].map((term) => term.split("|")).filter((term) => term.includes(left));
    return within.find((term) => term.includes(`due.${text}`))?.join("|") ?? null;
  });
}

/** Terms of a draw's need that a step pays; null for a term that no need has. */
function paidTerms(reading: Reading, step: ParsedStep, need: Draw["need"]): (string | null)[] {
  const { operation, list, amount, part } = step;
  if (operation === "INT" && part === null) return list.map(({ text }) => `due.${text}`);
  if (operation === "FEE") return feeTerms(reading, step, need);
  const balances = list.map(({ text }) => `bal.${text}`);
  if (operation === "PRIN" && balances.every((term) => need.has(term))) return balances;
  if (amount === null || (operation !== "PRIN" && operation !== "MOVE")) return [null];
  const terms = termsOf(reading, amount);
  if (new Set(terms).size < terms.length) return [null];
  // A due or a balance under another name may be an old one, larger than what the need has.
  return terms.map((term) => (/^(due|bal)\./.test(term ?? "") ? null : term));
}

/** Whether a draw is all that a step needs, and what stands before it. */
export function covers(reading: Reading, { need }: Draw, step: ParsedStep): boolean {
  return paidTerms(reading, step, need).every((term) => term !== null && need.has(term));
}

/** What a later step may pay of the amount that a step was to pay. */
function remains({ operation, label, amount }: ParsedStep, paid: (string | null)[]): string[] {
  if (operation !== "PRIN" && operation !== "MOVE") return [];
  if (paid.some((term) => term?.startsWith("bal."))) return []; // the need is not of this amount
  if (label === null || amount === null) return [];
  const [whole = amount] = amount.kind === "call" && amount.name === "pos" ? amount.args : [];
  return [`(${wordsOf(whole)} - paid.${label.text})`];
}

/** What is left of the draws after a step: cash that comes into a source is not behind them. */
export function drawsAfter(reading: Reading, draws: readonly Draw[], step: ParsedStep): Draw[] {
  const moves = /^(FILL|MOVE|REST)$/.test(step.operation);
  const into = moves ? (step.destination?.text ?? "") : "";
  const next = draws.map((draw) => {
    if (draw.from === into) return { ...draw, need: new Set<string>() };
    const pays = draw.into === step.source?.text;
    if (pays && !covers(reading, draw, step)) return { ...draw, need: new Set<string>() };
    const paid = pays ? paidTerms(reading, step, draw.need) : [];
    // What is due falls by what is paid; every other amount is used up.
    const isSpent = (term: string | null) => !/^due\.[^|]*$/.test(term ?? "");
    const used = new Set(paid.filter(isSpent));
    const left = [...draw.need].filter((term) => !used.has(term));
    return { ...draw, need: new Set([...left, ...(pays ? remains(step, paid) : [])]) };
  });
  return step.operation === "MOVE" ? [...next, drawOf(reading, step)] : next;
}

/** Draws that were made on both of two ways, with what both leave. */
export function joinDraws(a: readonly Draw[], b: readonly Draw[]): Draw[] {
  const lines = new Set([...a, ...b].map(({ line }) => line));
  return [...lines].flatMap((line) => {
    const [one, other] = [a, b].map((draws) => draws.find((draw) => draw.line === line));
    const known = one ?? other;
    if (known === undefined) return [];
    return [{ ...known, need: new Set([...(one?.need ?? [])].filter((t) => other?.need.has(t))) }];
  });
}
