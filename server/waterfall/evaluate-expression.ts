/** The postfix machine: the same tokens, the same clamps and flags as on chain. */
import { OPCODE } from "../deals/terms-format.ts";
import type { Formula } from "./prepare-deal.ts";
import { noteReading } from "./run-memory.ts";
import type { Derivation, Reading, RunMemory } from "./run-memory.ts";

/**
 * Evaluates an expression on the running values and leaves what it makes on `memory.stack`, first
 * pushed first; flags go to `memory.flags`. Gives the first value, 0 without an expression. Never
 * throws, whatever the values are.
 */
export function evaluateExpression(memory: RunMemory, formula: Formula): bigint {
  if (formula === null) return 0n;
  const { stack, readings } = memory;
  let top = 0;
  for (let at = 0; at < formula.length; at += 1) {
    const token = formula[at];
    if (token === undefined) break;
    if (token.read !== null) {
      const value = token.read(memory, token.operand);
      stack[top] = value;
      top += 1;
      if (readings !== null) noteReading(readings, token.token, value);
    } else if (token.operate !== null) top = token.operate(memory, top, token.operand);
    else if (token.code === OPCODE.JMP) at += token.operand;
    else {
      top -= 1;
      // Which branch was taken says which reading belongs to which name.
      if (readings !== null) noteReading(readings, token.token, stack[top] ?? 0n);
      if (stack[top] === 0n) at += token.operand;
    }
  }
  return stack[0] ?? 0n;
}

/** Evaluates an expression that is no step's, and keeps for the explanation what it read. */
export function deriveValue(
  memory: RunMemory,
  formula: Formula,
  what: Pick<Derivation, "of" | "index" | "at">,
): bigint {
  if (memory.trace === null) return evaluateExpression(memory, formula);
  const outer = memory.readings;
  const readings: Reading[] = [];
  memory.readings = readings;
  const value = evaluateExpression(memory, formula);
  memory.readings = outer;
  memory.trace.derivations.push({ ...what, value, readings });
  outer?.push(...readings);
  return value;
}
