/** What each token of an expression reads or does; the chain's engine has the same table. */
import { mulDivDown, mulDivUp, WAD } from "../lib/mul-div.ts";
import { FLAG, OPCODE } from "../deals/terms-format.ts";
import { cureInterestCoverage } from "./cure-interest-coverage.ts";
import { countRecorded, largestRecorded, recordedValue, sumRecorded } from "./record-series.ts";
import type { RunMemory } from "./run-memory.ts";
import { scheduleValue } from "./schedule-value.ts";
import { isInBreach } from "./trigger-lane.ts";

/** LETs and the operands and results of products are cut to this: sums stay within 256 bits. */
export const MAX_AMOUNT = (1n << 127n) - 1n;

/** Gives the value that a token pushes. */
export type Reader = (memory: RunMemory, operand: number) => bigint;

/** Works on the top of the stack, which holds `top` values; gives how many it then holds. */
export type Operator = (memory: RunMemory, top: number, operand: number) => number;

const at = (list: readonly bigint[], i: number) => list[i] ?? 0n;

function sumOf(values: readonly bigint[], mask: number, from = 0): bigint {
  let sum = 0n;
  for (let rest = mask, i = from; rest !== 0; rest >>>= 1, i += 1) {
    if ((rest & 1) === 1) sum += at(values, i);
  }
  return sum;
}

/** A value cut to +-(2^127 - 1); the cut is flagged. */
export function cutAmount(memory: RunMemory, value: bigint): bigint {
  if (value <= MAX_AMOUNT && value >= -MAX_AMOUNT) return value;
  memory.flags |= FLAG.OVERFLOW;
  return value > 0n ? MAX_AMOUNT : -MAX_AMOUNT;
}

/** By opcode: what a token reads. */
export const READERS: readonly (Reader | undefined)[] = byCode<Reader>({
  [OPCODE.CONST]: ({ deal }, id) => at(deal.terms.constants, id),
  [OPCODE.FIGURE]: ({ figures }, id) => at(figures, id),
  [OPCODE.LET]: ({ lets }, id) => at(lets, id),
  [OPCODE.BAL]: ({ balances }, id) => at(balances, id),
  [OPCODE.BAL0]: ({ balancesAtStart }, id) => at(balancesAtStart, id),
  [OPCODE.DUE]: ({ due }, id) => at(due, id),
  [OPCODE.DUE0]: ({ dueAtStart }, id) => at(dueAtStart, id),
  [OPCODE.FDUE]: ({ lanes, deal }, id) => at(lanes, deal.layout.fees + id),
  [OPCODE.FDUE0]: ({ feesDueAtStart }, id) => at(feesDueAtStart, id),
  [OPCODE.ACCT]: ({ lanes }, id) => at(lanes, id),
  [OPCODE.ACCT0]: ({ accountsAtStart }, id) => at(accountsAtStart, id),
  [OPCODE.CAPLEFT]: ({ capsLeft }, id) => at(capsLeft, id),
  [OPCODE.PAID]: ({ paid }, id) => at(paid, id),
  [OPCODE.LOST]: ({ lost }, id) => at(lost, id),
  [OPCODE.WRITTEN]: ({ written }, id) => at(written, id),
  [OPCODE.FINAL]: ({ deal }, id) => BigInt(deal.terms.classes[id]?.finalDay ?? 0),
  [OPCODE.PAYDAY]: ({ row }) => BigInt(row.paymentDay),
  [OPCODE.SUMBAL]: ({ balances }, mask) => sumOf(balances, mask),
  [OPCODE.SUMDUE]: ({ due }, mask) => sumOf(due, mask),
  [OPCODE.SUMFDUE]: ({ lanes, deal }, mask) => sumOf(lanes, mask, deal.layout.fees),
  [OPCODE.SUMWRITTEN]: ({ written }, mask) => sumOf(written, mask),
  [OPCODE.PHASE]: ({ phase }) => BigInt(phase),
  [OPCODE.TRIG]: ({ lanes, deal }, id) =>
    isInBreach(at(lanes, deal.layout.triggers + id)) ? 1n : 0n,
  [OPCODE.LANE]: ({ lanes }, lane) => unsignedLane(at(lanes, lane)),
  [OPCODE.SLANE]: ({ lanes }, lane) => BigInt.asIntN(64, at(lanes, lane)),
  [OPCODE.HIST]: (memory, place) => recordedValue(memory, place >> 8, place & 0xff) ?? 0n,
  [OPCODE.HISTSUM]: (memory, place) => sumRecorded(memory, place >> 8, place & 0xff),
  [OPCODE.HISTMAX]: (memory, place) => largestRecorded(memory, place >> 8, place & 0xff),
  [OPCODE.HISTCOUNT]: (memory, place) => countRecorded(memory, place >> 8, place & 0xff),
  [OPCODE.DAYS]: ({ row }, basis) => BigInt(row.numerators[basis] ?? 0),
  [OPCODE.PERIOD]: ({ period }) => BigInt(period),
  [OPCODE.NOTICE]: ({ notices }, id) => ((notices >> id) & 1 ? 1n : 0n),
  [OPCODE.SCHED]: ({ deal, period }, id) => scheduleValue(deal.terms.schedules[id], period),
  [OPCODE.CURRENT]: ({ accrued }, id) => at(accrued, id),
  [OPCODE.MONTH]: ({ row }) => BigInt((row.collectionMonth % 12) + 1),
  [OPCODE.RATE]: ({ rates }, id) => at(rates, id),
});

