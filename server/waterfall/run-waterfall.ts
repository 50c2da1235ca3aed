/**
 * The priority of payments, run over compiled terms: the reference that the chain's engine and every
 * replay must equal word for word. Pure.
 */
import type { CalendarRow, DealTerms, PhaseTerms } from "../deals/deal-terms.ts";
import { AVAILABLE_FUNDS, FLAG } from "../deals/terms-format.ts";
import { encodeRun } from "./encode-run.ts";
import { evaluateExpression } from "./evaluate-expression.ts";
import { executeStep, skippedStep } from "./execute-step.ts";
import type { StepRecord } from "./execute-step.ts";
import { hashWords } from "./hash-words.ts";
import { openRun } from "./run-memory.ts";
import type { RunMemory } from "./run-memory.ts";
import { cutToLane } from "./waterfall-state.ts";
import type { WaterfallState } from "./waterfall-state.ts";

export interface WaterfallInput {
  terms: DealTerms;
  state: WaterfallState;
  /** 1-based; the period after the state's last. */
  period: number;
  /** The report's figures in the order of the deal's figure table. */
  figures: readonly bigint[];
  /** The deal's number on chain; 0 before it has one. */
  chainDealId: bigint;
}

/** What a class got in this run, cents. */
export interface ClassResult {
  /** Whole claim: this period's interest and what was brought forward. */
  interestDue: bigint;
  interestPaid: bigint;
  principalPaid: bigint;
  /** Accrued in this period alone. */
  interestCurrent: bigint;
}

export interface WaterfallRun {
  period: number;
  phaseBefore: number;
  phaseAfter: number;
  /** The state after the run. */
  state: WaterfallState;
  records: StepRecord[];
  classes: ClassResult[];
  /** Cents paid to each payee. */
  payees: bigint[];
  /** OR of the step flags, without SKIPPED. */
  flags: number;
  /** The run as the chain emits it, and keccak256 of that. */
  words: bigint[];
  resultHash: string;
}

function checkInput({ terms, state, period, figures }: WaterfallInput): {
  row: CalendarRow;
  phase: PhaseTerms;
  availableFunds: bigint;
} {
  if (period !== state.lastPeriod + 1) {
    throw new RangeError(`period ${period} does not follow period ${state.lastPeriod}`);
  }
  const row = terms.calendar[period - 1];
  if (row === undefined) throw new RangeError(`the calendar has no period ${period}`);
  const phase = terms.phases[state.phase];
  if (phase === undefined) throw new RangeError(`the deal has no phase ${state.phase}`);
  if (figures.length !== terms.figures.length) {
    throw new RangeError(`${figures.length} figures given, the deal has ${terms.figures.length}`);
  }
  const availableFunds = figures[AVAILABLE_FUNDS] ?? 0n;
  if (availableFunds < 0n) throw new RangeError(`available funds are ${availableFunds} cents`);
  return { row, phase, availableFunds };
}

/** Walks the program; a false IF and a met ELSE jump, and what they pass is recorded as skipped. */
function runProgram(memory: RunMemory, phase: PhaseTerms): StepRecord[] {
  const records: StepRecord[] = [];
  const end = phase.firstStep + phase.stepCount;
  let next = phase.firstStep;
  for (let absolute = phase.firstStep; absolute < end; absolute += 1) {
    const step = memory.terms.steps[absolute];
    if (step === undefined) break;
    const inProgram = absolute - phase.firstStep;
    if (absolute < next) {
      records.push(skippedStep(step, inProgram));
      continue;
    }
    const record = executeStep(memory, step, { absolute, inProgram });
    records.push(record);
    const jumps = step.operation === "ELSE" || (step.operation === "IF" && record.demand === 0n);
    next = jumps ? step.jump : absolute + 1;
  }
  return records;
}

/** The first transition that holds after the run sets the phase of the next one. */
function phaseAfter(memory: RunMemory, phase: number): number {
  const { terms } = memory;
  const taken = terms.transitions.find(
    ({ from, when }) => from === phase && (evaluateExpression(memory, when).values[0] ?? 0n) !== 0n,
  );
  return taken?.to ?? phase;
}

/** What was not paid is carried: unpaid interest as shortfall, unpaid fees as fees due. */
function closeRun(memory: RunMemory, period: number, phase: number): WaterfallState {
  return {
    phase: phaseAfter(memory, phase),
    lastPeriod: period,
    classes: memory.claims.map((claim, i) => ({
      balance: cutToLane(memory.balances[i] ?? 0n),
      shortfall: cutToLane(claim.shortfall + claim.current),
      shortfallInterest: cutToLane(claim.interestOnShortfall),
      written: cutToLane(memory.written[i] ?? 0n),
    })),
    accounts: memory.accounts.map(cutToLane),
    feesUnpaid: memory.feesDue.map(cutToLane),
    capsUsed: memory.capsUsed.map(cutToLane),
  };
}

const total = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);

/** Cash in = cash out + what stays. A difference is a bug of the engine, so it stops. */
function assertConservation(memory: RunMemory): void {
  const out = total(memory.interestPaid) + total(memory.principalPaid) + total(memory.payees);
  const left = total(memory.accounts);
  const held = total(memory.accountsAtStart); // the period's collections are in it
  if (held !== left + out) throw new Error(`cash is not conserved: ${held} in, ${left + out} out`);
}

/**
 * Runs one period.
 * @throws RangeError when the period, phase or figures do not fit the terms; never for any balance.
 */
export function runWaterfall(input: WaterfallInput): WaterfallRun {
  const { terms, state, period, figures, chainDealId } = input;
  const { row, phase, availableFunds } = checkInput(input);
  const memory = openRun(terms, state, { row, period, figures, availableFunds });
  const records = runProgram(memory, phase);
  const after = closeRun(memory, period, state.phase);
  assertConservation(memory);
  const flags = records.reduce((all, record) => all | record.flags, 0) & ~FLAG.SKIPPED;
  const classes = terms.classes.map((_, i) => ({
    interestDue: memory.claimsAtStart[i] ?? 0n,
    interestPaid: memory.interestPaid[i] ?? 0n,
    principalPaid: memory.principalPaid[i] ?? 0n,
    interestCurrent: memory.accrued[i] ?? 0n,
  }));
  const result = {
    period,
    phaseBefore: state.phase,
    phaseAfter: after.phase,
    state: after,
    records,
    classes,
    payees: memory.payees,
    flags,
  };
  const words = encodeRun(result, chainDealId);
  return { ...result, words, resultHash: hashWords(words) };
}
