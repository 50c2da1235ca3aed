/** One step of the priority of payments: what it asks, what it pays, and to whom. */
import type { Expression, StepTerms } from "../deals/deal-terms.ts";
import { FLAG } from "../deals/terms-format.ts";
import type { Component, Operation } from "../deals/terms-format.ts";
import { evaluateExpression, MAX_AMOUNT } from "./evaluate-expression.ts";
import { claimTotal, payClaim } from "./run-memory.ts";
import type { RunMemory } from "./run-memory.ts";
import { splitCash } from "./split-cash.ts";
import { MAX_CENTS } from "./waterfall-state.ts";

/** One movement of a step, cents. `component` says which part of a claim an interest payment met. */
export interface Payment {
  kind: "fee" | "interest" | "principal" | "account" | "payee" | "write-down" | "write-up";
  /** Index of the fee, class, account or payee. */
  to: number;
  cents: bigint;
  component?: Component;
}

/** A value that an expression of the step read. */
export interface Reading {
  code: number;
  operand: number;
  value: bigint;
}

export interface StepRecord {
  /** Position in the phase's program. */
  index: number;
  operation: Operation;
  flags: number;
  demand: bigint;
  paid: bigint;
  /** Balance of the paying account before the step. */
  before: bigint;
  payments: Payment[];
  /** What the amount's expression read, in order; for the explanation. */
  readings: Reading[];
}

interface Execution {
  memory: RunMemory;
  step: StepTerms;
  record: StepRecord;
  /** Cash that the step may use. */
  available: bigint;
}

const minimum = (a: bigint, b: bigint) => (a < b ? a : b);
const positive = (value: bigint) => (value > 0n ? value : 0n);
const at = (list: readonly bigint[], i: number) => list[i] ?? 0n;

function evaluate(execution: Execution, expression: Expression | null): bigint[] {
  if (expression === null) return [];
  const { memory, record } = execution;
  const { values, flags } = evaluateExpression(memory, expression, ({ code, operand }, value) => {
    record.readings.push({ code, operand, value });
  });
  record.flags |= flags;
  return values;
}

function amountOf(execution: Execution): bigint {
  return evaluate(execution, execution.step.amount)[0] ?? 0n;
}

/** Books a demand: at least 0, and cut (with a flag) to what the record holds. Gives it uncut. */
function book(record: StepRecord, value: bigint): bigint {
  const demand = positive(value);
  if (demand > MAX_CENTS) record.flags |= FLAG.OVERFLOW;
  record.demand = minimum(demand, MAX_CENTS);
  return demand;
}

/** Shares cash among demands: in order, or pro rata by weight. */
function share(
  execution: Execution,
  demands: readonly bigint[],
  weights: readonly bigint[],
): bigint[] {
  const { available, memory, step } = execution;
  if (step.mode === "PRORATA") {
    return splitCash({ cash: available, demands, weights, rounding: memory.terms.splitRounding });
  }
  let left = available;
  return demands.map((demand) => {
    const amount = minimum(left, demand);
    left -= amount;
    return amount;
  });
}

function takeFromSource({ memory, step, record }: Execution, cents: bigint): void {
  memory.accounts[step.source] = at(memory.accounts, step.source) - cents;
  record.paid = cents;
}

const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);

/** Pays fees; under a CAP what is paid also uses up each fee's annual cap. */
function payFees(execution: Execution): void {
  const { memory, step, record } = execution;
  const demands = step.list.map((fee) => at(memory.feesDue, fee));
  book(record, sum(demands));
  const amounts = share(execution, demands, demands);
  step.list.forEach((feeId, i) => {
    const cents = at(amounts, i);
    const fee = memory.terms.fees[feeId];
    if (fee === undefined) return;
    memory.feesDue[feeId] = at(memory.feesDue, feeId) - cents;
    memory.payees[fee.payee] = at(memory.payees, fee.payee) + cents;
    if (cents > 0n) record.payments.push({ kind: "fee", to: feeId, cents });
    if (step.cap === null || fee.cap === null) return;
    const left = at(memory.capsLeft, fee.cap);
    memory.capsLeft[fee.cap] = left - minimum(left, cents);
    memory.capsUsed[fee.cap] = at(memory.capsUsed, fee.cap) + cents;
  });
  takeFromSource(execution, sum(amounts));
}

function payInterest(execution: Execution): void {
  const { memory, step, record } = execution;
  const demands = step.list.map((id) => {
    const claim = memory.claims[id];
    return claim === undefined ? 0n : claimTotal(claim);
  });
  book(record, sum(demands));
  const amounts = share(execution, demands, demands);
  step.list.forEach((classId, i) => {
    const parts = payClaim(memory, classId, at(amounts, i));
    for (const component of memory.terms.classes[classId]?.componentOrder ?? []) {
      const cents = parts[component];
      if (cents > 0n) record.payments.push({ kind: "interest", to: classId, cents, component });
    }
  });
  takeFromSource(execution, sum(amounts));
}

