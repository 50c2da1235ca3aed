/** Pool statistics as JSON: money as decimal text, shares and means as 1e18 integers in text. */
import { formatCents, parseCents } from "../lib/money.ts";
import { NO_AMOUNTS } from "./calculate-pool-statistics.ts";
import type { Bucket, PeriodAmounts, PoolStatistics, WeightedMean } from "./calculate-pool-statistics.ts";

const AMOUNT_NAMES = Object.keys(NO_AMOUNTS) as (keyof PeriodAmounts)[];

export type AmountsJson = Record<keyof PeriodAmounts, string>;

export type StatisticsJson = ReturnType<typeof statisticsJson>;

/** JSON values only, so that it can be stored, hashed and answered as it is. */
export function statisticsJson(statistics: PoolStatistics) {
  return {
    poolOpening: formatCents(statistics.poolOpening),
    poolClosing: formatCents(statistics.poolClosing),
    loanCount: statistics.loanCount,
    rowCount: statistics.rowCount,
    amounts: amountsJson(statistics.amounts),
    cumulative: amountsJson(statistics.cumulative),
    cumulativeNetLossWad: statistics.cumulativeNetLossWad.toString(),
    delinquency: Object.fromEntries(
      Object.entries(statistics.delinquency).map(([name, bucket]) => [name, bucketJson(bucket)]),
    ),
    delinquent60: formatCents(statistics.delinquent60),
    prepaidInFull: statistics.prepaidInFull,
    chargedOffCount: statistics.chargedOffCount,
    repossessedCount: statistics.repossessedCount,
    weightedRate: meanJson(statistics.weightedRate),
    weightedRemainingTerm: meanJson(statistics.weightedRemainingTerm),
    weightedOriginalTerm: meanJson(statistics.weightedOriginalTerm),
    weightedAge: meanJson(statistics.weightedAge),
    weightedCreditScore: meanJson(statistics.weightedCreditScore),
    poolFactorWad: statistics.poolFactorWad.toString(),
  };
}

function amountsJson(amounts: PeriodAmounts): AmountsJson {
  const entries = AMOUNT_NAMES.map((name) => [name, formatCents(amounts[name])]);
  return Object.fromEntries(entries) as AmountsJson;
}

/** The way back, for the cumulative amounts of the next period. */
export function parseAmounts(json: AmountsJson): PeriodAmounts {
  const entries = AMOUNT_NAMES.map((name) => [name, parseCents(json[name])]);
  return Object.fromEntries(entries) as unknown as PeriodAmounts;
}

function bucketJson(bucket: Bucket) {
  return {
    loanCount: bucket.loanCount,
    balance: formatCents(bucket.balanceCents),
    balanceShareWad: bucket.balanceShareWad.toString(),
    countShareWad: bucket.countShareWad.toString(),
  };
}

function meanJson({ meanWad, missingShareWad }: WeightedMean) {
  return { meanWad: meanWad?.toString() ?? null, missingShareWad: missingShareWad.toString() };
}
