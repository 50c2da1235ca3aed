/** What a closed period says of its pool, in exact integers. Names as in Regulation AB and the deals. */
import type { DelinquencyBucket } from "../tapes/canonical-fields.ts";
import type { LoanState, MissedBucket } from "./loan-states.ts";

/** Amounts of one period that also add up over periods. In cents. */
export interface PeriodAmounts {
  principal: bigint;
  /** Principal by the loans' schedules, where they state one. */
  scheduledPrincipal: bigint;
  /** Principal above the schedule; a payoff counts whole. */
  prepaidPrincipal: bigint;
  /** Of it, from loans that were paid off. */
  paidInFull: bigint;
  interest: bigint;
  fees: bigint;
  recoveries: bigint;
  liquidationProceeds: bigint;
  repurchases: bigint;
  servicerAdvances: bigint;
  availableFunds: bigint;
  chargeOffs: bigint;
  /** Charge-offs less recoveries less liquidation proceeds (Regulation AB 1100(b) asks for both). */
  netLoss: bigint;
  /** Opening balances of the loans that came to be defaulted, charged off or liquidated. */
  defaultedBalance: bigint;
  /** Of the loans that came to be charged off or liquidated: the last of a loan that had defaulted before. */
  liquidatedBalance: bigint;
  /** What these loans brought in the same period: liquidation proceeds and recoveries. */
  liquidatedProceeds: bigint;
  /** With the sign of the tape: a negative one adds to the pool. Not cash. */
  otherAdjustments: bigint;
  /** Balances that entered the pool in the period, before what the period took off them. */
  additions: bigint;
}

export const NO_AMOUNTS: PeriodAmounts = {
  principal: 0n,
  scheduledPrincipal: 0n,
  prepaidPrincipal: 0n,
  paidInFull: 0n,
  interest: 0n,
  fees: 0n,
  recoveries: 0n,
  liquidationProceeds: 0n,
  repurchases: 0n,
  servicerAdvances: 0n,
  availableFunds: 0n,
  chargeOffs: 0n,
  netLoss: 0n,
  defaultedBalance: 0n,
  liquidatedBalance: 0n,
  liquidatedProceeds: 0n,
  otherAdjustments: 0n,
  additions: 0n,
};

/** A mean weighted by closing balance over the loans that state the value. */
export interface WeightedMean {
  /** 1e18 times the mean, floor; null when no loan states it. */
  meanWad: bigint | null;
  /** Share of the closing balance whose loans do not state it, 1e18 = all, floor. */
  missingShareWad: bigint;
}

export interface Bucket {
  loanCount: number;
  balanceCents: bigint;
  /** Of the closing balance and of the loans with one, 1e18 = all, floor. */
  balanceShareWad: bigint;
  countShareWad: bigint;
}

/** Monthly and annual speeds, 1e18 = 100 %, floor; null where there was nothing to leave. */
export interface Speeds {
  smmWad: bigint | null;
  cprWad: bigint | null;
  absWad: bigint | null;
  mdrWad: bigint | null;
  cdrWad: bigint | null;
}

export interface PoolStatistics {
  poolOpening: bigint;
  poolClosing: bigint;
  /** Loans with a closing balance above zero. */
  loanCount: number;
  rowCount: number;
  amounts: PeriodAmounts;
  /** Since the cut-off, this period included. */
  cumulative: PeriodAmounts;
  /** Cumulative charge-offs and net loss over the cut-off balance, 1e18 = 100 %; floor. */
  cumulativeGrossLossWad: bigint;
  cumulativeNetLossWad: bigint;
  /** Net loss of the period, a year's worth, over the mean of opening and closing balance. */
  annualisedNetLossWad: bigint | null;
  /** Of the loans that were charged off or liquidated in the period; and cumulative net loss over charge-offs. */
  severityWad: bigint | null;
  cumulativeSeverityWad: bigint | null;
  speeds: Speeds;
  /** By days past due. */
  delinquency: Record<DelinquencyBucket, Bucket>;
  delinquencyMba: Record<MissedBucket, Bucket>;
  delinquencyOts: Record<MissedBucket, Bucket>;
  delinquent60: bigint;
  delinquent60ShareWad: bigint;
  prepaidInFull: number;
  chargedOffCount: number;
  repossessedCount: number;
  defaultedCount: number;
  /** Rates as fractions of 1e18 = 100 %; terms and age in months times 1e18. */
  weightedRate: WeightedMean;
  weightedRemainingTerm: WeightedMean;
  weightedOriginalTerm: WeightedMean;
  weightedAge: WeightedMean;
  weightedCreditScore: WeightedMean;
  /** Original balance over the value of the collateral, 1e18 = 100 %. */
  weightedLoanToValue: WeightedMean;
  /** Closing over cut-off balance, 1e18 = 1, floor. */
  poolFactorWad: bigint;
}

/** Loans that stood in one state at the opening and in another at the close. */
export interface Roll {
  before: LoanState;
  after: LoanState;
  loanCount: number;
  balanceBeforeCents: bigint;
  balanceAfterCents: bigint;
}

export interface Concentration {
  /** 1 is the region with the most balance. */
  rank: number;
  region: string | null;
  loanCount: number;
  balanceCents: bigint;
  rateWad: bigint | null;
}

/** One origination quarter at the end of the period. */
export interface VintagePoint {
  /** year * 4 + quarter - 1; null for loans that do not say. */
  quarter: number | null;
  loanCount: number;
  balanceCents: bigint;
  /** Loans at the cut-off and added since, and the balance that they came with. */
  enteredCount: number;
  enteredCents: bigint;
  /** Original balance of the same loans. */
  originalCents: bigint;
  /** Since the cut-off. */
  grossLossCents: bigint;
  netLossCents: bigint;
}

/** All that is kept of a closed period's pool. */
export interface PoolPicture {
  statistics: PoolStatistics;
  rolls: Roll[];
  concentrations: Concentration[];
  vintages: VintagePoint[];
}
