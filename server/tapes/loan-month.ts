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

export const DELINQUENCY_BUCKETS = [
  "current",
  "1-29",
  "30-59",
  "60-89",
  "90-119",
  "120+",
] as const;

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
