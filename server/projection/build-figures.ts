/** The figures of each period's report as the pool and the scenario give them. */
import type { Flow } from "../deals/deal-file.ts";
import type { FigureSource, PoolFigure } from "./figure-sources.ts";
import type { CollateralMonths } from "./project-collateral.ts";

/** A pool's months with what the deal counts as its available funds. */
export interface PoolReport {
  /** Whole cents. */
  collateral: CollateralMonths;
  /** Flows of the tape that are cash for distribution. */
  availableFunds: readonly Flow[];
  /** Recoveries come in the month of the charge-off: they are the liquidation's proceeds. */
  recoversAtOnce: boolean;
}

function cashOf({ collateral, availableFunds }: PoolReport, month: number): number {
  const { scheduled, prepaid, interest, recovered } = collateral;
  let cents = 0;
  if (availableFunds.includes("principal")) {
    cents += (scheduled[month] ?? 0) + (prepaid[month] ?? 0);
  }
  if (availableFunds.includes("interest")) cents += interest[month] ?? 0;
  const recovers = availableFunds.includes("recovery");
  if (recovers || availableFunds.includes("liquidationProceeds")) cents += recovered[month] ?? 0;
  return cents;
}

/** One figure of one month, cents or a count; months after the last one are empty. */
function poolFigure(report: PoolReport, figure: PoolFigure, month: number): number {
  const { collateral, recoversAtOnce } = report;
  const at = (values: Float64Array) => values[month] ?? 0;
  switch (figure) {
    case "poolOpening":
      return month === 0 ? collateral.openingCents : (collateral.closing[month - 1] ?? 0);
    case "poolClosing":
      return at(collateral.closing);
    case "loanCount":
      return at(collateral.loans);
    case "availableFunds":
      return cashOf(report, month);
    case "principal":
      return at(collateral.scheduled) + at(collateral.prepaid);
    case "interest":
      return at(collateral.interest);
    case "recoveries":
      return recoversAtOnce ? 0 : at(collateral.recovered);
    case "liquidationProceeds":
      return recoversAtOnce ? at(collateral.recovered) : 0;
    case "chargeOffs":
      return at(collateral.chargedOff);
    case "otherAdjustments":
      return 0;
    case "delinquent60":
      return at(collateral.delinquent);
    case "prepaidInFull":
      return at(collateral.loansPrepaid);
  }
}

/** The figures of a month, from 0, in the order of the deal's figure table. */
export function buildFigures(
  report: PoolReport,
  sources: readonly FigureSource[],
  month: number,
): bigint[] {
  return sources.map((source) => {
    if (source.from === "pool") return BigInt(poolFigure(report, source.figure, month));
    return source.values[Math.min(month, source.values.length - 1)] ?? 0n;
  });
}
