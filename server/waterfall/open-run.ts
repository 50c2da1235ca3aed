/**
 * The prologue: collections in, caps rolled, interest and fees accrued, snapshots taken, and what is
 * decided before the steps: series, triggers, the phase whose program runs.
 */
import { accrueInterest } from "../lib/accrue-interest.ts";
import { AVAILABLE_FUNDS, FLAG } from "../deals/terms-format.ts";
import type { Moment } from "../deals/terms-format.ts";
import { deriveValue } from "./evaluate-expression.ts";
import { evaluateTrigger } from "./evaluate-trigger.ts";
import type { PreparedClass } from "./prepare-deal.ts";
import { recordValue } from "./record-series.ts";
import type { RunMemory } from "./run-memory.ts";
import { MAX_CENTS } from "./waterfall-state.ts";
import type { ClassState, WaterfallState } from "./waterfall-state.ts";

const positive = (value: bigint) => (value > 0n ? value : 0n);
const minimum = (a: bigint, b: bigint) => (a < b ? a : b);

/** Each account with a figure of its own receives it; the collection account has the rest. */
function receiveCash(memory: RunMemory): void {
  const { deal, figures, lanes } = memory;
  const { accounts, collectionAccount } = deal.terms;
  let left = figures[AVAILABLE_FUNDS] ?? 0n;
  accounts.forEach(({ receives }, i) => {
    if (receives === null) return;
    const stated = figures[receives] ?? 0n;
    if (stated < 0n) memory.flags |= FLAG.NEGATIVE;
    if (stated > left) memory.flags |= FLAG.OVERFLOW;
    const cents = minimum(positive(stated), left);
    lanes[i] = (lanes[i] ?? 0n) + cents;
    left -= cents;
  });
  lanes[collectionAccount] = (lanes[collectionAccount] ?? 0n) + left;
}

/** A cap starts anew when the payment date enters another year of its kind; one for life never. */
function rollCaps(memory: RunMemory): void {
  const { deal, lanes, period, row } = memory;
  const previous = deal.terms.calendar[period - 2];
  deal.caps.forEach((cap, i) => {
    const lane = deal.layout.caps + i;
    if (cap.year !== "life of the deal") {
      const key = cap.year === "calendar year" ? "calendarYear" : "closingYear";
      if (previous === undefined || previous[key] !== row[key]) lanes[lane] = 0n;
    }
    memory.capsLeft[i] = positive(cap.cents - (lanes[lane] ?? 0n));
  });
}

interface Accrual {
  rate: bigint;
  basis: number;
  rounding: PreparedClass["terms"]["rounding"];
}

function accrue(memory: RunMemory, amount: bigint, { rate, basis, rounding }: Accrual): bigint {
  if (amount === 0n || rate === 0n) return 0n;
  const numerator = memory.row.numerators[basis] ?? 0;
  const denominator = memory.deal.terms.bases[basis] ?? 1;
  return accrueInterest(amount, { wad: rate, numerator, denominator, rounding });
}

/** Annual rate of the class's coupon, and the rate that the available funds bear. */
function ratesOf(memory: RunMemory, index: number, prepared: PreparedClass) {
  const { coupon, availableFundsCap, terms } = prepared;
  const cutRate = (value: bigint) => minimum(positive(value), MAX_CENTS);
  const stated =
    coupon === null
      ? terms.couponWad
      : cutRate(deriveValue(memory, coupon, { of: "coupon", index, at: "before" }));
  if (availableFundsCap === null) return { stated, effective: stated };
  const what = { of: "availableFundsCap", index, at: "before" } as const;
  const cap = positive(deriveValue(memory, availableFundsCap, what));
  return { stated, effective: minimum(stated, cap) };
}

