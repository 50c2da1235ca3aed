/**
 * Step 5, the arithmetic: what a period did to the pool, from the sums of its rows. Pure and exact: ratios
 * are 1e18 integers, towards minus infinity.
 */
import { dayInMonth } from "../lib/dates.ts";
import type { MonthNumber } from "../lib/dates.ts";
import { WAD } from "../lib/mul-div.ts";
import { DELINQUENCY_BUCKETS } from "../tapes/canonical-fields.ts";
import type { TapeTerms } from "../tapes/tape-terms.ts";
import { buildVintages } from "./build-vintages.ts";
import {
  absoluteSpeed,
  annualRate,
  floorDivide,
  monthlyRate,
  ratioWad,
} from "./calculate-speeds.ts";
import { countMissedPayments, missedSteps } from "./count-missed-payments.ts";
import type { MissedPayments } from "./count-missed-payments.ts";
import { bucketOfMissed, MISSED_BUCKETS, NOT_IN_POOL } from "./loan-states.ts";
import { NO_AMOUNTS } from "./pool-statistics.ts";
import type {
  Bucket,
  Concentration,
  PeriodAmounts,
  PoolPicture,
  PoolStatistics,
  Roll,
  Speeds,
  VintagePoint,
  WeightedMean,
} from "./pool-statistics.ts";
import type { MeanName, PoolCell, PoolSpread, PoolSums } from "./pool-statistics-queries.ts";

/** What the period is measured against. */
export interface StatisticsBasis {
  terms: TapeTerms;
  /** Last month of the period, and how many months it has. */
  month: MonthNumber;
  months: number;
  cutOffBalanceCents: bigint;
  /** What the period before left; null in the first. */
  before: { cumulative: PeriodAmounts; vintages: readonly VintagePoint[] } | null;
}

/** What the queries read of the period's tape. */
export interface PoolRows {
  cells: readonly PoolCell[];
  spread: readonly PoolSpread[];
}

/** Everything that a closed period says of its pool. */
export function buildPoolPicture({ cells, spread }: PoolRows, basis: StatisticsBasis): PoolPicture {
  return {
    statistics: buildStatistics({ cells, spread }, basis),
    rolls: buildRolls(cells),
    concentrations: buildConcentrations(spread),
    vintages: buildVintages(cells, basis.before?.vintages ?? null),
  };
}

function buildStatistics({ cells, spread }: PoolRows, basis: StatisticsBasis): PoolStatistics {
  const sum = (name: keyof PoolSums): bigint => cells.reduce((all, cell) => all + cell[name], 0n);
  const closing = sum("closing");
  const live = { balance: sum("live"), loans: sum("loans") };
  const mean = (name: MeanName, scale = WAD): WeightedMean => {
    const weight = sum(`${name}Weight`);
    return {
      meanWad: weight === 0n ? null : (sum(`${name}Product`) * scale) / weight,
      missingShareWad: share(closing - weight, closing),
    };
  };
  const amounts = amountsOf(sum, basis.terms);
  const cumulative = addAmounts(basis.before?.cumulative ?? NO_AMOUNTS, amounts);
  const weightedAge = mean("age");
  const byDays = delinquencyByDays(spread, live);
  const delinquent60 = (["60-89", "90-119", "120+"] as const).reduce(
    (all, name) => all + byDays[name].balanceCents,
    0n,
  );
  const missed = delinquencyByMissed(spread, { ...live, month: basis.month });
  return {
    poolOpening: sum("opening"),
    poolClosing: closing,
    loanCount: Number(live.loans),
    rowCount: Number(sum("rows")),
    amounts,
    cumulative,
    cumulativeGrossLossWad: share(cumulative.chargeOffs, basis.cutOffBalanceCents),
    cumulativeNetLossWad: share(cumulative.netLoss, basis.cutOffBalanceCents),
    annualisedNetLossWad: ratioWad(
      amounts.netLoss * 24n,
      (sum("opening") + closing) * BigInt(basis.months),
    ),
    severityWad: ratioWad(
      amounts.liquidatedBalance - amounts.liquidatedProceeds,
      amounts.liquidatedBalance,
    ),
    cumulativeSeverityWad: ratioWad(cumulative.netLoss, cumulative.chargeOffs),
    speeds: speedsOf(amounts, { opening: sum("opening"), basis, ageWad: weightedAge.meanWad }),
    delinquency: byDays,
    delinquencyMba: missed.mba,
    delinquencyOts: missed.ots,
    delinquent60,
    delinquent60ShareWad: share(delinquent60, closing),
    prepaidInFull: Number(sum("prepaidLoans")),
    chargedOffCount: Number(sum("chargedOffLoans")),
    repossessedCount: Number(sum("repossessedLoans")),
    defaultedCount: Number(sum("defaultedLoans")),
    weightedRate: mean("rate", 1n),
    weightedRemainingTerm: mean("remainingTerm"),
    weightedOriginalTerm: mean("originalTerm"),
    weightedAge,
    weightedCreditScore: mean("creditScore"),
    weightedLoanToValue: mean("loanToValue", 1n),
    poolFactorWad: share(closing, basis.cutOffBalanceCents),
  };
}

/** part / whole as an 1e18 integer, towards minus infinity; 0 of nothing. */
const share = (part: bigint, whole: bigint): bigint => ratioWad(part, whole) ?? 0n;