function payPrincipal(execution: Execution): void {
  const { memory, step, record } = execution;
  const demand = book(record, amountOf(execution));
  const balances = step.list.map((classId) => at(memory.balances, classId));
  const stated = step.weights === null ? balances : evaluate(execution, step.weights);
  const weights = stated.map((weight) => {
    if (weight < 0n) record.flags |= FLAG.NEGATIVE;
    return positive(weight);
  });
  const cash = minimum(execution.available, demand);
  const amounts = share({ ...execution, available: cash }, balances, weights);
  step.list.forEach((classId, i) => {
    const cents = at(amounts, i);
    memory.balances[classId] = at(memory.balances, classId) - cents;
    memory.principalPaid[classId] = at(memory.principalPaid, classId) + cents;
    if (cents > 0n) record.payments.push({ kind: "principal", to: classId, cents });
  });
  takeFromSource(execution, sum(amounts));
}

/** FILL tops an account up to a target and never pulls back; MOVE moves an amount. */
function moveBetweenAccounts(execution: Execution): void {
  const { memory, step, record, available } = execution;
  const wanted = positive(amountOf(execution));
  const held = step.operation === "FILL" ? at(memory.accounts, step.destination) : 0n;
  const cents = minimum(available, book(record, wanted - held));
  takeFromSource(execution, cents);
  memory.accounts[step.destination] = at(memory.accounts, step.destination) + cents;
  if (cents > 0n) record.payments.push({ kind: "account", to: step.destination, cents });
}

/** LOSS writes balances down, GAIN writes them up again, never above what was written. */
function writeBalances(execution: Execution, index: number): void {
  const { memory, step, record } = execution;
  const down = step.operation === "LOSS";
  const demand = book(record, amountOf(execution));
  let left = demand;
  for (const classId of step.list) {
    const room = at(down ? memory.balances : memory.written, classId);
    const cents = minimum(left, room);
    const change = down ? -cents : cents;
    memory.balances[classId] = at(memory.balances, classId) + change;
    memory.written[classId] = at(memory.written, classId) - change;
    left -= cents;
    const kind = down ? "write-down" : "write-up";
    if (cents > 0n) record.payments.push({ kind, to: classId, cents });
  }
  record.paid = demand - left;
  memory.lost[index] = left;
}

function sweep(execution: Execution): void {
  const { memory, step, record, available } = execution;
  book(record, available);
  takeFromSource(execution, available);
  const target = step.toPayee ? memory.payees : memory.accounts;
  target[step.destination] = at(target, step.destination) + available;
  const kind = step.toPayee ? "payee" : "account";
  if (available > 0n) record.payments.push({ kind, to: step.destination, cents: available });
}

/** A named amount that ends negative counts as 0 and is flagged. */
function nameAmount(execution: Execution): void {
  const { memory, step, record } = execution;
  const value = amountOf(execution);
  if (value < 0n) record.flags |= FLAG.NEGATIVE;
  memory.lets[step.destination] = minimum(book(record, value), MAX_AMOUNT);
}

/** A condition holds when it is not 0; a negative one is booked as the largest demand. */
function meetCondition(execution: Execution): void {
  const value = amountOf(execution);
  book(execution.record, value < 0n ? MAX_CENTS + 1n : value);
}

const WITHOUT_SOURCE: ReadonlySet<Operation> = new Set(["LET", "LOSS", "GAIN", "IF", "ELSE"]);

function startExecution(memory: RunMemory, step: StepTerms, position: number): Execution {
  const before = WITHOUT_SOURCE.has(step.operation) ? 0n : at(memory.accounts, step.source);
  const record: StepRecord = {
    index: position,
    operation: step.operation,
    flags: 0,
    demand: 0n,
    paid: 0n,
    before,
    payments: [],
    readings: [],
  };
  const execution: Execution = { memory, step, record, available: before };
  if (step.cap !== null) {
    const cap = positive(evaluate(execution, step.cap)[0] ?? 0n);
    execution.available = minimum(before, cap);
  }
  return execution;
}

export interface StepPlace {
  /** Absolute position among the deal's steps. */
  absolute: number;
  /** Position in the phase's program. */
  inProgram: number;
}

/**
 * Executes one step on the running values and records it. For an IF, `record.demand` is the
 * condition; the caller jumps. Never throws.
 */
export function executeStep(memory: RunMemory, step: StepTerms, place: StepPlace): StepRecord {
  const execution = startExecution(memory, step, place.inProgram);
  const { record } = execution;
  switch (step.operation) {
    case "LET":
      nameAmount(execution);
      break;
    case "FEE":
      payFees(execution);
      break;
    case "INT":
      payInterest(execution);
      break;
    case "PRIN":
      payPrincipal(execution);
      break;
    case "FILL":
    case "MOVE":
      moveBetweenAccounts(execution);
      break;
    case "LOSS":
    case "GAIN":
      writeBalances(execution, place.absolute);
      break;
    case "IF":
      meetCondition(execution);
      break;
    case "ELSE":
      break;
    case "REST":
      sweep(execution);
      break;
  }
  memory.paid[place.absolute] = record.paid;
  return record;
}

/** The record of a step that a branch passed over. */
export function skippedStep(step: StepTerms, position: number): StepRecord {
  return {
    index: position,
    operation: step.operation,
    flags: FLAG.SKIPPED,
    demand: 0n,
    paid: 0n,
    before: 0n,
    payments: [],
    readings: [],
  };
}
