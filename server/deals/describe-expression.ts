/** Postfix tokens back to the program notation, from the compiled terms alone. */
import { formatCents } from "../lib/money.ts";
import { notesOf } from "./deal-notes.ts";
import type { DealTerms, Expression, ExpressionToken } from "./deal-terms.ts";
import { describeReference, nameInMask } from "./describe-reference.ts";
import { OPCODE } from "./terms-format.ts";

/** A text and how tightly it binds: an operand of a tighter operator gets parentheses. */
interface Phrase {
  text: string;
  level: number;
  /** Of a constant. */
  value?: bigint;
  /** Opcode of what is summed, so that sums over classes and over fees read as one. */
  sum?: number;
  /** What PHASE reads. */
  isPhase?: true;
}

/** Numbers in place of names: what a run read where. */
export interface Substitution {
  /** Text of the token at a place; undefined: as the formula writes it. */
  textAt(at: number): string | undefined;
  /** Whether the condition that the JZ at a place judges held; undefined: it was not judged. */
  heldAt(at: number): boolean | undefined;
}

const ATOM = 9;

const INFIX: Readonly<Record<number, [sign: string, level: number]>> = {
  [OPCODE.OR]: ["or", 1],
  [OPCODE.AND]: ["and", 2],
  [OPCODE.EQ]: ["==", 4],
  [OPCODE.NE]: ["!=", 4],
  [OPCODE.LT]: ["<", 4],
  [OPCODE.LE]: ["<=", 4],
  [OPCODE.GT]: [">", 4],
  [OPCODE.GE]: [">=", 4],
  [OPCODE.ADD]: ["+", 5],
  [OPCODE.SUB]: ["-", 5],
  [OPCODE.MUL]: ["*", 6],
};

const FUNCTIONS: Readonly<Record<number, [name: string, arity: number]>> = {
  [OPCODE.MIN]: ["min", 2],
  [OPCODE.MAX]: ["max", 2],
  [OPCODE.POS]: ["pos", 1],
  [OPCODE.PCT]: ["pct", 2],
  [OPCODE.PCTUP]: ["pctUp", 2],
  [OPCODE.MULDIV]: ["muldiv", 3],
  [OPCODE.MULDIVUP]: ["muldivUp", 3],
  [OPCODE.SMULDIV]: ["smuldiv", 3],
};

const wrap = (phrase: Phrase, level: number) =>
  phrase.level < level ? `(${phrase.text})` : phrase.text;

interface Walk {
  terms: DealTerms;
  tokens: Expression;
  position: number;
  substitution?: Substitution | undefined;
}

/** In place of a branch that was not taken: nothing in it was read. */
const NOT_TAKEN = "...";

/** A constant that triggers change compiles to a formula; its note tells the name. */
function constantOf(terms: DealTerms, formula: string): string {
  const note = notesOf(terms, "while").find((text) => text.endsWith(` ${formula}`));
  const name = note?.slice(0, -formula.length - 1) ?? " ";
  return name.includes(" ") ? formula : `k.${name}`;
}

/** `c JZ a JMP b` is iff(c, a, b): JZ passes over a and its JMP, JMP over b. */
function phraseIff(walk: Walk, at: number, condition: Phrase): { phrase: Phrase; next: number } {
  const jump = at + (walk.tokens[at]?.operand ?? 0);
  const end = jump + 1 + (walk.tokens[jump]?.operand ?? 0);
  const held = walk.substitution?.heldAt(at);
  const [yes] = phrases(walk, at + 1, jump);
  const [no] = phrases(walk, jump + 1, end);
  const yesText = held === false ? NOT_TAKEN : (yes?.text ?? "");
  const noText = held === true ? NOT_TAKEN : (no?.text ?? "");
  const text = `iff(${condition.text}, ${yesText}, ${noText})`;
  return { phrase: { text: constantOf(walk.terms, text), level: ATOM }, next: end };
}

/** smuldiv in the words of the functions that compile to it. */
function signedDivision(args: readonly string[]): string {
  const [a = "?", b = "?", c = "?"] = args;
  const history = /^histSum\((.*)\)$/.exec(a)?.[1];
  if (b === "1" && history !== undefined && c === `max(histCount(${history}), 1)`) {
    return `histMean(${history})`;
  }
  return b === "100 %" ? `ratio(${a}, ${c})` : `smuldiv(${a}, ${b}, ${c})`;
}

/** What is drawn of a facility is what its account lacks of the commitment. */
function drawnFacility(terms: DealTerms, lack: string): string | undefined {
  const facilities = terms.accounts.filter(({ facility }) => facility);
  return facilities.find(
    ({ name, initialDepositCents: limit }) => lack === `${formatCents(limit)} - acct.${name}`,
  )?.name;
}