function amountsOf(sum: (name: keyof PoolSums) => bigint, terms: TapeTerms): PeriodAmounts {
  const chargeOffs = sum("chargeOff");
  const recoveries = sum("recovery");
  const liquidationProceeds = sum("liquidationProceeds");
  return {
    principal: sum("principal"),
    scheduledPrincipal: sum("scheduledPrincipal"),
    prepaidPrincipal: sum("prepaid"),
    paidInFull: sum("paidInFull"),
    interest: sum("interest"),
    fees: sum("fees"),
    recoveries,
    liquidationProceeds,
    repurchases: sum("repurchase"),
    servicerAdvances: sum("servicerAdvances"),
    availableFunds: terms.availableFunds.reduce((all, flow) => all + sum(flow), 0n),
    chargeOffs,
    netLoss: chargeOffs - recoveries - liquidationProceeds,
    defaultedBalance: sum("defaultedBalance"),
    liquidatedBalance: sum("liquidatedBalance"),
    liquidatedProceeds: sum("liquidatedProceeds"),
    otherAdjustments: sum("otherAdjustment"),
    additions: sum("additions"),
  };
}

/** The sum of two periods' amounts, name by name. */
function addAmounts(left: PeriodAmounts, right: PeriodAmounts): PeriodAmounts {
  const names = Object.keys(NO_AMOUNTS) as (keyof PeriodAmounts)[];
  const sums = names.map((name) => [name, left[name] + right[name]] as const);
  return { ...NO_AMOUNTS, ...Object.fromEntries(sums) };
}

function speedsOf(
  amounts: PeriodAmounts,
  of: { opening: bigint; basis: StatisticsBasis; ageWad: bigint | null },
): Speeds {
  const { months } = of.basis;
  const whole = of.opening - amounts.scheduledPrincipal;
  const prepaid = { part: amounts.prepaidPrincipal, whole, months };
  const defaulted = { part: amounts.defaultedBalance, whole: of.opening, months };
  const smmWad = monthlyRate(prepaid);
  return {
    smmWad,
    cprWad: annualRate(prepaid),
    absWad: absoluteSpeed(smmWad, of.ageWad),
    mdrWad: monthlyRate(defaulted),
    cdrWad: annualRate(defaulted),
  };
}

interface Live {
  balance: bigint;
  loans: bigint;
}

function delinquencyByDays(spread: readonly PoolSpread[], live: Live) {
  const days = spread.filter(({ by }) => by === "days");
  return fillBuckets(DELINQUENCY_BUCKETS, live, (name) =>
    days.filter(({ bucket }) => bucket === name),
  );
}

/**
 * By missed payments. A tape whose late loans are all a multiple of 30 days past due counts in months; one
 * that states no days is read by its buckets, of which "30-59" is one missed payment.
 */
function delinquencyByMissed(spread: readonly PoolSpread[], live: Live & { month: MonthNumber }) {
  const days = spread.filter(({ by }) => by === "days");
  const inSteps = days.every(({ daysPastDue }) => {
    const late = Math.max(daysPastDue ?? 0, 0);
    return late % 30 === 0;
  });
  const monthEnd = dayInMonth(live.month, 31);
  const missedOf = ({ daysPastDue, bucket }: PoolSpread): MissedPayments => {
    if (daysPastDue === null)
      return missedSteps(DELINQUENCY_BUCKETS.indexOf(bucket ?? "current") - 1);
    return inSteps ? missedSteps(daysPastDue / 30) : countMissedPayments(daysPastDue, monthEnd);
  };
  const counted = days.map((rows) => ({ ...rows, missed: missedOf(rows) }));
  const by = (method: keyof MissedPayments) =>
    fillBuckets(MISSED_BUCKETS, live, (name) =>
      counted.filter(({ missed }) => bucketOfMissed(missed[method]) === name),
    );
  return { mba: by("mba"), ots: by("ots") };
}

function fillBuckets<Name extends string>(
  names: readonly Name[],
  live: Live,
  rowsOf: (name: Name) => readonly PoolSpread[],
): Record<Name, Bucket> {
  const entries = names.map((name) => {
    const rows = rowsOf(name);
    const loans = rows.reduce((all, row) => all + row.loans, 0n);
    const balanceCents = rows.reduce((all, row) => all + row.balance, 0n);
    return [
      name,
      {
        loanCount: Number(loans),
        balanceCents,
        balanceShareWad: share(balanceCents, live.balance),
        countShareWad: share(loans, live.loans),
      },
    ] as const;
  });
  return Object.fromEntries(entries) as Record<Name, Bucket>;
}

/** Loans that were in the pool at the opening or are at the close, by where they went. */
function buildRolls(cells: readonly PoolCell[]): Roll[] {
  const rolls = new Map<string, Roll>();
  for (const { stateBefore, stateAfter, ...sums } of cells) {
    if (stateBefore === NOT_IN_POOL && sums.closing === 0n) continue;
    const key = `${stateBefore}\n${stateAfter}`;
    const roll = rolls.get(key) ?? {
      ...{ before: stateBefore, after: stateAfter, loanCount: 0 },
      ...{ balanceBeforeCents: 0n, balanceAfterCents: 0n },
    };
    roll.loanCount += Number(stateBefore === NOT_IN_POOL ? sums.loans : sums.loansBefore);
    roll.balanceBeforeCents += sums.before;
    roll.balanceAfterCents += sums.live;
    rolls.set(key, roll);
  }
  return [...rolls.values()];
}

function buildConcentrations(spread: readonly PoolSpread[]): Concentration[] {
  const regions = spread
    .filter(({ by }) => by === "region")
    .toSorted(
      (left, right) =>
        compare(right.balance, left.balance) || compare(left.region ?? "", right.region ?? ""),
    );
  return regions.map(({ region, loans, balance, rateProduct, rateWeight }, i) => ({
    rank: i + 1,
    region,
    loanCount: Number(loans),
    balanceCents: balance,
    rateWad: rateWeight === 0n ? null : floorDivide(rateProduct, rateWeight),
  }));
}

function compare<T extends bigint | string>(left: T, right: T): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
