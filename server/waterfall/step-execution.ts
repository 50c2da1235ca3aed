import { FLAG } from "../deals/terms-format.ts";
import { evaluateExpression } from "./evaluate-expression.ts";
import type { PreparedStep } from "./prepare-deal.ts";
import type { Payment, RunMemory, StepRecord } from "./run-memory.ts";
import { MAX_CENTS } from "./waterfall-state.ts";

/** A step at work. */
export interface Execution {
  memory: RunMemory;
  step: PreparedStep;
  record: StepRecord;
  /** Cash that the step may use. */
  available: bigint;
}

export function amountOf({ memory, step }: Execution): bigint {
  return evaluateExpression(memory, step.amount);
}

/** Books a demand: at least 0, and cut (with a flag) to what the record holds. Gives it uncut. */
export function bookDemand({ memory, record }: Execution, value: bigint): bigint {
  const demand = value > 0n ? value : 0n;
  if (demand > MAX_CENTS) memory.flags |= FLAG.OVERFLOW;
  record.demand = demand < MAX_CENTS ? demand : MAX_CENTS;
  return demand;
}

export function takeFromSource({ memory, step, record }: Execution, cents: bigint): void {
  const { source } = step.terms;
  memory.lanes[source] = (memory.lanes[source] ?? 0n) - cents;
  record.paid = cents;
}

/** Keeps a movement for the explanation; none of nothing. */
export function notePayment({ memory, record }: Execution, payment: Payment): void {
  if (memory.trace !== null && payment.cents > 0n) record.payments.push(payment);
}