/** A class's claim by part: this period's interest beside what was brought forward. */
function accrueClaim(memory: RunMemory, index: number, before: ClassState): void {
  const prepared = memory.deal.classes[index];
  if (prepared === undefined) return;
  const { terms, order } = prepared;
  const { stated, effective } = ratesOf(memory, index, prepared);
  const { basis, rounding } = terms;
  const at = (amount: bigint, rate: bigint) => accrue(memory, amount, { rate, basis, rounding });
  const current = at(before.balance, effective);
  let { shortfallInterest, carryOver } = before;
  if (terms.interestOnShortfall) shortfallInterest += at(before.shortfall, effective);
  if (terms.interestOnDeferred) shortfallInterest += at(before.deferred, effective);
  if (prepared.availableFundsCap !== null) carryOver += at(before.balance, stated) - current;
  if (terms.interestOnCarryOver) carryOver += at(before.carryOver, stated);
  const { shortfall, deferred } = before;
  const claim = [shortfallInterest, shortfall, current, deferred, carryOver];
  memory.claims[index] = claim;
  memory.claimed[index] = shortfallInterest + shortfall + current + deferred + carryOver;
  const due = order.reduce((sum, part) => sum + (claim[part] ?? 0n), 0n);
  memory.due[index] = due;
  memory.dueAtStart[index] = due;
  memory.accrued[index] = current;
  memory.rates[index] = effective;
}

/** Fees never accrue on unpaid fees: those are carried as they are (promise F1). */
function accrueFees(memory: RunMemory): void {
  const { deal, figures, lanes } = memory;
  deal.fees.forEach(({ terms, formula }, index) => {
    let value = positive(figures[terms.baseFigure ?? -1] ?? 0n);
    if (formula !== null) {
      value = positive(deriveValue(memory, formula, { of: "fee", index, at: "before" }));
      if (value > MAX_CENTS) memory.flags |= FLAG.OVERFLOW;
      value = minimum(value, MAX_CENTS);
    }
    const { amount, basis, rounding } = terms;
    if (terms.kind === "fixed") value = amount;
    else if (terms.kind === "rate")
      value = accrue(memory, value, { rate: amount, basis, rounding });
    const lane = deal.layout.fees + index;
    lanes[lane] = (lanes[lane] ?? 0n) + value;
  });
}

/** Records the series and tests the triggers of one moment, each in the order of the deal. */
export function recordAndTest(memory: RunMemory, at: Exclude<Moment, "within">): void {
  const { series, triggers } = memory.deal;
  series.forEach(({ terms, value }, index) => {
    if (terms.at !== at) return;
    recordValue(memory, index, deriveValue(memory, value, { of: "series", index, at }));
  });
  triggers.forEach(({ terms }, index) => {
    if (terms.at === at) evaluateTrigger(memory, index);
  });
}

/** The phase that the first transition of the moment leads to whose condition holds. */
export function takeTransition(memory: RunMemory, at: Exclude<Moment, "within">): number {
  const { transitions } = memory.deal;
  for (let index = 0; index < transitions.length; index += 1) {
    const transition = transitions[index];
    if (transition === undefined || transition.terms.at !== at) continue;
    const { from, to } = transition.terms;
    if (from !== null && from !== memory.nextPhase) continue;
    if (deriveValue(memory, transition.when, { of: "transition", index, at }) !== 0n) return to;
  }
  return memory.nextPhase;
}

/** Runs the prologue; afterwards `memory.phase` names the program to run. */
export function openRun(memory: RunMemory, state: WaterfallState): void {
  const { deal, lanes } = memory;
  receiveCash(memory);
  rollCaps(memory);
  state.classes.forEach((before, index) => accrueClaim(memory, index, before));
  accrueFees(memory);
  const { fees, caps } = deal.layout;
  memory.balancesAtStart = memory.balances.slice();
  memory.feesDueAtStart = lanes.slice(fees, caps);
  memory.accountsAtStart = lanes.slice(0, fees);
  if (memory.trace !== null) {
    memory.trace.claims = memory.claims.map((claim) => claim.slice());
    memory.trace.feesDue = memory.feesDueAtStart.slice();
  }
  recordAndTest(memory, "before");
  memory.nextPhase = takeTransition(memory, "before");
  memory.phase = memory.nextPhase;
}
