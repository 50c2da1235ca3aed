/** A deal file as read: every term in its own type, names not yet resolved to positions. */
import type { BusinessDayRule, EpochDay, Holidays, MonthNumber } from "../lib/dates.ts";
import type { CouponMonths, DayCount } from "../lib/day-counts.ts";
import type { Rounding } from "../lib/mul-div.ts";
import type { CheckSettings } from "../tapes/checks/check-codes.ts";
import type { RateUnit as TapeRateUnit } from "../tapes/tape-words.ts";
import type { Place } from "./deal-source.ts";
import type { MappingSection } from "./mapping-section.ts";
import type { ExpressionNode, NameNode, ParsedStep } from "./program-syntax.ts";
import type {
  CapYear,
  Comparison,
  Component,
  Moment,
  NoticeKind,
  RateUnit,
  Seniority,
  SplitRounding,
} from "./terms-format.ts";

/**
 * The dates between which an accrual period runs: payment dates as scheduled or as moved to business
 * days, or the first days of the collection months.
 */
export const ACCRUAL_DATES = ["unadjusted", "adjusted", "collection"] as const;
export type AccrualDates = (typeof ACCRUAL_DATES)[number];

/** What a rate accrues on: a day count over one of the two sets of dates. */
export interface AccrualBasis {
  dayCount: DayCount;
  accrualDates: AccrualDates;
}

interface Named {
  name: string;
  place: Place;
}

export interface Party extends Named {
  title: string;
  /** May be paid by a FEE or a REST. */
  payee: boolean;
}

export interface ClassEntry extends Named, AccrualBasis {
  seniority: Seniority;
  faceCents: bigint;
  facePlace: Place;
  coupon: Coupon;
  /** Annual rate above which interest is carried over. */
  availableFundsCap: ExpressionNode | null;
  rounding: Rounding;
  interestOnShortfall: boolean;
  /** Unpaid interest is deferred instead of being a shortfall. */
  defers: boolean;
  interestOnDeferred: boolean;
  interestOnCarryOver: boolean;
  /** A PIK may add its unpaid interest to the balance. */
  capitalises: boolean;
  componentOrder: Component[];
  finalDay: EpochDay;
}

/** How the annual rate of a class is set; rates 1e18 = 100 %. */
export type Coupon =
  | { kind: "fixed"; wad: bigint }
  | {
      kind: "floating";
      index: string;
      place: Place;
      margin: bigint;
      floor: bigint | null;
      cap: bigint | null;
    }
  /** From the accrual that is paid on the first scheduled payment date after each date. */
  | { kind: "steps"; steps: { from: EpochDay; wad: bigint }[] }
  | { kind: "expression"; expression: ExpressionNode };

export interface AccountEntry extends Named {
  kind: "collection" | "reserve" | "other";
  retained: boolean;
  /** Set for the undrawn part of a facility: how much may be drawn in all. */
  facilityLimitCents: bigint | null;
  /** Figure that says how much of the period's cash it receives. */
  receives: NameNode | null;
  initialDepositCents: bigint;
}

/** What a fee comes to: a rate on a base, an amount per period, or whatever an expression gives. */
export type FeeAmount =
  | ({ kind: "rate"; wad: bigint; rounding: Rounding; on: FeeBase } & AccrualBasis)
  | { kind: "fixed"; cents: bigint }
  | { kind: "expression"; expression: ExpressionNode };

export type FeeBase =
  | { kind: "figure"; name: string; place: Place }
  | { kind: "expression"; expression: ExpressionNode };

export interface FeeEntry extends Named {
  amount: FeeAmount;
  payee: string;
  cap: string | null;
  /** Where the two names stand. */
  places: { payee: Place; cap: Place };
}

export interface CapEntry extends Named {
  cents: bigint;
  year: CapYear;
}

/** How a figure is written and read. */
export const FIGURE_UNITS = ["money", "count", "rate", "flag"] as const;
export type FigureUnit = (typeof FIGURE_UNITS)[number];

export const FIGURE_MEASURES = ["period", "date"] as const;
export type FigureMeasure = (typeof FIGURE_MEASURES)[number];

export interface FigureEntry extends Named {
  unit: FigureUnit;
  /** Summed from the tape, or stated by the servicer when closing the period. */
  source: "tape" | "servicer";
  /** An amount of the period, of which a restatement's difference is carried; else one as of a date. */
  measures: FigureMeasure;
  minimum: bigint;
  maximum: bigint;
}

/** An index that a feed fixes; one that comes with the report is a figure. */
export interface FeedEntry extends Named {
  decimals: number;
  unit: RateUnit;
  maxAgeSeconds: number;
  /** The first period's rate if the feed fixes none. */
  initialRateWad: bigint;
  fixingBusinessDaysBefore: number;
  fixingSeconds: number | null;
}

export interface IndexEntry extends Named {
  /** Null: the report brings it, as a figure of the same name. */
  feed: FeedEntry | null;
}

/** A value by period: `from` is a period number or a date. */
export interface ScheduleRow {
  from: { kind: "period"; period: number } | { kind: "date"; day: EpochDay };
  value: bigint;
  /** Per twelve periods. */
  increment: bigint;
}

export type ConstantValue =
  | { kind: "fixed"; value: bigint }
  | { kind: "schedule"; rows: ScheduleRow[] }
  | { kind: "settable"; initial: bigint }
  /** The first of the triggers that is in breach sets the value. */
  | { kind: "while"; value: bigint; during: { trigger: NameNode; value: bigint }[] };

