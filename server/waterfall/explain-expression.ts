/** An expression of the deal with what the engine read for each of its names. */
import type { Expression, ExpressionToken } from "../deals/deal-terms.ts";
import { describeExpression } from "../deals/describe-expression.ts";
import { OPCODE } from "../deals/terms-format.ts";
import type { Amount, Formula } from "./explain-node.ts";
import type { Reader, RunStory } from "./explain-story.ts";
import { READERS } from "./opcodes.ts";
import type { Reading } from "./run-memory.ts";

export interface EvaluatedExpression {
  tokens: Expression;
  /** From the first that this expression made. */
  readings: readonly Reading[];
  /** Absolute position of the step that it belongs to; -1 outside programs. */
  position: number;
  reader: Reader;
}

interface Walk {
  /** Reading by place of its token. */
  read: Map<number, Reading>;
  held: Map<number, boolean>;
  /** How many readings the expression took. */
  count: number;
}

/** Gives each token its reading, along the branches that were taken. */
function walkReadings(tokens: Expression, readings: readonly Reading[]): Walk {
  const walk: Walk = { read: new Map(), held: new Map(), count: 0 };
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as ExpressionToken;
    if (token.code === OPCODE.JMP) {
      at += token.operand;
      continue;
    }
    const judges = token.code === OPCODE.JZ;
    if (!judges && READERS[token.code] === undefined) continue;
    const reading = readings[walk.count];
    if (reading === undefined || reading.code !== token.code) break;
    walk.count += 1;
    if (!judges) walk.read.set(at, reading);
    else {
      walk.held.set(at, reading.value !== 0n);
      if (reading.value === 0n) at += token.operand;
    }
  }
  return walk;
}

/** How many readings an expression made of those that begin with its own. */
export function countReadings(tokens: Expression | null, readings: readonly Reading[]): number {
  return tokens === null ? 0 : walkReadings(tokens, readings).count;
}

const isLiteral = (story: RunStory, { code, operand }: ExpressionToken): boolean =>
  code === OPCODE.CONST && operand >= story.terms.constantNames.length;

/** What a cure of interest coverage walks over: interest due and balance of each class. */
function cureInputs(story: RunStory, mask: number, reader: Reader): Amount[] {
  const tokens = story.terms.classes.flatMap((_, i) =>
    (mask >> i) & 1
      ? [
          { code: OPCODE.DUE0, operand: i },
          { code: OPCODE.BAL, operand: i },
        ]
      : [],
  );
  return tokens.map((token) => story.explain.reading(story, { ...token, value: -1n }, reader));
}

/** The formula of an expression: names, the numbers that were read, and where each came from. */
export function explainExpression(story: RunStory, evaluated: EvaluatedExpression): Formula {
  const { tokens, readings, position, reader } = evaluated;
  const walk = walkReadings(tokens, readings);
  const inputs = new Map<number, Amount[]>();
  for (const [at, reading] of walk.read) {
    if (!isLiteral(story, reading)) inputs.set(at, [story.explain.reading(story, reading, reader)]);
  }
  tokens.forEach(({ code, operand }, at) => {
    if (code === OPCODE.CUREIC) inputs.set(at, cureInputs(story, operand, reader));
  });
  const textAt = (at: number): string | undefined => {
    const amounts = inputs.get(at);
    return amounts?.map(({ valueText }) => valueText).join(", ");
  };
  const heldAt = (at: number): boolean | undefined => walk.held.get(at);
  return {
    text: describeExpression(story.terms, tokens, position),
    substituted: describeExpression(story.terms, tokens, position, { textAt, heldAt }),
    inputs: [...inputs].toSorted(([a], [b]) => a - b).flatMap(([, amounts]) => amounts),
  };
}
