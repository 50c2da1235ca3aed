/** LET, IF, TEST and SET: what later steps and runs read. */
import { FLAG } from "../deals/terms-format.ts";
import { evaluateTrigger } from "./evaluate-trigger.ts";
import { MAX_AMOUNT } from "./opcodes.ts";
import { cutToSignedLane } from "./record-series.ts";
import { amountOf, bookDemand } from "./step-execution.ts";
import type { Execution } from "./step-execution.ts";
import { MAX_CENTS } from "./waterfall-state.ts";

/** A named amount that ends negative counts as 0 and is flagged. */
export function nameAmount(execution: Execution): void {
  const { memory, step } = execution;
  const value = amountOf(execution);
  if (value < 0n) memory.flags |= FLAG.NEGATIVE;
  const amount = bookDemand(execution, value);
  memory.lets[step.terms.destination] = amount < MAX_AMOUNT ? amount : MAX_AMOUNT;
}

/** A condition holds when it is not 0; a negative one is booked as the largest demand. */
export function meetCondition(execution: Execution): void {
  const value = amountOf(execution);
  bookDemand(execution, value < 0n ? MAX_CENTS + 1n : value);
}

export function testTrigger({ memory, step, record }: Execution): void {
  const { inBreach, failed } = evaluateTrigger(memory, step.terms.destination);
  record.demand = inBreach ? 1n : 0n;
  record.paid = failed ? 1n : 0n;
}

/** SET gives a variable its value, or names the phase of the next run (NOW: of this one's rest). */
export function setRegister(execution: Execution): void {
  const { memory, step, record } = execution;
  const { destination, mode } = step.terms;
  if (mode === "VALUE") {
    const value = amountOf(execution);
    memory.lanes[memory.deal.layout.variables + destination] = cutToSignedLane(memory, value);
    bookDemand(execution, value);
    return;
  }
  record.before = BigInt(memory.nextPhase);
  record.demand = BigInt(destination);
  memory.nextPhase = destination;
  if (mode === "NOW") memory.phase = destination;
}