function byCode<T>(entries: Readonly<Record<number, T>>): (T | undefined)[] {
  const table: (T | undefined)[] = [];
  for (const [code, entry] of Object.entries(entries)) table[Number(code)] = entry;
  return table;
}

const unsignedLane = (value: bigint) => (value < 0n ? BigInt.asUintN(64, value) : value);

/** Replaces the two values on top by what `combine` makes of them, the left operand first. */
function binary(combine: (a: bigint, b: bigint) => bigint): Operator {
  return ({ stack }, top) => {
    stack[top - 2] = combine(at(stack, top - 2), at(stack, top - 1));
    return top - 1;
  };
}

const test = (holds: (a: bigint, b: bigint) => boolean) =>
  binary((a, b) => (holds(a, b) ? 1n : 0n));

function unary(change: (value: bigint) => bigint): Operator {
  return ({ stack }, top) => {
    stack[top - 1] = change(at(stack, top - 1));
    return top;
  };
}

/** a * b / c of pct and muldiv: below 0 gives 0, division by zero gives 0, the rest is cut to M. */
function scale(memory: RunMemory, [a, b, c]: readonly [bigint, bigint, bigint], up: boolean) {
  if (a < 0n || b < 0n || c < 0n) {
    memory.flags |= FLAG.NEGATIVE;
    return 0n;
  }
  const [x, y, divisor] = [cutAmount(memory, a), cutAmount(memory, b), cutAmount(memory, c)];
  if (divisor === 0n) {
    memory.flags |= FLAG.DIVZERO;
    return 0n;
  }
  return cutAmount(memory, up ? mulDivUp(x, y, divisor) : mulDivDown(x, y, divisor));
}

function percentage(up: boolean): Operator {
  return (memory, top) => {
    const { stack } = memory;
    stack[top - 2] = scale(memory, [at(stack, top - 2), at(stack, top - 1), WAD], up);
    return top - 1;
  };
}

function proportion(up: boolean): Operator {
  return (memory, top) => {
    const { stack } = memory;
    const operands = [at(stack, top - 3), at(stack, top - 2), at(stack, top - 1)] as const;
    stack[top - 3] = scale(memory, operands, up);
    return top - 2;
  };
}

/** The quotient rounded toward minus infinity; the divisor is above 0. */
function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}

/** floor(a * b / c) with signs; a divisor that is not above 0 gives 0. */
function signedProportion(memory: RunMemory, top: number): number {
  const { stack } = memory;
  const a = cutAmount(memory, at(stack, top - 3));
  const b = cutAmount(memory, at(stack, top - 2));
  const c = cutAmount(memory, at(stack, top - 1));
  if (c <= 0n) memory.flags |= c === 0n ? FLAG.DIVZERO : FLAG.NEGATIVE;
  stack[top - 3] = c <= 0n ? 0n : cutAmount(memory, floorDivide(a * b, c));
  return top - 2;
}

function product(memory: RunMemory, top: number): number {
  const { stack } = memory;
  const [a, b] = [at(stack, top - 2), at(stack, top - 1)];
  stack[top - 2] = cutAmount(memory, cutAmount(memory, a) * cutAmount(memory, b));
  return top - 1;
}

function interestCure(memory: RunMemory, top: number, mask: number): number {
  const { stack } = memory;
  const operands = [at(stack, top - 3), at(stack, top - 2), at(stack, top - 1)] as const;
  stack[top - 3] = cureInterestCoverage(memory, mask, operands);
  return top - 2;
}

/** By opcode: what a token does with the values on the stack. */
export const OPERATORS: readonly (Operator | undefined)[] = byCode<Operator>({
  [OPCODE.ADD]: binary((a, b) => a + b),
  [OPCODE.SUB]: binary((a, b) => a - b),
  [OPCODE.MIN]: binary((a, b) => (a < b ? a : b)),
  [OPCODE.MAX]: binary((a, b) => (a > b ? a : b)),
  [OPCODE.POS]: unary((value) => (value > 0n ? value : 0n)),
  [OPCODE.PCT]: percentage(false),
  [OPCODE.PCTUP]: percentage(true),
  [OPCODE.MULDIV]: proportion(false),
  [OPCODE.MULDIVUP]: proportion(true),
  [OPCODE.EQ]: test((a, b) => a === b),
  [OPCODE.NE]: test((a, b) => a !== b),
  [OPCODE.LT]: test((a, b) => a < b),
  [OPCODE.LE]: test((a, b) => a <= b),
  [OPCODE.GT]: test((a, b) => a > b),
  [OPCODE.GE]: test((a, b) => a >= b),
  [OPCODE.AND]: test((a, b) => a !== 0n && b !== 0n),
  [OPCODE.OR]: test((a, b) => a !== 0n || b !== 0n),
  [OPCODE.NOT]: unary((value) => (value === 0n ? 1n : 0n)),
  [OPCODE.MUL]: product,
  [OPCODE.SMULDIV]: signedProportion,
  [OPCODE.CUREIC]: interestCure,
});
