/**
 * Step 5, the arithmetic: what a period did to the pool. Pure, exact, one loan month at a time, so that
 * a pool of any size needs the memory of one row. Names as in Regulation AB and the deal's documents.
 */
import { parseMonth } from "../lib/dates.ts";
import { WAD } from "../lib/mul-div.ts";
import { DELINQUENCY_BUCKETS } from "../tapes/source-loan.ts";
import type { DelinquencyBucket, LoanMonth } from "../tapes/source-loan.ts";
import { flowCents, isAddition, rolledBalanceCents } from "../tapes/validate-tape.ts";
import type { TapeTerms } from "../tapes/tape-terms.ts";

/** Amounts of one period that also add up over periods. In cents. */
export interface PeriodAmounts {
  principal: bigint;
  /** Principal by the loans' schedules, where they state one. */
  scheduledPrincipal: bigint;
  /** Principal above the schedule; a payoff counts whole. */
  prepaidPrincipal: bigint;
  interest: bigint;
  fees: bigint;
  recoveries: bigint;
  liquidationProceeds: bigint;
  availableFunds: bigint;
  chargeOffs: bigint;
  /** Charge-offs less recoveries less liquidation proceeds (Regulation AB 1100(b) asks for both). */
  netLoss: bigint;
  /** With the sign of the tape: a negative one adds to the pool. Not cash. */
  otherAdjustments: bigint;
  /** Balances that entered the pool in the period, before what the period took off them. */
  additions: bigint;
}

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

export interface PoolStatistics {
  poolOpening: bigint;
  poolClosing: bigint;
  /** Loans with a closing balance above zero. */
  loanCount: number;
  rowCount: number;
  amounts: PeriodAmounts;
  /** Since the cut-off, this period included. */
  cumulative: PeriodAmounts;
  /** Cumulative net loss over the cut-off balance, 1e18 = 100 %; floor, towards minus infinity. */
  cumulativeNetLossWad: bigint;
  delinquency: Record<DelinquencyBucket, Bucket>;
  delinquent60: bigint;
  prepaidInFull: number;
  chargedOffCount: number;
  repossessedCount: number;
  /** Rates as fractions of 1e18 = 100 %; terms and age in months times 1e18. */
  weightedRate: WeightedMean;
  weightedRemainingTerm: WeightedMean;
  weightedOriginalTerm: WeightedMean;
  weightedAge: WeightedMean;
  weightedCreditScore: WeightedMean;
  /** Closing over cut-off balance, 1e18 = 1, floor. */
  poolFactorWad: bigint;
}

/** What the period is measured against. */
export interface StatisticsBasis {
  terms: TapeTerms;
  /** YYYY-MM of the period. */
  month: string;
  cutOffBalanceCents: bigint;
  /** Cumulative amounts up to the period before; null in the first. */
  cumulativeBefore: PeriodAmounts | null;
}

export const NO_AMOUNTS: PeriodAmounts = {
  principal: 0n,
  scheduledPrincipal: 0n,
  prepaidPrincipal: 0n,
  interest: 0n,
  fees: 0n,
  recoveries: 0n,
  liquidationProceeds: 0n,
  availableFunds: 0n,
  chargeOffs: 0n,
  netLoss: 0n,
  otherAdjustments: 0n,
  additions: 0n,
};

interface Weighing {
  product: bigint;
  weight: bigint;
}

type Mean = "rate" | "remainingTerm" | "originalTerm" | "age" | "creditScore";

function startWeighings(): Record<Mean, Weighing> {
  const nothing = (): Weighing => ({ product: 0n, weight: 0n });
  return {
    rate: nothing(),
    remainingTerm: nothing(),
    originalTerm: nothing(),
    age: nothing(),
    creditScore: nothing(),
  };
}

/** Adds the loan months up, one by one. */
export interface StatisticsBuilder {
  add(loan: LoanMonth): void;
  finish(): PoolStatistics;
}

/** All statistics of a pool, row by row: memory does not grow with it. */
export function startPoolStatistics(basis: StatisticsBasis): StatisticsBuilder {
  const sums = { opening: 0n, closing: 0n };
  const counts = { rows: 0, loans: 0, prepaid: 0, chargedOff: 0, repossessed: 0 };
  const buckets = new Map<DelinquencyBucket, { loanCount: number; balanceCents: bigint }>();
  const weighings = startWeighings();
  let amounts = NO_AMOUNTS;

  function add(loan: LoanMonth): void {
    counts.rows += 1;
    sums.opening += loan.beginningBalanceCents;
    sums.closing += loan.endingBalanceCents;
    amounts = addAmounts(amounts, amountsOf(loan, basis.terms));
    if (isPrepaidInFull(loan, basis.month)) counts.prepaid += 1;
    if (loan.chargeOffCents > 0n && loan.status === "charged off") counts.chargedOff += 1;
    if (loan.endingBalanceCents <= 0n) return;
    counts.loans += 1;
    if (loan.status === "repossessed") counts.repossessed += 1;
    const bucket = buckets.get(loan.delinquencyBucket) ?? { loanCount: 0, balanceCents: 0n };
    bucket.loanCount += 1;
    bucket.balanceCents += loan.endingBalanceCents;
    buckets.set(loan.delinquencyBucket, bucket);
    for (const [mean, value] of weighedValues(loan, basis.month)) {
      if (value === null) continue;
      const weighing = weighings[mean];
      weighing.product += value * loan.endingBalanceCents;
      weighing.weight += loan.endingBalanceCents;
    }
  }

  function finish(): PoolStatistics {
    const mean = (name: Mean): WeightedMean => weightedMean(weighings[name], sums.closing);
    const delinquency = delinquencyShares(buckets, sums.closing, counts.loans);
    const cumulative = addAmounts(basis.cumulativeBefore ?? NO_AMOUNTS, amounts);
    return {
      poolOpening: sums.opening,
      poolClosing: sums.closing,
      loanCount: counts.loans,
      rowCount: counts.rows,
      amounts,
      cumulative,
      cumulativeNetLossWad: shareWad(cumulative.netLoss, basis.cutOffBalanceCents),
      delinquency,
      delinquent60:
        delinquency["60-89"].balanceCents +
        delinquency["90-119"].balanceCents +
        delinquency["120+"].balanceCents,
      prepaidInFull: counts.prepaid,
      chargedOffCount: counts.chargedOff,
      repossessedCount: counts.repossessed,
      weightedRate: mean("rate"),
      weightedRemainingTerm: mean("remainingTerm"),
      weightedOriginalTerm: mean("originalTerm"),
      weightedAge: mean("age"),
      weightedCreditScore: mean("creditScore"),
      poolFactorWad: shareWad(sums.closing, basis.cutOffBalanceCents),
    };
  }

  return { add, finish };
}

