/** A deal file as read: every term in its own type, names not yet resolved to positions. */
import type { BusinessDayRule, EpochDay, Holidays, MonthNumber } from "../lib/dates.ts";
import type { DayCount } from "../lib/day-counts.ts";
import type { Rounding } from "../lib/mul-div.ts";
import type { Place } from "./deal-source.ts";
import type { ExpressionNode, ParsedStep } from "./program-syntax.ts";
import type { CapYear, Component, FeeKind, Seniority, SplitRounding } from "./terms-format.ts";

/** Whether accrual periods end on the dates as scheduled or as moved to business days. */
export type AccrualDates = "unadjusted" | "adjusted";

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
  couponWad: bigint;
  rounding: Rounding;
  interestOnShortfall: boolean;
  componentOrder: Component[];
  finalDay: EpochDay;
}

export interface AccountEntry extends Named {
  kind: "collection" | "reserve" | "other";
  retained: boolean;
  initialDepositCents: bigint;
}

export interface FeeEntry extends Named, AccrualBasis {
  kind: FeeKind;
  /** Annual rate (1e18 = 100 %) or cents per period. */
  amount: bigint;
  rounding: Rounding;
  payee: string;
  /** The figure that a rate fee accrues on; "poolOpening" for a fixed fee. */
  on: string;
  cap: string | null;
  /** Where the three names stand. */
  places: { payee: Place; on: Place; cap: Place };
}

export interface CapEntry extends Named {
  cents: bigint;
  year: CapYear;
}

export interface FigureEntry extends Named {
  minimum: bigint;
  maximum: bigint;
}

export interface ConstantEntry extends Named {
  value: bigint;
}

/** "3 business days before payment" or the first instant after the collection month. */
export type DeterminationRule = { kind: "month end" } | { kind: "business days"; count: number };

export interface CalendarEntry {
  place: Place;
  closing: EpochDay;
  firstCollectionMonth: MonthNumber;
  /** Unadjusted; later ones fall on the same day of the following months. */
  firstPaymentDate: EpochDay;
  periods: number;
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
  from: string;
  to: string;
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
  format: "absee-auto-loan-xml" | "mapped-csv";
  loanIdPrefix: string;
  rateUnit: "fraction" | "percent";
  rollForward: { subtract: Flow[]; add: Flow[]; toleranceCents: bigint };
  availableFunds: Flow[];
  chargeOffAgeDays: number;
  csv: CsvSection | null;
}

export interface CsvSection {
  delimiter: string;
  columns: Record<string, string>;
  dates: "YYYY-MM-DD" | "MM-DD-YYYY" | "MM/DD/YYYY";
  months: "YYYY-MM" | "MM/YYYY";
  missing: string[];
}

export const FLOWS = [
  "principal",
  "interest",
  "fees",
  "otherAdjustment",
  "chargeOff",
  "recovery",
  "liquidationProceeds",
] as const;
export type Flow = (typeof FLOWS)[number];

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
  figures: FigureEntry[];
  constants: ConstantEntry[];
  programs: ProgramEntry[];
  transitions: TransitionEntry[];
}
