/** Pool statistics as JSON: money as decimal text, shares and means as 1e18 integers in text. */
import { formatCents, parseCents } from "../lib/money.ts";
import { NO_AMOUNTS } from "./pool-statistics.ts";
import type { Bucket, PeriodAmounts, PoolStatistics, WeightedMean } from "./pool-statistics.ts";

const AMOUNT_NAMES = Object.keys(NO_AMOUNTS) as (keyof PeriodAmounts)[];

export type AmountsJson = Record<keyof PeriodAmounts, string>;

export type StatisticsJson = ReturnType<typeof statisticsJson>;

/** JSON values only, so that it can be stored, hashed and answered as it is. */
export function statisticsJson(statistics: PoolStatistics) {
  const { speeds } = statistics;
  return {
    poolOpening: formatCents(statistics.poolOpening),
    poolClosing: formatCents(statistics.poolClosing),
    loanCount: statistics.loanCount,
    rowCount: statistics.rowCount,
    amounts: amountsJson(statistics.amounts),
    cumulative: amountsJson(statistics.cumulative),
    cumulativeGrossLossWad: statistics.cumulativeGrossLossWad.toString(),
    cumulativeNetLossWad: statistics.cumulativeNetLossWad.toString(),
    annualisedNetLossWad: orNull(statistics.annualisedNetLossWad),
    severityWad: orNull(statistics.severityWad),
    cumulativeSeverityWad: orNull(statistics.cumulativeSeverityWad),
    speeds: {
      smmWad: orNull(speeds.smmWad),
      cprWad: orNull(speeds.cprWad),
      absWad: orNull(speeds.absWad),
      mdrWad: orNull(speeds.mdrWad),
      cdrWad: orNull(speeds.cdrWad),
    },
    delinquency: bucketsJson(statistics.delinquency),
    delinquencyMba: bucketsJson(statistics.delinquencyMba),
    delinquencyOts: bucketsJson(statistics.delinquencyOts),
    delinquent60: formatCents(statistics.delinquent60),
    delinquent60ShareWad: statistics.delinquent60ShareWad.toString(),
    prepaidInFull: statistics.prepaidInFull,
    chargedOffCount: statistics.chargedOffCount,
    repossessedCount: statistics.repossessedCount,
    defaultedCount: statistics.defaultedCount,
    weightedRate: meanJson(statistics.weightedRate),
    weightedRemainingTerm: meanJson(statistics.weightedRemainingTerm),
    weightedOriginalTerm: meanJson(statistics.weightedOriginalTerm),
    weightedAge: meanJson(statistics.weightedAge),
    weightedCreditScore: meanJson(statistics.weightedCreditScore),
    weightedLoanToValue: meanJson(statistics.weightedLoanToValue),
    poolFactorWad: statistics.poolFactorWad.toString(),
  };
}

const orNull = (value: bigint | null): string | null => value?.toString() ?? null;

function amountsJson(amounts: PeriodAmounts): AmountsJson {
  const entries = AMOUNT_NAMES.map((name) => [name, formatCents(amounts[name])]);
  return Object.fromEntries(entries) as AmountsJson;
}

/** The way back, for the cumulative amounts of the next period. */
export function parseAmounts(json: AmountsJson): PeriodAmounts {
  const entries = AMOUNT_NAMES.map((name) => [name, parseCents(json[name])]);
  return Object.fromEntries(entries) as Record<keyof PeriodAmounts, bigint>;
}

function bucketsJson(buckets: Readonly<Record<string, Bucket>>) {
  return Object.fromEntries(
    Object.entries(buckets).map(([name, bucket]) => [
      name,
      {
        loanCount: bucket.loanCount,
        balance: formatCents(bucket.balanceCents),
        balanceShareWad: bucket.balanceShareWad.toString(),
        countShareWad: bucket.countShareWad.toString(),
      },
    ]),
  );
}

function meanJson({ meanWad, missingShareWad }: WeightedMean) {
  return { meanWad: orNull(meanWad), missingShareWad: missingShareWad.toString() };
}