function amountsOf(loan: LoanMonth, terms: TapeTerms): PeriodAmounts {
  const scheduled = loan.scheduledPrincipalCents ?? 0n;
  return {
    principal: loan.principalCents,
    scheduledPrincipal: scheduled,
    prepaidPrincipal: prepaidPrincipal(loan),
    interest: loan.interestCents,
    fees: loan.feesCents,
    recoveries: loan.recoveryCents,
    liquidationProceeds: loan.liquidationProceedsCents,
    availableFunds: terms.availableFunds.reduce((sum, flow) => sum + flowCents(loan, flow), 0n),
    chargeOffs: loan.chargeOffCents,
    netLoss: loan.chargeOffCents - loan.recoveryCents - loan.liquidationProceedsCents,
    otherAdjustments: loan.otherAdjustmentCents,
    additions: isAddition(loan) ? loan.endingBalanceCents - rolledBalanceCents(loan, terms) : 0n,
  };
}

/**
 * Principal above the schedule. Issuers report a schedule of 0 on old or simple-interest loans: then
 * the split is not known and nothing counts as prepaid, but a payoff does.
 */
function prepaidPrincipal(loan: LoanMonth): bigint {
  if (loan.status === "prepaid or matured") return loan.principalCents;
  const scheduled = loan.scheduledPrincipalCents ?? 0n;
  if (scheduled <= 0n || loan.principalCents <= scheduled) return 0n;
  return loan.principalCents - scheduled;
}

/** Paid off in this month, before the month in which the loan would have ended anyway. */
function isPrepaidInFull(loan: LoanMonth, month: string): boolean {
  const paidOff = loan.beginningBalanceCents > 0n && loan.endingBalanceCents === 0n;
  if (!paidOff || loan.status !== "prepaid or matured") return false;
  return loan.maturityMonth === null || loan.maturityMonth > month;
}

function weighedValues(loan: LoanMonth, month: string): [Mean, bigint | null][] {
  const months = (count: number | null): bigint | null =>
    count === null ? null : BigInt(count) * WAD;
  const age =
    loan.originationMonth === null ? null : parseMonth(month) - parseMonth(loan.originationMonth);
  return [
    ["rate", loan.interestRateWad],
    ["remainingTerm", months(loan.remainingTermMonths)],
    ["originalTerm", months(loan.originalTermMonths)],
    ["age", months(age)],
    ["creditScore", months(loan.creditScore)],
  ];
}

/** The sum of two periods' amounts, name by name. */
function addAmounts(left: PeriodAmounts, right: PeriodAmounts): PeriodAmounts {
  const names = Object.keys(NO_AMOUNTS) as (keyof PeriodAmounts)[];
  const sums = names.map((name) => [name, left[name] + right[name]] as const);
  return { ...NO_AMOUNTS, ...Object.fromEntries(sums) };
}

function weightedMean({ product, weight }: Weighing, closing: bigint): WeightedMean {
  return {
    meanWad: weight === 0n ? null : product / weight,
    missingShareWad: shareWad(closing - weight, closing),
  };
}

/** part / whole as an 1e18 integer, towards minus infinity; 0 of nothing. */
function shareWad(part: bigint, whole: bigint): bigint {
  if (whole === 0n) return 0n;
  const quotient = (part * WAD) / whole;
  return part < 0n && quotient * whole !== part * WAD ? quotient - 1n : quotient;
}

function delinquencyShares(
  buckets: ReadonlyMap<DelinquencyBucket, { loanCount: number; balanceCents: bigint }>,
  closing: bigint,
  loans: number,
): Record<DelinquencyBucket, Bucket> {
  const entries = DELINQUENCY_BUCKETS.map((name) => {
    const { loanCount, balanceCents } = buckets.get(name) ?? { loanCount: 0, balanceCents: 0n };
    const balanceShareWad = shareWad(balanceCents, closing);
    const countShareWad = shareWad(BigInt(loanCount), BigInt(loans));
    return [name, { loanCount, balanceCents, balanceShareWad, countShareWad }] as const;
  });
  return Object.fromEntries(entries) as Record<DelinquencyBucket, Bucket>;
}
