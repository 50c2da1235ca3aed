/** The figures of each period's report as the pool and the scenario give them. */
import type { Flow } from "../deals/deal-file.ts";
import type { FigureSource, PoolFigure } from "./figure-sources.ts";
import type { ForwardPool } from "./forward-pool.ts";

/** A pool with what the deal counts as its available funds. */
export interface PoolReport {
  pool: ForwardPool;
  /** Flows of the tape that are cash for distribution. */
  availableFunds: readonly Flow[];
  /** Proceeds of the month of the charge-off are a figure of their own, not recoveries. */
  liquidates: boolean;
}

/** Rates are kept to twelve decimals of the fraction: a float holds no more of use. */
const RATE_PLACES = 1e12;
const WAD_BY_PLACE = 1_000_000n;

function cashOf({ pool, availableFunds }: PoolReport, month: number): number {
  const { scheduled, prepaid, interest, recovered } = pool.cents;
  const recovers =
    availableFunds.includes("recovery") || availableFunds.includes("liquidationProceeds");
  let cents = 0;
  if (availableFunds.includes("principal")) {
    cents += (scheduled[month] ?? 0) + (prepaid[month] ?? 0);
  }
  if (availableFunds.includes("interest")) cents += interest[month] ?? 0;
  if (recovers) cents += recovered[month] ?? 0;
  return cents;
}

/** Weighted average APR of what performs as the month begins, 1e18 = 100 %. */
function averageRate({ exact }: ForwardPool, month: number): bigint {
  const performing = exact.performing[month] ?? 0;
  const monthly = performing > 0 ? (exact.accrued[month] ?? 0) / performing : 0;
  return BigInt(Math.round(12 * monthly * RATE_PLACES)) * WAD_BY_PLACE;
}

/** One figure of one month in cents, or a count; months after the last one are empty. */
function centsOf(
  report: PoolReport,
  figure: Exclude<PoolFigure, "averageRate">,
  month: number,
): number {
  const { pool, liquidates } = report;
  const { cents, cumulative } = pool;
  const at = (values: Float64Array) => values[month] ?? 0;
  switch (figure) {
    case "poolOpening":
      return month === 0 ? cents.openingCents : (cents.closing[month - 1] ?? 0);
    case "poolClosing":
      return at(cents.closing);
    case "loanCount":
      return at(cents.loans);
    case "availableFunds":
      return cashOf(report, month);
    case "principal":
      return at(cents.scheduled) + at(cents.prepaid);
    case "scheduledPrincipal":
      return at(cents.scheduled);
    case "prepayments":
      return at(cents.prepaid);
    case "interest":
      return at(cents.interest);
    case "recoveries":
      return liquidates ? 0 : at(cents.recovered);
    case "liquidationProceeds":
      return liquidates ? at(cents.recovered) : 0;
    case "chargeOffs":
      return at(cents.chargedOff);
    case "netLosses":
      return at(cents.chargedOff) - at(cents.recovered);
    case "cumulativeChargeOffs":
      return cumulative.chargedOff;
    case "cumulativeNetLosses":
      return cumulative.chargedOff - cumulative.recovered;
    case "otherAdjustments":
      return 0;
    case "delinquent60":
      return at(cents.delinquent);
    case "prepaidInFull":
      return at(cents.loansPrepaid);
  }
}

/** The figures of the month last closed, from 0, in the order of the deal's figure table. */
export function buildFigures(
  report: PoolReport,
  sources: readonly FigureSource[],
  month: number,
): bigint[] {
  return sources.map((source) => {
    if (source.from === "scenario") {
      return source.values[Math.min(month, source.values.length - 1)] ?? 0n;
    }
    if (source.figure === "averageRate") return averageRate(report.pool, month);
    return BigInt(centsOf(report, source.figure, month));
  });
}
