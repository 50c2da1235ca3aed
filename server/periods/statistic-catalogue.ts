/**
 * Every figure that a closed period gives of its pool, with what it means and how it comes about. The
 * API serves it, statements and the page of statistics are written from it.
 */
import { DELINQUENCY } from "./delinquency-statistics.ts";
import type { PeriodAmounts, PoolStatistics, WeightedMean } from "./pool-statistics.ts";
import { define, entry } from "./statistic.ts";
import type { Statistic, StatisticUnit } from "./statistic.ts";

const BALANCES = [
  ...define("2.4", "money", {
    poolOpening: entry(
      "Pool balance at the start of the period",
      "Σ opening balance",
      (s) => s.poolOpening,
    ),
    poolClosing: entry(
      "Pool balance at the end of the period",
      "Σ closing balance",
      (s) => s.poolClosing,
    ),
  }),
  ...define("2.4", "factor", {
    poolFactor: entry("Pool factor", "closing balance / cut-off balance", (s) => s.poolFactorWad),
  }),
  ...define("2.4", "count", {
    loanCount: entry("Loans with a balance at the end", "count of closing balance > 0", (s) =>
      BigInt(s.loanCount),
    ),
    rowCount: entry("Rows of the tape", "count of rows", (s) => BigInt(s.rowCount)),
  }),
];

/** Definition and formula of each amount of a period; each also stands as `cumulative…`. */
const AMOUNTS: Readonly<Record<keyof PeriodAmounts, [definition: string, formula: string]>> = {
  principal: ["Principal collected", "Σ principal"],
  scheduledPrincipal: [
    "Principal that the loans' schedules ask for, paid or not",
    "Σ scheduled principal",
  ],
  prepaidPrincipal: [
    "Principal prepaid: above the schedule, a payoff whole",
    "Σ prepaid principal where the tape states it; else of a payoff its principal, of others max(0, principal - scheduled principal) where a schedule above 0 is stated",
  ],
  paidInFull: [
    "Prepaid principal of the loans that were paid off",
    "Σ prepaid principal of loans prepaid or matured",
  ],
  interest: ["Interest collected", "Σ interest"],
  fees: ["Fees and other amounts collected", "Σ fees"],
  recoveries: ["Recoveries on loans that were charged off", "Σ recovery"],
  liquidationProceeds: ["Liquidation proceeds", "Σ liquidation proceeds"],
  repurchases: ["Paid for loans that were bought back", "Σ repurchase"],
  servicerAdvances: ["Advanced by the servicer", "Σ servicer advance"],
  availableFunds: [
    "Cash of the period for distribution",
    "Σ of the flows that the deal names, each with its sign",
  ],
  chargeOffs: ["Gross loss: principal charged off", "Σ charge-off"],
  netLoss: ["Net loss", "charge-offs - recoveries - liquidation proceeds"],
  defaultedBalance: [
    "Defaulted balance: of the loans that came to be defaulted, charged off or liquidated",
    "Σ opening balance of loans with one whose status is one of these at the end and none of them at the start",
  ],
  liquidatedBalance: [
    "Balance of the loans that came to be charged off or liquidated",
    "Σ opening balance of loans with one whose status is one of these at the end and none of them at the start",
  ],
  liquidatedProceeds: [
    "What the loans that came to be charged off or liquidated brought in the same period",
    "Σ (liquidation proceeds + recovery) of these loans",
  ],
  otherAdjustments: ["Other principal adjustments, not cash", "Σ other adjustment"],
  additions: [
    "Balances that entered the pool",
    "Σ (closing balance - the deal's roll-forward of 0) of loans with an opening balance of 0 and a closing one above",
  ],
};
const LOSSES: ReadonlySet<string> = new Set([
  ...["recoveries", "liquidationProceeds", "chargeOffs", "netLoss"],
  ...["defaultedBalance", "liquidatedBalance", "liquidatedProceeds"],
]);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const FLOWS = (Object.entries(AMOUNTS) as [keyof PeriodAmounts, [string, string]][]).flatMap(
  ([name, [definition, formula]]) =>
    define(LOSSES.has(name) ? "2.3" : "2.2", "money", {
      [name]: entry(definition, formula, (s) => s.amounts[name]),
      [`cumulative${capital(name)}`]: entry(
        `Since the cut-off: ${lower(definition)}`,
        `Σ over periods of ${name}`,
        (s) => s.cumulative[name],
      ),
    }),
);

const COLLECTIONS = define("2.2", "money", {
  principalWithinSchedule: entry(
    "Principal within the schedule, or of loans that state none",
    "principal - prepaid principal",
    ({ amounts }) => amounts.principal - amounts.prepaidPrincipal,
  ),
  prepaidInPart: entry(
    "Prepaid principal of loans that go on",
    "prepaid principal - paid in full",
    ({ amounts }) => amounts.prepaidPrincipal - amounts.paidInFull,
  ),
  collections: entry(
    "All that was collected",
    "principal + interest + fees + recoveries + liquidation proceeds + repurchases",
    ({ amounts: a }) =>
      a.principal + a.interest + a.fees + a.recoveries + a.liquidationProceeds + a.repurchases,
  ),
});

