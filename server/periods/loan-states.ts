/** How a loan stands at one end of a period, as roll rates count it. */
import {
  DELINQUENCY_BUCKETS,
  LOAN_STATUSES,
  TERMINATED_STATUSES,
} from "../tapes/canonical-fields.ts";
import type { DelinquencyBucket, LoanStatus } from "../tapes/canonical-fields.ts";

/** Statuses that count before the days past due while there is a balance. */
export const DEFAULT_STATUSES = ["repossessed", "defaulted"] as const satisfies LoanStatus[];

/** Not in the pool yet, or no more. */
export const NOT_IN_POOL = "not in the pool";
/** A balance of nothing, and no word of why. */
export const NO_BALANCE = "no balance";

/** In the order in which a table shows them. */
export const LOAN_STATES = [
  ...DELINQUENCY_BUCKETS,
  ...DEFAULT_STATUSES,
  ...LOAN_STATUSES.filter((status) => TERMINATED_STATUSES.includes(status)),
  NO_BALANCE,
  NOT_IN_POOL,
] as const;

export type LoanState = DelinquencyBucket | LoanStatus | typeof NOT_IN_POOL | typeof NO_BALANCE;

/** Payments missed by a method: 1 is 30 days, 4 and more are 120 days. */
export const MISSED_BUCKETS = ["current", "30-59", "60-89", "90-119", "120+"] as const;
export type MissedBucket = (typeof MISSED_BUCKETS)[number];

export function bucketOfMissed(payments: number): MissedBucket {
  return MISSED_BUCKETS[Math.min(Math.max(payments, 0), 4)] ?? "120+";
}
