/** FEE, INT and PRIN: cash shared among claims, in order or pro rata. */
import { COMPONENTS, FLAG } from "../deals/terms-format.ts";
import { evaluateExpression } from "./evaluate-expression.ts";
import type { RunMemory } from "./run-memory.ts";
import { PART } from "./run-memory.ts";
import { splitCash } from "./split-cash.ts";
import { amountOf, bookDemand, notePayment, takeFromSource } from "./step-execution.ts";
import type { Execution } from "./step-execution.ts";

const minimum = (a: bigint, b: bigint) => (a < b ? a : b);
const at = (list: readonly bigint[], i: number) => list[i] ?? 0n;

function sum(values: readonly bigint[]): bigint {
  let total = 0n;
  for (let i = 0; i < values.length; i += 1) total += at(values, i);
  return total;
}

/** Shares cash among demands: in order, or pro rata by weight. */
function share(
  { memory, step }: Execution,
  cash: bigint,
  { demands, weights }: { demands: readonly bigint[]; weights: readonly bigint[] },
): bigint[] {
  if (step.terms.mode === "PRORATA") {
    return splitCash({ cash, demands, weights, rounding: memory.deal.terms.splitRounding });
  }
  let left = cash;
  return demands.map((demand) => {
    const amount = minimum(left, demand);
    left -= amount;
    return amount;
  });
}

/** What each fee may take: what is due, within what the fees before it leave of its own cap. */
function withinCaps({ memory, step }: Execution, dues: readonly bigint[]): bigint[] {
  const left = memory.capsLeft.slice();
  return step.terms.list.map((id, i) => {
    const cap = memory.deal.fees[id]?.terms.cap ?? null;
    if (cap === null) return at(dues, i);
    const cents = minimum(at(dues, i), at(left, cap));
    left[cap] = at(left, cap) - cents;
    return cents;
  });
}

function useCap(memory: RunMemory, cap: number, cents: bigint): void {
  const lane = memory.deal.layout.caps + cap;
  const left = at(memory.capsLeft, cap);
  memory.capsLeft[cap] = left - minimum(left, cents);
  memory.lanes[lane] = at(memory.lanes, lane) + cents;
}

/** Pays fees; under a CAP what is paid also uses up each fee's cap. */
export function payFees(execution: Execution): void {
  const { memory, step, available } = execution;
  const { lanes, deal } = memory;
  const { list, capEach } = step.terms;
  const capped = capEach || step.cap !== null;
  const dues = list.map((id) => at(lanes, deal.layout.fees + id));
  bookDemand(execution, sum(dues));
  const demands = capEach ? withinCaps(execution, dues) : dues;
  const amounts = share(execution, available, { demands, weights: demands });
  for (let i = 0; i < list.length; i += 1) {
    const [id, cents] = [list[i] ?? 0, at(amounts, i)];
    const fee = deal.fees[id]?.terms;
    if (fee === undefined || cents === 0n) continue;
    const lane = deal.layout.fees + id;
    lanes[lane] = at(lanes, lane) - cents;
    memory.payees[fee.payee] = at(memory.payees, fee.payee) + cents;
    if (capped && fee.cap !== null) useCap(memory, fee.cap, cents);
    notePayment(execution, { kind: "fee", to: id, cents });
  }
  takeFromSource(execution, sum(amounts));
}

/** Meets a class's claim part by part. */
function payClaim(execution: Execution, classId: number, given: bigint): void {
  const { memory, step } = execution;
  const claim = memory.claims[classId];
  const prepared = memory.deal.classes[classId];
  if (claim === undefined || prepared === undefined) return;
  const { part } = step.terms;
  const order = part === null ? prepared.order : [partNumber(part)];
  let left = given;
  for (let i = 0; i < order.length && left > 0n; i += 1) {
    const number = order[i] ?? 0;
    const cents = minimum(left, at(claim, number));
    claim[number] = at(claim, number) - cents;
    left -= cents;
    const component = COMPONENTS[number];
    if (component === undefined) continue;
    notePayment(execution, { kind: "interest", to: classId, cents, component });
  }
  if (part === null) memory.due[classId] = at(memory.due, classId) - given;
  memory.interestPaid[classId] = at(memory.interestPaid, classId) + given;
}

const partNumber = (part: "deferred" | "carryOver") =>
  part === "deferred" ? PART.DEFERRED : PART.CARRY_OVER;

/** What a class may ask of the step: its ordinary claim, or one part that is not in its order. */
function interestDemand({ memory, step }: Execution, classId: number): bigint {
  const { part } = step.terms;
  if (part === null) return at(memory.due, classId);
  const number = partNumber(part);
  if (memory.deal.classes[classId]?.inOrder[number] !== false) return 0n;
  return at(memory.claims[classId] ?? [], number);
}

export function payInterest(execution: Execution): void {
  const { list } = execution.step.terms;
  const demands = list.map((id) => interestDemand(execution, id));
  bookDemand(execution, sum(demands));
  const amounts = share(execution, execution.available, { demands, weights: demands });
  for (let i = 0; i < list.length; i += 1) {
    const cents = at(amounts, i);
    if (cents > 0n) payClaim(execution, list[i] ?? 0, cents);
  }
  takeFromSource(execution, sum(amounts));
}

/** The stated weights, one a class, at least 0; the balances where none are stated. */
function principalWeights({ memory, step }: Execution, balances: readonly bigint[]) {
  if (step.weights === null) return balances;
  evaluateExpression(memory, step.weights);
  return balances.map((_, i) => {
    const weight = at(memory.stack, i);
    if (weight < 0n) memory.flags |= FLAG.NEGATIVE;
    return weight > 0n ? weight : 0n;
  });
}

export function payPrincipal(execution: Execution): void {
  const { memory, step, available } = execution;
  const { list } = step.terms;
  const demand = bookDemand(execution, amountOf(execution));
  const balances = list.map((classId) => at(memory.balances, classId));
  const weights = principalWeights(execution, balances);
  const amounts = share(execution, minimum(available, demand), { demands: balances, weights });
  for (let i = 0; i < list.length; i += 1) {
    const [classId, cents] = [list[i] ?? 0, at(amounts, i)];
    if (cents === 0n) continue;
    memory.balances[classId] = at(memory.balances, classId) - cents;
    memory.principalPaid[classId] = at(memory.principalPaid, classId) + cents;
    notePayment(execution, { kind: "principal", to: classId, cents });
  }
  takeFromSource(execution, sum(amounts));
}
