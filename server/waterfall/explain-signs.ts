/** Whether an expression can come out below 0: then a step takes 0 instead, and the formula says so. */
import type { DealTerms, Expression } from "../deals/deal-terms.ts";
import { OPCODE } from "../deals/terms-format.ts";

/** What reads a signed value. */
const SIGNED: ReadonlySet<number> = new Set([
  ...[OPCODE.SLANE, OPCODE.HIST, OPCODE.HISTSUM, OPCODE.HISTMAX],
]);
/** What takes two or three values and gives none below 0. */
const ARITY: Readonly<Record<number, number>> = {
  [OPCODE.PCT]: 2,
  [OPCODE.PCTUP]: 2,
  [OPCODE.MULDIV]: 3,
  [OPCODE.MULDIVUP]: 3,
  [OPCODE.CUREIC]: 3,
  [OPCODE.POS]: 1,
  [OPCODE.NOT]: 1,
  [OPCODE.EQ]: 2,
  [OPCODE.NE]: 2,
  [OPCODE.LT]: 2,
  [OPCODE.LE]: 2,
  [OPCODE.GT]: 2,
  [OPCODE.GE]: 2,
  [OPCODE.AND]: 2,
  [OPCODE.OR]: 2,
};
const EITHER: ReadonlySet<number> = new Set([OPCODE.ADD, OPCODE.MIN, OPCODE.MUL]);

/** Whether the value of an expression may be negative; true where that cannot be told. */
export function mayBeNegative(terms: DealTerms, tokens: Expression): boolean {
  const walk = (from: number, to: number): boolean => {
    const stack: boolean[] = [];
    const pop = (): boolean => stack.pop() ?? true;
    for (let at = from; at < to; at += 1) {
      const { code = 0, operand = 0 } = tokens[at] ?? {};
      if (code === OPCODE.JZ) {
        pop();
        const jump = at + operand;
        const end = jump + 1 + (tokens[jump]?.operand ?? 0);
        stack.push(walk(at + 1, jump) || walk(jump + 1, end));
        at = end - 1;
      } else if (ARITY[code] !== undefined) {
        stack.splice(-ARITY[code]);
        stack.push(false);
      } else if (code === OPCODE.SUB) stack.push([pop(), pop()].length > 0);
      else if (code === OPCODE.SMULDIV) stack.push([pop(), pop(), pop()].includes(true));
      else if (EITHER.has(code)) stack.push([pop(), pop()].includes(true));
      else if (code === OPCODE.MAX) stack.push(![pop(), pop()].includes(false));
      else if (code === OPCODE.FIGURE) stack.push((terms.figures[operand]?.minimum ?? -1n) < 0n);
      else stack.push(SIGNED.has(code));
    }
    return stack[0] ?? true;
  };
  return walk(0, tokens.length);
}