export interface ConstantEntry extends Named {
  /** How all its values are written. */
  unit: FigureUnit;
  value: ConstantValue;
}

export interface SeriesEntry extends Named {
  value: ExpressionNode;
  at: Exclude<Moment, "within">;
}

/** How a trigger looks at more than one period. */
export type Smoothing =
  | { kind: "none" }
  | { kind: "mean"; periods: number }
  | { kind: "ratio of sums"; periods: number }
  | { kind: "highest"; periods: number; meanOf: number | null };

export interface TriggerEntry extends Named {
  numerator: ExpressionNode;
  denominator: ExpressionNode | null;
  comparison: Comparison;
  threshold: ExpressionNode;
  smoothing: Smoothing;
  /** Where `over` stands. */
  smoothingPlace: Place;
  /** To how many decimals a ratio is rounded half-up before it is compared or stored. */
  decimals: number | null;
  breaches: number;
  tests: number;
  cure:
    { kind: "never" } | { kind: "passing"; periods: number } | { kind: "notice"; notice: NameNode };
  at: Moment;
  /** Phase that a breach leads to, and out of which phases; null: no change of phase. */
  effect: { phase: NameNode; from: NameNode[] | null } | null;
  clause: string;
}

export interface NoticeEntry extends Named {
  /** Null: nobody gives it, since the state of the deal's reports does. */
  by: NameNode | null;
  kind: NoticeKind;
}

export interface PhaseEntry extends Named {
  program: NameNode;
}

/** "3 business days before payment" or the first instant after the collection month. */
export type DeterminationRule = { kind: "month end" } | { kind: "business days"; count: number };

export interface CalendarEntry {
  place: Place;
  closing: EpochDay;
  /** The first month of the first collection period. */
  firstCollectionMonth: MonthNumber;
  /** Unadjusted. */
  firstPaymentDate: EpochDay;
  /** Day of the month of the later ones, or the month's last day where it is shorter. */
  paymentDay: number;
  periods: number;
  /** From one payment date to the next, and of each collection period. */
  months: CouponMonths;
  businessDays: BusinessDayRule;
  holidays: Holidays;
  determination: DeterminationRule;
  recordBusinessDaysBefore: number;
  firstAccrualFrom: EpochDay;
  graceDays: number;
  /** Seconds after midnight UTC. */
  times: { closing: number; determination: number; record: number; payment: number };
}

export interface TransitionEntry {
  place: Place;
  /** A phase, or "any". */
  from: string;
  to: string;
  at: Exclude<Moment, "within">;
  /** Where the two names stand. */
  places: { from: Place; to: Place };
  when: ExpressionNode;
  clause: string;
}

export interface ProgramEntry extends Named {
  steps: ParsedStep[];
}

/** What the deal says about its tapes; `tapes` gives it its meaning. */
export interface TapeSection {
  /** Id of a public format, or "mapped". */
  format: string;
  loanIdPrefix: string;
  rateUnit: TapeRateUnit;
  /** Of servicing fees. */
  feeUnit: TapeRateUnit;
  rollForward: { subtract: Flow[]; add: Flow[]; toleranceCents: bigint };
  availableFunds: Flow[];
  chargeOffAgeDays: number;
  /** Severities of checks where the deal has its own. */
  checks: CheckSettings;
  /** Of a mapped tape; null for any other. */
  mapping: MappingSection | null;
}

export const FLOWS = [
  "principal",
  "interest",
  "fees",
  "otherAdjustment",
  "chargeOff",
  "recovery",
  "liquidationProceeds",
  "repurchase",
  "prepaidPrincipal",
] as const;
export type Flow = (typeof FLOWS)[number];

/** Figures that, each with its sign, add up to nothing. */
export interface IdentityEntry {
  place: Place;
  addends: { figure: NameNode; subtracted: boolean }[];
}

/** When reports are due and what can happen to one before it is final. */
export interface ReportingEntry {
  place: Place;
  windowPlace: Place;
  /** Seconds before the payment time by which the period's report must be accepted. */
  dueLeadSeconds: number;
  /** What follows when it is not; null: nothing beyond lateness. */
  servicerDefault: { afterSeconds: number; successor: boolean } | null;
  /** From acceptance until a report is final; 0: at once. */
  challengeSeconds: number;
  /** For the trustee to answer a challenge. */
  answerSeconds: number;
  trustee: NameNode | null;
  verifier: NameNode | null;
  /** Share of the current principal whose holders may challenge, in 1/10,000; null: they may not. */
  holdersBps: number | null;
  identities: IdentityEntry[];
}

export interface DealFile {
  id: string;
  name: string;
  currency: string;
  cashDecimals: number;
  splitRounding: SplitRounding;
  holderCapBps: number | null;
  parties: Party[];
  tape: TapeSection;
  pool: { cutOff: EpochDay; cutOffBalanceCents: bigint; cutOffLoans: number; place: Place };
  calendar: CalendarEntry;
  classes: ClassEntry[];
  accounts: AccountEntry[];
  fees: FeeEntry[];
  caps: CapEntry[];
  reporting: ReportingEntry;
  figures: FigureEntry[];
  indices: IndexEntry[];
  ledgers: NameNode[];
  constants: ConstantEntry[];
  series: SeriesEntry[];
  triggers: TriggerEntry[];
  notices: NoticeEntry[];
  /** The first is the one in which the deal begins. */
  phases: PhaseEntry[];
  programs: ProgramEntry[];
  transitions: TransitionEntry[];
}
