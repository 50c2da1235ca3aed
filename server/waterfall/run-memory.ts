/** What a run of the priority of payments works on: running values, snapshots and results. */
import type { CalendarRow } from "../deals/deal-terms.ts";
import type { ExpressionToken } from "../deals/deal-terms.ts";
import { LIMITS } from "../deals/terms-format.ts";
import type { Operation } from "../deals/terms-format.ts";
import type { Component, Moment } from "../deals/terms-format.ts";
import type { PreparedDeal } from "./prepare-deal.ts";
import { stateToLanes } from "./waterfall-state.ts";
import type { WaterfallState } from "./waterfall-state.ts";

/** Positions of the parts of a class's claim: the order of COMPONENTS. */
export const PART = {
  INTEREST_ON_SHORTFALL: 0,
  SHORTFALL: 1,
  CURRENT: 2,
  DEFERRED: 3,
  CARRY_OVER: 4,
} as const;

/** One movement of a step, cents. `component` says which part of a claim was met or capitalised. */
export interface Payment {
  kind:
    | "fee"
    | "interest"
    | "principal"
    | "account"
    | "payee"
    | "write-down"
    | "write-up"
    | "capitalised"
    | "ledger";
  /** Index of the fee, class, account, payee or ledger. */
  to: number;
  cents: bigint;
  component?: Component;
}

/** A value that an expression read. */
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
  /** Balance of the paying account, or what the step changes, before the step. */
  before: bigint;
  /** Cash that a paying step may use: the account's, within the step's cap. */
  available: bigint;
  payments: Payment[];
  /** What the step's expressions read, in order; for the explanation. */
  readings: Reading[];
}

/** A value computed outside the amounts of steps, with what its expression read. */
export interface Derivation {
  of:
    | "coupon"
    | "availableFundsCap"
    | "fee"
    | "series"
    | "numerator"
    | "denominator"
    | "threshold"
    | "transition";
  /** Index of the class, fee, series, trigger or transition. */
  index: number;
  at: Moment;
  value: bigint;
  readings: Reading[];
}

/** What a run keeps for its explanation and its words, in the order in which it happened. */
export interface RunTrace {
  records: StepRecord[];
  derivations: Derivation[];
  /** Parts of each class's claim as accrued, in the order of COMPONENTS. */
  claims: bigint[][];
  /** What each fee has due as accrued. */
  feesDue: bigint[];
}

export function newTrace(): RunTrace {
  return { records: [], derivations: [], claims: [], feesDue: [] };
}

export interface RunMemory {
  deal: PreparedDeal;
  row: CalendarRow;
  period: number;
  /** The report's figures, then the fixings, then the price of the purchase list. */
  figures: readonly bigint[];
  /** Bit q: notice q is in force. */
  notices: number;
  /** Running value of each lane in the pinned order; fee lanes hold what is due and left. */
  lanes: bigint[];
  balances: bigint[];
  balancesAtStart: readonly bigint[];
  written: bigint[];
  /** What is left of each class's claim, by part. */
  claims: bigint[][];
  /** Sum of the parts in the class's order: running, and as accrued. */
  due: bigint[];
  dueAtStart: bigint[];
  /** The whole claim as accrued, with the parts that do not stand in the order. */
  claimed: bigint[];
  /** Interest accrued in this period, without what was brought forward. */
  accrued: bigint[];
  /** Annual rate after the available-funds cap. */
  rates: bigint[];
  feesDueAtStart: readonly bigint[];
  accountsAtStart: readonly bigint[];
  capsLeft: bigint[];
  /** Values of LETs by slot; 0 until named. */
  lets: bigint[];
  /** By absolute step position; 0 for a step that did not run. */
  paid: bigint[];
  lost: bigint[];
  interestPaid: bigint[];
  principalPaid: bigint[];
  /** Interest added to the balance in this run. */
  capitalised: bigint[];
  payees: bigint[];
  /** Last period recorded, per series. */
  recorded: number[];
  /** What the opcode PHASE reads, and what the next run starts with. */
  phase: number;
  nextPhase: number;
  /** Price that a purchase must match, 0 once it is paid; null: any. */
  price: bigint | null;
  /** Paid for collateral. */
  bought: bigint;
  /** Flags raised since they were last taken. */
  flags: number;
  stack: bigint[];
  /** Where readings go; null while nobody asks for them. */
  readings: Reading[] | null;
  trace: RunTrace | null;
}

export interface RunInput {
  row: CalendarRow;
  period: number;
  figures: readonly bigint[];
  notices: number;
  price: bigint | null;
  trace: RunTrace | null;
}

/** As many as a deal may have steps: a slice of it is the quickest way to new zeros. */
const ZEROS = Array.from({ length: LIMITS.phases * LIMITS.stepsPerProgram }, () => 0n);

/** `count` amounts of zero. */
function zeros(count: number): bigint[] {
  return ZEROS.slice(0, count);
}

/** Memory over the state before the run; nothing is received or accrued yet. */
export function openMemory(deal: PreparedDeal, state: WaterfallState, input: RunInput): RunMemory {
  const { terms } = deal;
  const classes = terms.classes.length;
  return {
    deal,
    ...input,
    lanes: stateToLanes(terms, state),
    balances: state.classes.map(({ balance }) => balance),
    balancesAtStart: [],
    written: state.classes.map(({ written }) => written),
    claims: [],
    due: zeros(classes),
    dueAtStart: zeros(classes),
    claimed: zeros(classes),
    accrued: zeros(classes),
    rates: zeros(classes),
    feesDueAtStart: [],
    accountsAtStart: [],
    capsLeft: zeros(terms.caps.length),
    lets: [],
    paid: zeros(terms.steps.length),
    lost: zeros(terms.steps.length),
    interestPaid: zeros(classes),
    principalPaid: zeros(classes),
    capitalised: zeros(classes),
    payees: zeros(terms.payees.length),
    recorded: terms.series.map(() => state.lastPeriod),
    phase: state.phase,
    nextPhase: state.phase,
    bought: 0n,
    flags: 0,
    stack: [],
    readings: null,
  };
}

/** Notes a reading where somebody asks for it. */
export function noteReading(readings: Reading[], token: ExpressionToken, value: bigint): void {
  readings.push({ code: token.code, operand: token.operand, value });
}
