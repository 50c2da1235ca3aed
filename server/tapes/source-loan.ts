import { formatMonth } from "../lib/dates.ts";
import type { LoanMonthRow } from "./loan-month-columns.ts";

/** One loan in one period, in the words that every format is translated into. Money in cents. */
export interface LoanMonth {
  loanId: string;
  /** Line of the tape that the row begins on. */
  line: number;
  beginningBalanceCents: bigint;
  endingBalanceCents: bigint;
  originalBalanceCents: bigint;
  scheduledPrincipalCents: bigint | null;
  principalCents: bigint;
  interestCents: bigint;
  feesCents: bigint;
  /** Subtracted by most roll-forward rules: a negative value adds to the balance. */
  otherAdjustmentCents: bigint;
  chargeOffCents: bigint;
  recoveryCents: bigint;
  liquidationProceedsCents: bigint;
  /** Annual, 1e18 = 100 %. */
  interestRateWad: bigint | null;
  originalTermMonths: number | null;
  remainingTermMonths: number | null;
  daysPastDue: number;
  delinquencyBucket: DelinquencyBucket;
  status: LoanStatus;
  zeroBalanceCode: string | null;
  /** YYYY-MM. */
  originationMonth: string | null;
  maturityMonth: string | null;
  creditScore: number | null;
  region: string | null;
}

/** A row as read from the tape: the loan month and what only the checks need. */
export interface TapeLoan {
  loan: LoanMonth;
  /** YYYY-MM-DD; null when the tape does not say. */
  periodBegin: string | null;
  periodEnd: string;
}

/** The canonical fields that a format can fill. */
export const LOAN_FIELDS = [
  "loanId",
  "periodBegin",
  "periodEnd",
  "originalBalance",
  "beginningBalance",
  "endingBalance",
  "scheduledPrincipal",
  "principal",
  "interest",
  "fees",
  "otherAdjustment",
  "chargeOff",
  "recovery",
  "liquidationProceeds",
  "interestRate",
  "originalTerm",
  "remainingTerm",
  "daysPastDue",
  "zeroBalanceCode",
  "repossessed",
  "origination",
  "maturity",
  "creditScore",
  "region",
] as const;

export type LoanField = (typeof LOAN_FIELDS)[number];

export const DELINQUENCY_BUCKETS = ["current", "1-29", "30-59", "60-89", "90-119", "120+"] as const;

export type DelinquencyBucket = (typeof DELINQUENCY_BUCKETS)[number];

export type LoanStatus =
  | "current"
  | "delinquent"
  | "repossessed"
  | "prepaid or matured"
  | "third-party sale"
  | "repurchased"
  | "charged off"
  | "servicing transfer"
  | "unavailable";

/** The bucket of a number of days past due; a payment in advance (negative) is current. */
export function delinquencyBucket(daysPastDue: number): DelinquencyBucket {
  if (daysPastDue <= 0) return "current";
  if (daysPastDue < 30) return "1-29";
  if (daysPastDue < 60) return "30-59";
  if (daysPastDue < 90) return "60-89";
  return daysPastDue < 120 ? "90-119" : "120+";
}

/** A stored row in this form. */
export function sourceLoanOf(row: LoanMonthRow): LoanMonth {
  const month = (number: number | null): string | null =>
    number === null ? null : formatMonth(number);
  return {
    loanId: row.loan_id,
    line: row.line,
    beginningBalanceCents: row.beginning_balance_cents ?? 0n,
    endingBalanceCents: row.ending_balance_cents,
    originalBalanceCents: row.original_balance_cents ?? 0n,
    scheduledPrincipalCents: row.scheduled_principal_cents,
    principalCents: row.principal_cents ?? 0n,
    interestCents: row.interest_cents ?? 0n,
    feesCents: row.fees_cents ?? 0n,
    otherAdjustmentCents: row.other_adjustment_cents ?? 0n,
    chargeOffCents: row.charge_off_cents ?? 0n,
    recoveryCents: row.recovery_cents ?? 0n,
    liquidationProceedsCents: row.liquidation_proceeds_cents ?? 0n,
    interestRateWad: row.interest_rate_wad,
    originalTermMonths: row.original_term_months,
    remainingTermMonths: row.remaining_term_months,
    daysPastDue: row.days_past_due ?? 0,
    delinquencyBucket: row.delinquency_bucket,
    status: (row.status === "liquidated" ? "third-party sale" : row.status) as LoanStatus,
    zeroBalanceCode: row.termination_code,
    originationMonth: month(row.origination_month),
    maturityMonth: month(row.maturity_month),
    creditScore: row.credit_score,
    region: row.region,
  };
}
