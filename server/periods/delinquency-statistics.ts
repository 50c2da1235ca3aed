/** Late loans by days past due and by the two methods of the mortgage market: each bucket, four figures. */
import { DELINQUENCY_BUCKETS } from "../tapes/canonical-fields.ts";
import { MISSED_BUCKETS } from "./loan-states.ts";
import type { Bucket, PoolStatistics } from "./pool-statistics.ts";
import { define, entry } from "./statistic.ts";
import type { Statistic } from "./statistic.ts";

const METHODS = {
  delinquency: {
    names: DELINQUENCY_BUCKETS,
    by: "days past due",
    how: "days past due as the tape states them",
  },
  delinquencyMba: {
    names: MISSED_BUCKETS,
    by: "the MBA method",
    how: "a payment is missed at the end of the day before the next one falls due; 1 missed is 30-59 days, 4 and more are 120+",
  },
  delinquencyOts: {
    names: MISSED_BUCKETS,
    by: "the OTS method",
    how: "a payment is missed when the next due date has passed unpaid; 1 missed is 30-59 days, 4 and more are 120+",
  },
} as const;

function bucketEntries(method: keyof typeof METHODS): Statistic[] {
  const { names, by, how } = METHODS[method];
  return names.flatMap((name) => {
    const of = (s: PoolStatistics): Bucket | undefined =>
      (s[method] as Readonly<Record<string, Bucket>>)[name];
    const what = name === "current" ? "current" : `${name} days delinquent`;
    const value = (read: (bucket: Bucket) => bigint) => (s: PoolStatistics) => {
      const bucket = of(s);
      return bucket === undefined ? null : read(bucket);
    };
    const at = `${method}.${name}`;
    return [
      ...define("2.3", "money", {
        [`${at}.balance`]: entry(
          `Balance of loans ${what} by ${by}`,
          `Σ closing balance; ${how}`,
          value(({ balanceCents }) => balanceCents),
        ),
      }),
      ...define("2.3", "count", {
        [`${at}.count`]: entry(
          `Loans ${what} by ${by}`,
          `count of loans with a balance; ${how}`,
          value(({ loanCount }) => BigInt(loanCount)),
        ),
      }),
      ...define("2.3", "percent", {
        [`${at}.balanceShare`]: entry(
          `Share of the balance ${what} by ${by}`,
          `Σ closing balance of the bucket / closing balance; ${how}`,
          value(({ balanceShareWad }) => balanceShareWad),
        ),
        [`${at}.countShare`]: entry(
          `Share of the loans ${what} by ${by}`,
          `loans of the bucket / loans with a balance; ${how}`,
          value(({ countShareWad }) => countShareWad),
        ),
      }),
    ];
  });
}

export const DELINQUENCY: readonly Statistic[] = [
  ...define("2.3", "money", {
    delinquent60: entry(
      "Balance of loans 60 or more days past due",
      "Σ closing balance, days past due >= 60",
      (s) => s.delinquent60,
    ),
  }),
  ...define("2.3", "percent", {
    delinquent60Share: entry(
      "Share of the balance 60 or more days past due",
      "balance 60 or more days past due / closing balance",
      (s) => s.delinquent60ShareWad,
    ),
  }),
  ...(Object.keys(METHODS) as (keyof typeof METHODS)[]).flatMap(bucketEntries),
];
