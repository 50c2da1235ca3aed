/**
 * The priority of payments, run over compiled terms: the reference that the chain's engine and every
 * replay must equal word for word. Pure.
 */
import type { DealTerms } from "../deals/deal-terms.ts";
import { AVAILABLE_FUNDS } from "../deals/terms-format.ts";
import { closeRun } from "./close-run.ts";
import { executeStep, skippedStep } from "./execute-step.ts";
import { openRun } from "./open-run.ts";
import { prepareDeal } from "./prepare-deal.ts";
import { openMemory } from "./run-memory.ts";
import type { RunMemory, RunTrace } from "./run-memory.ts";
import type { WaterfallState } from "./waterfall-state.ts";

export interface PeriodInput {
  terms: DealTerms;
  state: WaterfallState;
  /** 1-based; the period after the state's last. */
  period: number;
  /** The report's figures in the order of the deal's figure table. */
  figures: readonly bigint[];
  /** Fixings of the feed indices (WAD), then the price of the purchase list where the deal buys. */
  extras?: readonly bigint[];
  /** Bit q: notice q is in force. */
  notices?: number;
  /** A purchase pays what the deal has for it, instead of the price of a list. */
  purchasePrice?: "any";
}

/** What a class got in this run, cents. */
export interface ClassResult {
  /** Whole claim: this period's interest and what was brought forward, deferred and carried over. */
  interestDue: bigint;
  interestPaid: bigint;
  principalPaid: bigint;
  /** Accrued in this period alone. */
  interestCurrent: bigint;
}

export interface PeriodOutcome {
  period: number;
  /** Phase in the state before, of the program that ran, and of the next run. */
  phaseBefore: number;
  phaseRun: number;
  phaseAfter: number;
  notices: number;
  /** The state after the run. */
  state: WaterfallState;
  classes: ClassResult[];
  /** Annual rate of each class this period, WAD, after its available-funds cap. */
  rates: bigint[];
  /** Interest added to each class's balance, cents. */
  capitalised: bigint[];
  /** Cents paid to each payee. */
  payees: bigint[];
  /** Fixings and price as used; where any price was allowed, what was paid for collateral. */
  extras: bigint[];
  /** OR of all flags raised, without SKIPPED. */
  flags: number;
}

/** Extra figures as the engine takes them, the price last; 0 while any price is allowed. */
function readExtras({ terms, extras = [], purchasePrice }: PeriodInput): bigint[] {
  const any = purchasePrice === "any" && terms.buys;
  const expected = terms.indices.length + (terms.buys ? 1 : 0);
  const padded = any && extras.length === expected - 1 ? [...extras, 0n] : [...extras];
  if (padded.length !== expected) {
    throw new RangeError(`${extras.length} fixings and prices given, the deal has ${expected}`);
  }
  return padded;
}

function checkInput({ terms, state, period, figures }: PeriodInput): void {
  if (period !== state.lastPeriod + 1) {
    throw new RangeError(`period ${period} does not follow period ${state.lastPeriod}`);
  }
  if (terms.phases[state.phase] === undefined) {
    throw new RangeError(`the deal has no phase ${state.phase}`);
  }
  if (figures.length !== terms.figures.length) {
    throw new RangeError(`${figures.length} figures given, the deal has ${terms.figures.length}`);
  }
  const availableFunds = figures[AVAILABLE_FUNDS] ?? 0n;
  if (availableFunds < 0n) throw new RangeError(`available funds are ${availableFunds} cents`);
}

function startRun(input: PeriodInput, extras: readonly bigint[], trace: RunTrace | null) {
  const { terms, state, period, figures, notices = 0, purchasePrice } = input;
  const row = terms.calendar[period - 1];
  if (row === undefined) throw new RangeError(`the calendar has no period ${period}`);
  const price = purchasePrice === "any" ? null : terms.buys ? (extras.at(-1) ?? 0n) : 0n;
  const all = extras.length === 0 ? figures : [...figures, ...extras];
  return openMemory(prepareDeal(terms), state, {
    row,
    period,
    figures: all,
    notices,
    price,
    trace,
  });
}

/** Walks the program; a false IF and a met ELSE jump, and what they pass is recorded as skipped. */
function runProgram(memory: RunMemory): number {
  const { deal, trace } = memory;
  const phase = deal.terms.phases[memory.phase];
  if (phase === undefined) throw new RangeError(`the deal has no phase ${memory.phase}`);
  const end = phase.firstStep + phase.stepCount;
  let flags = 0;
  let next = phase.firstStep;
  for (let position = phase.firstStep; position < end; position += 1) {
    const step = deal.steps[position];
    if (step === undefined) break;
    const index = position - phase.firstStep;
    if (position < next) {
      trace?.records.push(skippedStep(step, index));
      continue;
    }
    const record = executeStep(memory, step, index);
    trace?.records.push(record);
    flags |= record.flags;
    const { operation, jump } = step.terms;
    const jumps = operation === "ELSE" || (operation === "IF" && record.demand === 0n);
    next = jumps ? jump : position + 1;
  }
  return flags;
}

function total(values: readonly bigint[]): bigint {
  let sum = 0n;
  for (let i = 0; i < values.length; i += 1) sum += values[i] ?? 0n;
  return sum;
}

/** Cash in = cash out + what stays. A difference is a bug of the engine, so it stops. */
function assertConservation(memory: RunMemory): void {
  const held = total(memory.accountsAtStart); // the period's collections are in it
  const out = total(memory.interestPaid) + total(memory.principalPaid) + total(memory.payees);
  const left = total(memory.lanes.slice(0, memory.accountsAtStart.length));
  if (held !== left + out) throw new Error(`cash is not conserved: ${held} in, ${left + out} out`);
}

/**
 * Runs one period: the state after it and what was paid. With a trace it also keeps the record of
 * each step and what every expression read.
 * @throws RangeError when the period, phase or figures do not fit the terms; never for any balance.
 */
export function advanceWaterfall(input: PeriodInput, trace: RunTrace | null = null): PeriodOutcome {
  checkInput(input);
  const extras = readExtras(input);
  const memory = startRun(input, extras, trace);
  openRun(memory, input.state);
  const phaseRun = memory.phase;
  const prologueFlags = memory.flags;
  const programFlags = runProgram(memory);
  assertConservation(memory);
  memory.flags = 0;
  const state = closeRun(memory);
  if (memory.price === null && extras.length > 0) extras[extras.length - 1] = memory.bought;
  return {
    period: input.period,
    phaseBefore: input.state.phase,
    phaseRun,
    phaseAfter: state.phase,
    notices: memory.notices,
    state,
    classes: memory.claimed.map((interestDue, i) => ({
      interestDue,
      interestPaid: memory.interestPaid[i] ?? 0n,
      principalPaid: memory.principalPaid[i] ?? 0n,
      interestCurrent: memory.accrued[i] ?? 0n,
    })),
    rates: memory.rates,
    capitalised: memory.capitalised,
    payees: memory.payees,
    extras,
    flags: prologueFlags | programFlags | memory.flags,
  };
}
