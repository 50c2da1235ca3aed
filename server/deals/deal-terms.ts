/**
 * A deal's terms as the engines see them: exactly what the compiled bytes hold, with names. The
 * compiler makes it from a deal file, `readTerms` from the bytes alone; both are equal.
 */
import type { EpochDay, MonthNumber } from "../lib/dates.ts";
import type { Rounding } from "../lib/mul-div.ts";
import type {
  CapYear,
  Comparison,
  Component,
  FeeKind,
  Mode,
  Moment,
  NoticeKind,
  Operation,
  RateUnit,
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
  /** Annual rate, 1e18 = 100 %; 0 where `coupon` gives it. */
  couponWad: bigint;
  /** Annual rate of a floating or stepped coupon; null: fixed. */
  coupon: Expression | null;
  /** Annual rate above which interest is carried over instead of due; null: none. */
  availableFundsCap: Expression | null;
  /** Index into `bases`. */
  basis: number;
  rounding: Rounding;
  interestOnShortfall: boolean;
  interestOnDeferred: boolean;
  interestOnCarryOver: boolean;
  /** Unpaid interest of a period is deferred; else it is shortfall. */
  deferrable: boolean;
  /** Parts that an ordinary interest payment meets, in order; the first three always stand in it. */
  componentOrder: readonly Component[];
  /** Lanes of its own; null where the class has no such amount. */
  lanes: { deferred: number | null; carryOver: number | null; pik: number | null };
  finalDay: EpochDay;
}

export interface FeeTerms {
  name: string;
  kind: FeeKind;
  /** Annual rate of a rate fee, 1e18 = 100 %; cents per period of a fixed fee; else 0. */
  amount: bigint;
  basis: number;
  rounding: Rounding;
  payee: number;
  /** Figure that a rate fee accrues on; null where `expression` gives the base, or no rate accrues. */
  baseFigure: number | null;
  /** Base of a rate fee, or the amount of a fee by expression; null without one. */
  expression: Expression | null;
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
  /** The undrawn part of a facility. */
  facility: boolean;
  /** Figure whose amount of the period's cash this account receives; the collection account has the rest. */
  receives: number | null;
  /** Cents that the originator pays in at closing. */
  initialDepositCents: bigint;
}

export interface FigureTerms {
  name: string;
  /** Bounds of what a report may state, in cents or as a count. */
  minimum: bigint;
  maximum: bigint;
  /** An amount of the period: the difference that a restatement makes is carried. */
  flow: boolean;
}

export interface PhaseTerms {
  name: string;
  /** Absolute position of its first step, and how many it has. */
  firstStep: number;
  stepCount: number;
}

export interface TransitionTerms {
  /** Null: out of any phase. */
  from: number | null;
  to: number;
  at: Exclude<Moment, "within">;
  when: Expression;
  clause: string;
}

/** A memo or deficiency ledger that BOOK writes. */
export interface LedgerTerms {
  name: string;
}

/** A constant that SET may change. */
export interface VariableTerms {
  name: string;
  initial: bigint;
}

/** A value recorded every period, of which the last `depth` are kept. */
export interface SeriesTerms {
  name: string;
  value: Expression;
  depth: number;
  at: Exclude<Moment, "within">;
  firstLane: number;
}

export interface TriggerTerms {
  name: string;
  clause: string;
  at: Moment;
  /** Breached when `numerator / denominator comparison threshold`; an amount has no denominator. */
  numerator: Expression;
  denominator: Expression | null;
  comparison: Comparison;
  threshold: Expression;
  /** In breach when `breaches` of the last `tests` tests failed. */
  breaches: number;
  tests: number;
  /** Passing tests that cure; 0: never; CURE_BY_NOTICE: the notice does. */
  cure: number;
  cureNotice: number | null;
  lane: number;
}

/** An index that an AggregatorV3Interface feed fixes. */
export interface IndexTerms {
  name: string;
  feedDecimals: number;
  unit: RateUnit;
  maxAgeSeconds: number;
  /** The first period's rate if the feed fixes none, 1e18 = 100 %. */
  initialRateWad: bigint;
}

export interface NoticeTerms {
  name: string;
  /** Payee that may give it; null: it is in force in a servicer default. */
  payee: number | null;
  kind: NoticeKind;
}

/** When a report is due, who may challenge it, and what must hold between its figures. */
export interface ReportingTerms {
  /** Seconds before the payment time by which the period's report must be accepted. */
  dueLeadSeconds: number;
  /** Seconds after that until the servicer is in default; null: the deal names no such default. */
  defaultGraceSeconds: number | null;
  /** Seconds from acceptance until a report is final; 0: at once. */
  challengeSeconds: number;
  /** Seconds that the trustee has to answer a challenge. */
  answerSeconds: number;
  /** Share of the current principal whose holders may challenge, in 1/10,000; null: they may not. */
  holdersBps: number | null;
  /** Payees; null: none. */
  verifier: number | null;
  trustee: number | null;
  /** A servicer default hands over to the successor's attesters. */
  successor: boolean;
  /** Figures that, each with its sign, add up to 0 in every report. */
  identities: readonly (readonly { figure: number; subtracted: boolean }[])[];
}

/** A value by period: from each row's period on, its value and an increment per twelve periods. */
export interface ScheduleTerms {
  name: string;
  rows: readonly { period: number; value: bigint; increment: bigint }[];
}

export interface StepTerms {
  operation: Operation;
  mode: Mode;
  /** Account that pays; 0 where no account does. */
  source: number;
  /** Account, payee (when `toPayee`), LET slot, ledger, trigger, phase or variable. */
  destination: number;
  toPayee: boolean;
  /** FEE: each fee within what is left of its own cap. */
  capEach: boolean;
  /** INT: the one part of the claims that it pays; null: the ordinary parts. */
  part: "deferred" | "carryOver" | null;
  /** Class ids (INT, PRIN, LOSS, GAIN, PIK) or fee ids (FEE). */
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
  /** The last month of the collection period. */
  collectionMonth: MonthNumber;
  /** Payment date's calendar year less the closing year. */
  calendarYear: number;
  /** Whole years from closing to the payment date. */
  closingYear: number;
  /** Day-count numerator per basis. */
  numerators: readonly number[];
  /** When each feed index is fixed, unix seconds. */
  fixingTimes: readonly number[];
}

export interface DealTerms {
  dealId: string;
  payees: readonly string[];
  constantNames: readonly string[];
  /** What the deal file says beside what engines read, for those who have the bytes alone. */
  notes: readonly string[];
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
  ledgers: readonly LedgerTerms[];
  variables: readonly VariableTerms[];
  series: readonly SeriesTerms[];
  triggers: readonly TriggerTerms[];
  indices: readonly IndexTerms[];
  notices: readonly NoticeTerms[];
  schedules: readonly ScheduleTerms[];
  /** Whether a program buys collateral: its price is then one more figure, behind the fixings. */
  buys: boolean;
  /** Row i is period i + 1. */
  calendar: readonly CalendarRow[];
  reporting: ReportingTerms;
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
