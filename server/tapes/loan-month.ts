import type { DelinquencyBucket, LoanStatus } from "./canonical-fields.ts";

/**
 * One loan in one period as it is stored, in the words that every format is translated into. Money in
 * cents; null: the tape does not say. What the words mean stands in canonical-fields.ts.
 */
export interface LoanMonth {
  /** 0 for the first row of the tape: the leaf of its tree. */
  position: number;
  /** Line of the tape that the row begins on. */
  line: number;
  loanId: string;
  originalBalanceCents: bigint | null;
  beginningBalanceCents: bigint | null;
  endingBalanceCents: bigint;
  scheduledPrincipalCents: bigint | null;
  principalCents: bigint | null;
  prepaidPrincipalCents: bigint | null;
  interestCents: bigint | null;
  feesCents: bigint | null;
  /** Subtracted by most roll-forward rules: a negative value adds to the balance. */
  otherAdjustmentCents: bigint | null;
  chargeOffCents: bigint | null;
  recoveryCents: bigint | null;
  liquidationProceedsCents: bigint | null;
  repurchaseCents: bigint | null;
  servicerAdvanceCents: bigint | null;
  collateralValueCents: bigint | null;
  /** Annual, 1e18 = 100 %. */
  interestRateWad: bigint | null;
  servicingFeeRateWad: bigint | null;
  originalTermMonths: number | null;
  remainingTermMonths: number | null;
  daysPastDue: number | null;
  creditScore: number | null;
  /** year * 12 + month - 1. */
  originationMonth: number | null;
  maturityMonth: number | null;
  repossessed: boolean | null;
  modified: boolean | null;
  delinquencyBucket: DelinquencyBucket;
  status: LoanStatus;
  terminationCode: string | null;
  region: string | null;
  /** What the format states since origination, by CUMULATIVE_FIELDS. */
  cumulativeCents: (bigint | null)[] | null;
  /** The file's other columns by the tape's attribute names, U+001F between them. */
  attributes: string | null;
}
