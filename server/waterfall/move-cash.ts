/** FILL, MOVE, REST and BUY: cash that leaves an account for another, or for a payee. */
import { FLAG } from "../deals/terms-format.ts";
import { amountOf, bookDemand, notePayment, takeFromSource } from "./step-execution.ts";
import type { Execution } from "./step-execution.ts";

const minimum = (a: bigint, b: bigint) => (a < b ? a : b);

function credit({ memory, step }: Execution, cents: bigint): void {
  const { destination, toPayee } = step.terms;
  const target = toPayee ? memory.payees : memory.lanes;
  target[destination] = (target[destination] ?? 0n) + cents;
}

/** FILL tops an account up to a target and never pulls back; MOVE moves an amount. */
export function moveBetweenAccounts(execution: Execution): void {
  const { memory, step, available } = execution;
  const { destination, operation } = step.terms;
  const amount = amountOf(execution);
  const held = operation === "FILL" ? (memory.lanes[destination] ?? 0n) : 0n;
  const cents = minimum(available, bookDemand(execution, amount - held));
  takeFromSource(execution, cents);
  credit(execution, cents);
  notePayment(execution, { kind: "account", to: destination, cents });
}

export function sweep(execution: Execution): void {
  const { step, available } = execution;
  bookDemand(execution, available);
  takeFromSource(execution, available);
  credit(execution, available);
  const kind = step.terms.toPayee ? "payee" : "account";
  notePayment(execution, { kind, to: step.terms.destination, cents: available });
}

/**
 * Pays the seller the price of the purchase list, or nothing: a list that costs more than there is,
 * or more than the deal lets buy, is not bought (flag UNMATCHED). It is bought once.
 */
export function buyCollateral(execution: Execution): void {
  const { memory, step, available } = execution;
  const most = minimum(available, bookDemand(execution, amountOf(execution)));
  const price = memory.price ?? most;
  if (price > most) memory.flags |= FLAG.UNMATCHED;
  const cents = price > 0n && price <= most ? price : 0n;
  if (cents > 0n && memory.price !== null) memory.price = 0n;
  memory.bought += cents;
  takeFromSource(execution, cents);
  credit(execution, cents);
  notePayment(execution, { kind: "payee", to: step.terms.destination, cents });
}
