/** The postfix machine: the same tokens, the same clamps and flags as on chain. */
import { mulDivDown, mulDivUp, WAD } from "../lib/mul-div.ts";
import type { Expression, ExpressionToken } from "../deals/deal-terms.ts";
import { FLAG, OPCODE } from "../deals/terms-format.ts";
import { claimTotal } from "./run-memory.ts";
import type { RunMemory } from "./run-memory.ts";

/** LETs and the operands and results of pct and muldiv are cut to this: sums stay within 256 bits. */
export const MAX_AMOUNT = (1n << 127n) - 1n;

export interface Evaluation {
  /** Values left on the stack, first pushed first. */
  values: bigint[];
  flags: number;
}

/** Called with each reference that was read and its value. */
export type Observe = (token: ExpressionToken, value: bigint) => void;

function sumOf(mask: number, values: readonly bigint[]): bigint {
  return values.reduce((sum, value, i) => ((mask >> i) & 1 ? sum + value : sum), 0n);
}

/** Value of a token that reads something; null for operators and jumps. */
function read(memory: RunMemory, { code, operand }: ExpressionToken): bigint | null {
  const { terms } = memory;
  const claims = () => memory.claims.map(claimTotal);
  switch (code) {
    case OPCODE.CONST:
      return terms.constants[operand] ?? 0n;
    case OPCODE.FIGURE:
      return memory.figures[operand] ?? 0n;
    case OPCODE.LET:
      return memory.lets[operand] ?? 0n;
    case OPCODE.BAL:
      return memory.balances[operand] ?? 0n;
    case OPCODE.BAL0:
      return memory.balancesAtStart[operand] ?? 0n;
    case OPCODE.DUE:
      return claims()[operand] ?? 0n;
    case OPCODE.DUE0:
      return memory.claimsAtStart[operand] ?? 0n;
    case OPCODE.FDUE:
      return memory.feesDue[operand] ?? 0n;
    case OPCODE.FDUE0:
      return memory.feesDueAtStart[operand] ?? 0n;
    case OPCODE.ACCT:
      return memory.accounts[operand] ?? 0n;
    case OPCODE.ACCT0:
      return memory.accountsAtStart[operand] ?? 0n;
    case OPCODE.CAPLEFT:
      return memory.capsLeft[operand] ?? 0n;
    case OPCODE.PAID:
      return memory.paid[operand] ?? 0n;
    case OPCODE.LOST:
      return memory.lost[operand] ?? 0n;
    case OPCODE.WRITTEN:
      return memory.written[operand] ?? 0n;
    case OPCODE.FINAL:
      return BigInt(terms.classes[operand]?.finalDay ?? 0);
    case OPCODE.PAYDAY:
      return BigInt(memory.row.paymentDay);
    case OPCODE.SUMBAL:
      return sumOf(operand, memory.balances);
    case OPCODE.SUMDUE:
      return sumOf(operand, claims());
    case OPCODE.SUMFDUE:
      return sumOf(operand, memory.feesDue);
    case OPCODE.SUMWRITTEN:
      return sumOf(operand, memory.written);
    default:
      return null;
  }
}

/** Clamps of pct and muldiv: below 0 gives 0, division by zero gives 0, the rest is cut to M. */
function muldiv(operands: [bigint, bigint, bigint], up: boolean): { value: bigint; flags: number } {
  let flags = 0;
  if (operands.some((value) => value < 0n)) return { value: 0n, flags: FLAG.NEGATIVE };
  const [a, b, c] = operands.map((value) => {
    if (value <= MAX_AMOUNT) return value;
    flags |= FLAG.OVERFLOW;
    return MAX_AMOUNT;
  }) as [bigint, bigint, bigint];
  if (c === 0n) return { value: 0n, flags: flags | FLAG.DIVZERO };
  const value = up ? mulDivUp(a, b, c) : mulDivDown(a, b, c);
  if (value <= MAX_AMOUNT) return { value, flags };
  return { value: MAX_AMOUNT, flags: flags | FLAG.OVERFLOW };
}

const truth = (value: boolean) => (value ? 1n : 0n);

function binary(code: number, a: bigint, b: bigint): bigint | null {
  switch (code) {
    case OPCODE.ADD:
      return a + b;
    case OPCODE.SUB:
      return a - b;
    case OPCODE.MIN:
      return a < b ? a : b;
    case OPCODE.MAX:
      return a > b ? a : b;
    case OPCODE.EQ:
      return truth(a === b);
    case OPCODE.NE:
      return truth(a !== b);
    case OPCODE.LT:
      return truth(a < b);
    case OPCODE.LE:
      return truth(a <= b);
    case OPCODE.GT:
      return truth(a > b);
    case OPCODE.GE:
      return truth(a >= b);
    case OPCODE.AND:
      return truth(a !== 0n && b !== 0n);
    case OPCODE.OR:
      return truth(a !== 0n || b !== 0n);
    default:
      return null;
  }
}

/** Applies an operator to the stack; gives the flags that it raises. */
function operate(stack: bigint[], code: number): number {
  const pop = () => stack.pop() ?? 0n;
  if (code === OPCODE.POS || code === OPCODE.NOT) {
    const value = pop();
    stack.push(code === OPCODE.NOT ? truth(value === 0n) : value > 0n ? value : 0n);
    return 0;
  }
  if (code >= OPCODE.PCT && code <= OPCODE.MULDIVUP) {
    const scaled = code === OPCODE.PCT || code === OPCODE.PCTUP;
    const c = scaled ? WAD : pop();
    const b = pop();
    const result = muldiv([pop(), b, c], code === OPCODE.PCTUP || code === OPCODE.MULDIVUP);
    stack.push(result.value);
    return result.flags;
  }
  const b = pop();
  const a = pop();
  stack.push(binary(code, a, b) ?? 0n);
  return 0;
}

/** Evaluates an expression on the running values. Never throws, whatever the values are. */
export function evaluateExpression(
  memory: RunMemory,
  expression: Expression,
  observe?: Observe,
): Evaluation {
  const stack: bigint[] = [];
  let flags = 0;
  for (let at = 0; at < expression.length; at += 1) {
    const token = expression[at] as ExpressionToken;
    const value = read(memory, token);
    if (value !== null) {
      stack.push(value);
      observe?.(token, value);
    } else if (token.code === OPCODE.JMP) at += token.operand;
    else if (token.code === OPCODE.JZ) {
      if ((stack.pop() ?? 0n) === 0n) at += token.operand;
    } else flags |= operate(stack, token.code);
  }
  return { values: stack, flags };
}
