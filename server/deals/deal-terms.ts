/**
 * A deal's terms as the engines see them: exactly what the compiled bytes hold, with names. The
 * compiler makes it from a deal file, `readTerms` from the bytes alone; both are equal.
 */
import type { EpochDay, MonthNumber } from "../lib/dates.ts";
import type { Rounding } from "../lib/mul-div.ts";
import type {
  CapYear,
  Component,
  FeeKind,
  Mode,
  Operation,
  Seniority,
  SplitRounding,
} from "./terms-format.ts";

/** One postfix token; the closing END is not kept. */
export interface ExpressionToken {
  code: number;
  operand: number;
}
export type Expression = readonly ExpressionToken[];

export interface ClassTerms {
  name: string;
  seniority: Seniority;
  /** Original face, cents. */
  faceCents: bigint;
  /** Annual rate, 1e18 = 100 %. */
  couponWad: bigint;
  /** Index into `bases`. */
  basis: number;
  rounding: Rounding;
  interestOnShortfall: boolean;
  /** Every component once, in the order in which an interest payment meets them. */
  componentOrder: readonly Component[];
  finalDay: EpochDay;
}

export interface FeeTerms {
  name: string;
  kind: FeeKind;
  /** Annual rate of a rate fee, 1e18 = 100 %; cents per period of a fixed fee. */
  amount: bigint;
  basis: number;
  rounding: Rounding;
  payee: number;
  /** Figure that a rate fee accrues on. */
  baseFigure: number;
  cap: number | null;
}

export interface CapTerms {
  name: string;
  /** Cents a year. */
  cents: bigint;
  year: CapYear;
}

export interface AccountTerms {
  name: string;
  retained: boolean;
  /** Cents that the originator pays in at closing. */
  initialDepositCents: bigint;
}

export interface FigureTerms {
  name: string;
  /** Bounds of what a report may state, in cents or as a count. */
  minimum: bigint;
  maximum: bigint;
}

export interface PhaseTerms {
  name: string;
  /** Absolute position of its first step, and how many it has. */
  firstStep: number;
  stepCount: number;
}

export interface TransitionTerms {
  from: number;
  to: number;
  when: Expression;
  clause: string;
}

export interface StepTerms {
  operation: Operation;
  mode: Mode;
  /** Account that pays; 0 where no account does. */
  source: number;
  /** Account, payee (when `toPayee`) or LET slot. */
  destination: number;
  toPayee: boolean;
  /** Class ids (INT, PRIN, LOSS, GAIN) or fee ids (FEE). */
  list: readonly number[];
  amount: Expression | null;
  /** Leaves one value per entry of the list. */
  weights: Expression | null;
  cap: Expression | null;
  label: string | null;
  clause: string;
  /** Absolute step position: where a false IF, or an ELSE that is met, goes on; 0 elsewhere. */
  jump: number;
}

/** One period: times in unix seconds, days as epoch days. */
export interface CalendarRow {
  determinationTime: number;
  recordTime: number;
  paymentTime: number;
  paymentDay: EpochDay;
  collectionMonth: MonthNumber;
  /** Payment date's calendar year less the closing year. */
  calendarYear: number;
  /** Whole years from closing to the payment date. */
  closingYear: number;
  /** Day-count numerator per basis. */
  numerators: readonly number[];
}

export interface DealTerms {
  dealId: string;
  payees: readonly string[];
  constantNames: readonly string[];
  classes: readonly ClassTerms[];
  fees: readonly FeeTerms[];
  caps: readonly CapTerms[];
  accounts: readonly AccountTerms[];
  figures: readonly FigureTerms[];
  /** Named constants first, then the literals of expressions. */
  constants: readonly bigint[];
  /** Denominator of each day-count basis. */
  bases: readonly number[];
  phases: readonly PhaseTerms[];
  transitions: readonly TransitionTerms[];
  steps: readonly StepTerms[];
  /** Row i is period i + 1. */
  calendar: readonly CalendarRow[];
  collectionAccount: number;
  reserveAccount: number | null;
  cashDecimals: number;
  splitRounding: SplitRounding;
  /** Unix seconds. */
  closingTime: number;
  /** Share of the deal's principal that one identity may hold, in 1/10,000; null: no cap. */
  holderCapBps: number | null;
  /** Seconds after the payment time from which a distribution is late. */
  graceSeconds: number;
  cutOffBalanceCents: bigint;
  cutOffLoans: number;
}
