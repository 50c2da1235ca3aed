/** One step of the priority of payments: what it asks, what it pays, and to whom. */
import type { StepTerms } from "../deals/deal-terms.ts";
import { FLAG } from "../deals/terms-format.ts";
import type { Operation } from "../deals/terms-format.ts";
import { evaluateExpression } from "./evaluate-expression.ts";
import { payFees, payInterest, payPrincipal } from "./pay-claims.ts";
import { buyCollateral, moveBetweenAccounts, sweep } from "./move-cash.ts";
import type { PreparedStep } from "./prepare-deal.ts";
import type { RunMemory, StepRecord } from "./run-memory.ts";
import type { Execution } from "./step-execution.ts";
import { bookLedger, capitaliseInterest, writeBalances } from "./write-balances.ts";
import { meetCondition, nameAmount, setRegister, testTrigger } from "./write-registers.ts";

/** Steps that pay out of an account. */
export const PAYING: ReadonlySet<Operation> = new Set([
  "FEE",
  "INT",
  "PRIN",
  "FILL",
  "MOVE",
  "REST",
  "BUY",
]);

function newRecord(step: StepTerms, index: number): StepRecord {
  return {
    index,
    operation: step.operation,
    flags: 0,
    demand: 0n,
    paid: 0n,
    before: 0n,
    available: 0n,
    payments: [],
    readings: [],
  };
}

function execute(execution: Execution): void {
  switch (execution.step.terms.operation) {
    case "LET":
      return nameAmount(execution);
    case "FEE":
      return payFees(execution);
    case "INT":
      return payInterest(execution);
    case "PRIN":
      return payPrincipal(execution);
    case "FILL":
    case "MOVE":
      return moveBetweenAccounts(execution);
    case "LOSS":
    case "GAIN":
      return writeBalances(execution);
    case "IF":
      return meetCondition(execution);
    case "ELSE":
      return;
    case "REST":
      return sweep(execution);
    case "BUY":
      return buyCollateral(execution);
    case "PIK":
      return capitaliseInterest(execution);
    case "BOOK":
      return bookLedger(execution);
    case "TEST":
      return testTrigger(execution);
    case "SET":
      return setRegister(execution);
  }
}

/**
 * Executes one step on the running values and gives its record. For an IF, `record.demand` is the
 * condition; the caller jumps. Never throws.
 */
export function executeStep(memory: RunMemory, step: PreparedStep, index: number): StepRecord {
  const record = newRecord(step.terms, index);
  memory.flags = 0;
  memory.readings = memory.trace === null ? null : record.readings;
  if (PAYING.has(step.terms.operation)) record.before = memory.lanes[step.terms.source] ?? 0n;
  const execution: Execution = { memory, step, record, available: record.before };
  if (step.cap !== null) {
    const cap = evaluateExpression(memory, step.cap);
    if (cap < execution.available) execution.available = cap > 0n ? cap : 0n;
  }
  record.available = execution.available;
  execute(execution);
  record.flags = memory.flags;
  memory.readings = null;
  memory.paid[step.position] = record.paid;
  return record;
}

/** The record of a step that a branch passed over. */
export function skippedStep(step: PreparedStep, index: number): StepRecord {
  return { ...newRecord(step.terms, index), flags: FLAG.SKIPPED };
}
