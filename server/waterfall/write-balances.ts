/** LOSS, GAIN, PIK and BOOK: balances that change without cash. */
import { COMPONENTS } from "../deals/terms-format.ts";
import { MAX_AMOUNT } from "./opcodes.ts";
import { PART } from "./run-memory.ts";
import { amountOf, bookDemand, notePayment } from "./step-execution.ts";
import type { Execution } from "./step-execution.ts";
import { cutToLane } from "./waterfall-state.ts";

const minimum = (a: bigint, b: bigint) => (a < b ? a : b);
const at = (list: readonly bigint[], i: number) => list[i] ?? 0n;

/** LOSS writes balances down, GAIN writes them up again, never above what was written. */
export function writeBalances(execution: Execution): void {
  const { memory, step, record } = execution;
  const down = step.terms.operation === "LOSS";
  const demand = bookDemand(execution, amountOf(execution));
  let left = demand;
  for (const classId of step.terms.list) {
    const cents = minimum(left, at(down ? memory.balances : memory.written, classId));
    const change = down ? -cents : cents;
    memory.balances[classId] = at(memory.balances, classId) + change;
    memory.written[classId] = at(memory.written, classId) - change;
    left -= cents;
    notePayment(execution, { kind: down ? "write-down" : "write-up", to: classId, cents });
  }
  record.paid = demand - left;
  memory.lost[step.position] = minimum(left, MAX_AMOUNT);
}

const CAPITALISED = [
  PART.INTEREST_ON_SHORTFALL,
  PART.SHORTFALL,
  PART.CURRENT,
  PART.DEFERRED,
] as const;

/** Adds the unpaid interest of a class to its balance; what is carried over stays a claim. */
function capitaliseClass(execution: Execution, classId: number): bigint {
  const { memory } = execution;
  const claim = memory.claims[classId];
  const prepared = memory.deal.classes[classId];
  if (claim === undefined || prepared === undefined) return 0n;
  let total = 0n;
  for (const part of CAPITALISED) {
    const cents = at(claim, part);
    claim[part] = 0n;
    total += cents;
    notePayment(execution, {
      kind: "capitalised",
      to: classId,
      cents,
      component: COMPONENTS[part],
    });
  }
  memory.due[classId] = prepared.inOrder[PART.CARRY_OVER] ? at(claim, PART.CARRY_OVER) : 0n;
  memory.balances[classId] = at(memory.balances, classId) + total;
  memory.capitalised[classId] = at(memory.capitalised, classId) + total;
  const { pik } = prepared.terms.lanes;
  if (pik !== null) memory.lanes[pik] = at(memory.lanes, pik) + total;
  return total;
}

export function capitaliseInterest(execution: Execution): void {
  let total = 0n;
  for (const classId of execution.step.terms.list) total += capitaliseClass(execution, classId);
  execution.record.paid = bookDemand(execution, total);
}

/** BOOK raises a ledger (DR) up to what a lane holds, or lowers it (CR) down to 0. */
export function bookLedger(execution: Execution): void {
  const { memory, step, record } = execution;
  const { destination, mode } = step.terms;
  const lane = memory.deal.layout.ledgers + destination;
  const before = at(memory.lanes, lane);
  const demand = bookDemand(execution, amountOf(execution));
  const booked = mode === "CR" ? minimum(before, demand) : cutToLane(before + demand) - before;
  memory.lanes[lane] = mode === "CR" ? before - booked : before + booked;
  record.before = before;
  record.paid = booked;
  memory.lost[step.position] = minimum(demand - booked, MAX_AMOUNT);
  notePayment(execution, { kind: "ledger", to: destination, cents: booked });
}
