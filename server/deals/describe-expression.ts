/** Postfix tokens back to the program notation, from the compiled terms alone. */
import { formatDecimal } from "../lib/money.ts";
import type { DealTerms, Expression, ExpressionToken, StepTerms } from "./deal-terms.ts";
import { OPCODE } from "./terms-format.ts";

/** A text and how tightly it binds: an operand of a tighter operator gets parentheses. */
interface Phrase {
  text: string;
  level: number;
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
};

const FUNCTIONS: Readonly<Record<number, [name: string, arity: number]>> = {
  [OPCODE.MIN]: ["min", 2],
  [OPCODE.MAX]: ["max", 2],
  [OPCODE.POS]: ["pos", 1],
  [OPCODE.PCT]: ["pct", 2],
  [OPCODE.PCTUP]: ["pctUp", 2],
  [OPCODE.MULDIV]: ["muldiv", 3],
  [OPCODE.MULDIVUP]: ["muldivUp", 3],
};

/** The steps of the program that the step at an absolute position belongs to. */
function programAround(terms: DealTerms, position: number): readonly StepTerms[] {
  const phase = terms.phases.find(
    ({ firstStep, stepCount }) => position >= firstStep && position < firstStep + stepCount,
  );
  if (phase === undefined) return [];
  return terms.steps.slice(phase.firstStep, phase.firstStep + phase.stepCount);
}

function nameInMask(names: readonly { name: string }[], mask: number): string {
  return names
    .filter((_, i) => (mask >> i) & 1)
    .map(({ name }) => name)
    .join(", ");
}

function constantText(terms: DealTerms, index: number): string {
  const name = terms.constantNames[index];
  if (name !== undefined) return `k.${name}`;
  const value = terms.constants[index] ?? 0n;
  // A literal keeps no unit: whole hundredths of a per cent from 0.1 % on are read as rates.
  if (value < 10n ** 15n || value % 10n ** 12n !== 0n) return `${value}`;
  return `${formatDecimal(value, 16).replace(/\.?0+$/, "")} %`;
}

/** The name of what a token reads, as the program writes it; null for operators and jumps. */
export function describeReference(
  terms: DealTerms,
  token: ExpressionToken,
  position: number,
): string | null {
  const { code, operand } = token;
  const { classes, fees, accounts } = terms;
  const named = (prefix: string, list: readonly { name: string }[]) =>
    `${prefix}.${list[operand]?.name ?? operand}`;
  const stepName = () => terms.steps[operand]?.label ?? `${operand}`;
  switch (code) {
    case OPCODE.CONST:
      return constantText(terms, operand);
    case OPCODE.FIGURE:
      return named("p", terms.figures);
    case OPCODE.LET:
      return letName(terms, operand, position);
    case OPCODE.BAL:
      return named("bal", classes);
    case OPCODE.BAL0:
      return named("bal0", classes);
    case OPCODE.DUE:
      return named("due", classes);
    case OPCODE.DUE0:
      return named("due0", classes);
    case OPCODE.FDUE:
      return named("due", fees);
    case OPCODE.FDUE0:
      return named("due0", fees);
    case OPCODE.ACCT:
      return named("acct", accounts);
    case OPCODE.ACCT0:
      return named("acct0", accounts);
    case OPCODE.CAPLEFT:
      return named("capLeft", terms.caps);
    case OPCODE.PAID:
      return `paid.${stepName()}`;
    case OPCODE.LOST:
      return `lost.${stepName()}`;
    case OPCODE.WRITTEN:
      return named("written", classes);
    case OPCODE.FINAL:
      return named("final", classes);
    case OPCODE.PAYDAY:
      return "payDate";
    case OPCODE.SUMBAL:
      return `sumbal(${nameInMask(classes, operand)})`;
    case OPCODE.SUMDUE:
      return `sumdue(${nameInMask(classes, operand)})`;
    case OPCODE.SUMFDUE:
      return `sumdue(${nameInMask(fees, operand)})`;
    case OPCODE.SUMWRITTEN:
      return `sumwritten(${nameInMask(classes, operand)})`;
    default:
      return null;
  }
}

function letName(terms: DealTerms, slot: number, position: number): string {
  const named = programAround(terms, position).find(
    (step) => step.operation === "LET" && step.destination === slot,
  );
  return named?.label ?? `let ${slot}`;
}

const wrap = (phrase: Phrase, level: number) =>
  phrase.level < level ? `(${phrase.text})` : phrase.text;

interface Walk {
  terms: DealTerms;
  tokens: Expression;
  position: number;
}

/** `c JZ a JMP b` is iff(c, a, b): JZ passes over a and its JMP, JMP over b. */
function phraseIff(walk: Walk, at: number, condition: Phrase): { phrase: Phrase; next: number } {
  const jump = at + (walk.tokens[at]?.operand ?? 0);
  const end = jump + 1 + (walk.tokens[jump]?.operand ?? 0);
  const [yes] = phrases(walk, at + 1, jump);
  const [no] = phrases(walk, jump + 1, end);
  const text = `iff(${condition.text}, ${yes?.text ?? ""}, ${no?.text ?? ""})`;
  return { phrase: { text, level: ATOM }, next: end };
}

function applyOperator(stack: Phrase[], code: number): Phrase {
  const missing: Phrase = { text: "?", level: ATOM };
  if (code === OPCODE.NOT) {
    return { text: `not ${wrap(stack.pop() ?? missing, 4)}`, level: 3 };
  }
  const infix = INFIX[code];
  if (infix === undefined) {
    const [name, arity] = FUNCTIONS[code] ?? ["?", 1];
    const args = stack.splice(-arity).map(({ text }) => text);
    return { text: `${name}(${args.join(", ")})`, level: ATOM };
  }
  const [sign, level] = infix;
  const right = stack.pop() ?? missing;
  const left = stack.pop() ?? missing;
  // A comparison does not chain; + and - group from the left.
  const leftLevel = level === 4 ? 5 : level;
  return { text: `${wrap(left, leftLevel)} ${sign} ${wrap(right, level + 1)}`, level };
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
      reference === null ? applyOperator(stack, token.code) : { text: reference, level: ATOM },
    );
    at += 1;
  }
  return stack;
}

/**
 * An expression in program notation; several values (weights) are separated by `; `.
 * @param position absolute position of the step that it belongs to; -1 for a transition
 */
export function describeExpression(terms: DealTerms, tokens: Expression, position: number): string {
  const all = phrases({ terms, tokens, position }, 0, tokens.length);
  return all.map(({ text }) => text).join("; ");
}