/** One in breach after the other: more than one trigger, and all of them. */
function isAnyTrigger({ triggers }: DealTerms, text: string): boolean {
  return triggers.length > 1 && text === triggers.map(({ name }) => `trig.${name}`).join(" or ");
}

function applyFunction({ terms, tokens, substitution }: Walk, stack: Phrase[], at: number): Phrase {
  const { code, operand } = tokens[at] as ExpressionToken;
  const [name, arity] = FUNCTIONS[code] ?? ["cureIC", 3];
  const args = stack.splice(-arity).map(({ text }) => text);
  const facility = code === OPCODE.POS ? drawnFacility(terms, args[0] ?? "") : undefined;
  if (facility !== undefined) return { text: `drawn.${facility}`, level: ATOM };
  if (code === OPCODE.SMULDIV) return { text: signedDivision(args), level: ATOM };
  if (code === OPCODE.CUREIC) {
    const names = substitution?.textAt(at) ?? nameInMask(terms.classes, operand);
    args.splice(1, 0, `[${names}]`);
  }
  return { text: `${name}(${args.join(", ")})`, level: ATOM };
}

/** A phase is compared by its name. */
function comparedTo(terms: DealTerms, left: Phrase, right: Phrase): Phrase {
  if (left.isPhase === undefined || right.value === undefined) return right;
  return { text: `'${terms.phases[Number(right.value)]?.name ?? right.text}'`, level: ATOM };
}

function applyOperator(walk: Walk, stack: Phrase[], at: number): Phrase {
  const missing: Phrase = { text: "?", level: ATOM };
  const { terms } = walk;
  const { code } = walk.tokens[at] as ExpressionToken;
  if (code === OPCODE.NOT) {
    return { text: `not ${wrap(stack.pop() ?? missing, 4)}`, level: 3 };
  }
  const infix = INFIX[code];
  if (infix === undefined) return applyFunction(walk, stack, at);
  const [sign, level] = infix;
  const second = stack.pop() ?? missing;
  const left = stack.pop() ?? missing;
  const right = comparedTo(terms, left, second);
  // A comparison does not chain; + and - group from the left.
  const leftLevel = level === 4 ? 5 : level;
  if (code === OPCODE.ADD && left.sum === OPCODE.SUMDUE && right.sum === OPCODE.SUMFDUE) {
    return { text: left.text.replace(")", right.text.replace("sumdue(", ", ")), level: ATOM };
  }
  const text = `${wrap(left, leftLevel)} ${sign} ${wrap(right, level + 1)}`;
  return isAnyTrigger(terms, text) ? { text: "trig.any", level: ATOM } : { text, level };
}

function referencePhrase(walk: Walk, at: number, reference: string): Phrase {
  const { terms, tokens, substitution } = walk;
  const token = tokens[at] as ExpressionToken;
  const { code } = token;
  const number = substitution?.textAt(at);
  if (code === OPCODE.PHASE) return { text: number ?? reference, level: ATOM, isPhase: true };
  if (number !== undefined) return { text: number, level: ATOM };
  if (code === OPCODE.SUMDUE || code === OPCODE.SUMFDUE)
    return { text: reference, level: ATOM, sum: code };
  const value = code === OPCODE.CONST ? terms.constants[token.operand] : undefined;
  return value === undefined
    ? { text: reference, level: ATOM }
    : { text: reference, level: ATOM, value };
}

function phrases(walk: Walk, from: number, to: number): Phrase[] {
  const stack: Phrase[] = [];
  for (let at = from; at < to;) {
    const token = walk.tokens[at] as ExpressionToken;
    const reference = describeReference(walk.terms, token, walk.position);
    if (token.code === OPCODE.JZ) {
      const condition = stack.pop() ?? { text: "?", level: ATOM };
      const { phrase, next } = phraseIff(walk, at, condition);
      stack.push(phrase);
      at = next;
      continue;
    }
    stack.push(
      reference === null ? applyOperator(walk, stack, at) : referencePhrase(walk, at, reference),
    );
    at += 1;
  }
  return stack;
}

/**
 * An expression in program notation; several values (weights) are separated by `; `.
 * @param position absolute position of the step that it belongs to; -1 for a transition
 */
export function describeExpression(
  terms: DealTerms,
  tokens: Expression,
  position: number,
  substitution?: Substitution,
): string {
  const all = phrases({ terms, tokens, position, substitution }, 0, tokens.length);
  return all.map(({ text }) => text).join("; ");
}