const SPEEDS = [
  ...define("2.2", "percent", {
    smm: entry(
      "Single monthly mortality: the share of the balance, after its schedule, that was prepaid in a month",
      "prepaid principal / (opening balance - scheduled principal); of a period of n months 1 - (1 - that)^(1/n)",
      ({ speeds }) => speeds.smmWad,
    ),
    cpr: entry(
      "Conditional prepayment rate, a year",
      "1 - (1 - SMM)^12",
      ({ speeds }) => speeds.cprWad,
    ),
    abs: entry(
      "Absolute prepayment speed: the share of the original loans prepaid in a month",
      "SMM / (1 + SMM × (WALA - 1))",
      ({ speeds }) => speeds.absWad,
    ),
  }),
  ...define("2.3", "percent", {
    mdr: entry(
      "Monthly default rate",
      "defaulted balance / opening balance; of a period of n months 1 - (1 - that)^(1/n)",
      ({ speeds }) => speeds.mdrWad,
    ),
    cdr: entry(
      "Conditional default rate, a year",
      "1 - (1 - MDR)^12",
      ({ speeds }) => speeds.cdrWad,
    ),
  }),
];

const LOSS_RATIOS = define("2.3", "percent", {
  cumulativeGrossLossRatio: entry(
    "Cumulative gross loss of the cut-off balance",
    "Σ charge-offs / cut-off balance",
    (s) => s.cumulativeGrossLossWad,
  ),
  cumulativeNetLossRatio: entry(
    "Cumulative net loss (CNL) of the cut-off balance",
    "Σ (charge-offs - recoveries - liquidation proceeds) / cut-off balance",
    (s) => s.cumulativeNetLossWad,
  ),
  annualisedNetLoss: entry(
    "Net loss of the period, a year's worth, of the average balance",
    "(12 / months) × net loss / ((opening balance + closing balance) / 2)",
    (s) => s.annualisedNetLossWad,
  ),
  severity: entry(
    "Loss severity of the loans that were charged off or liquidated in the period",
    "(liquidated balance - what these loans brought in the period) / liquidated balance",
    (s) => s.severityWad,
  ),
  cumulativeSeverity: entry(
    "Loss severity since the cut-off",
    "Σ net loss / Σ charge-offs",
    (s) => s.cumulativeSeverityWad,
  ),
});

const COUNTS = define("2.3", "count", {
  prepaidInFull: entry(
    "Loans paid off before their term",
    "count of an opening balance that is 0 at the end, prepaid or matured, before the month of maturity",
    (s) => BigInt(s.prepaidInFull),
  ),
  chargedOffCount: entry(
    "Loans charged off",
    "count of charge-off > 0 with the status charged off",
    (s) => BigInt(s.chargedOffCount),
  ),
  repossessedCount: entry(
    "Loans in repossession or foreclosure",
    "count of loans with a balance and the status repossessed",
    (s) => BigInt(s.repossessedCount),
  ),
  defaultedCount: entry(
    "Loans of the defaulted balance",
    "count of the loans that the defaulted balance is of",
    (s) => BigInt(s.defaultedCount),
  ),
});

function meanEntries(
  name: string,
  of: { unit: StatisticUnit; definition: string; value: string },
  read: (s: PoolStatistics) => WeightedMean,
): Statistic[] {
  const { unit, definition, value } = of;
  const formula = `Σ (closing balance × ${value}) / Σ closing balance, over the loans that state it`;
  return [
    ...define("2.4", unit, { [name]: entry(definition, formula, (s) => read(s).meanWad) }),
    ...define("2.4", "percent", {
      [`${name}Missing`]: entry(
        `Share of the balance whose loans do not state it: ${lower(definition)}`,
        "Σ closing balance of the loans without the value / closing balance",
        (s) => read(s).missingShareWad,
      ),
    }),
  ];
}

const months = (definition: string, value: string) => ({
  unit: "months" as const,
  definition,
  value,
});

const MEANS = [
  ...meanEntries(
    "wac",
    { unit: "percent", definition: "Weighted average coupon (WAC)", value: "interest rate" },
    (s) => s.weightedRate,
  ),
  ...meanEntries(
    "wam",
    months("Weighted average remaining term (WAM)", "remaining term"),
    (s) => s.weightedRemainingTerm,
  ),
  ...meanEntries(
    "waom",
    months("Weighted average original term (WAOM)", "original term"),
    (s) => s.weightedOriginalTerm,
  ),
  ...meanEntries(
    "wala",
    months("Weighted average loan age (WALA)", "(month of the period - month of origination)"),
    (s) => s.weightedAge,
  ),
  ...meanEntries(
    "creditScore",
    { unit: "points", definition: "Weighted average credit score", value: "credit score" },
    (s) => s.weightedCreditScore,
  ),
  ...meanEntries(
    "loanToValue",
    {
      unit: "percent",
      definition: "Weighted average loan to value (LTV)",
      value: "floor(1e18 × original balance / collateral value)",
    },
    (s) => s.weightedLoanToValue,
  ),
];

export const STATISTICS: readonly Statistic[] = [
  ...BALANCES,
  ...FLOWS,
  ...COLLECTIONS,
  ...SPEEDS,
  ...LOSS_RATIOS,
  ...COUNTS,
  ...DELINQUENCY,
  ...MEANS,
];

const BY_NAME = new Map(STATISTICS.map((statistic) => [statistic.name, statistic]));

export function findStatistic(name: string): Statistic | undefined {
  return BY_NAME.get(name);
}

/** What a series shows when nobody says which figures. */
export const USUAL_STATISTICS = [
  ...["poolClosing", "poolFactor", "loanCount", "principal", "prepaidPrincipal", "interest"],
  ...["chargeOffs", "netLoss", "cumulativeNetLossRatio", "delinquent60Share", "smm", "cpr", "abs"],
  ...["mdr", "cdr", "severity", "wac", "wam", "wala"],
] as const;
