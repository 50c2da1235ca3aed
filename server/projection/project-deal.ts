/** A deal run forward over a projected pool: the collateral first, then period after period. */
import type { Flow } from "../deals/deal-file.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import type { EpochDay } from "../lib/dates.ts";
import { advanceWaterfall } from "../waterfall/advance-waterfall.ts";
import type { PeriodOutcome } from "../waterfall/advance-waterfall.ts";
import { openingState } from "../waterfall/waterfall-state.ts";
import type { WaterfallState } from "../waterfall/waterfall-state.ts";
import { buildFigures } from "./build-figures.ts";
import type { ScenarioPlan } from "./figure-sources.ts";
import type { Cohorts } from "./fold-cohorts.ts";
import { addPurchase, closePeriod, isPoolOver, openPool } from "./forward-pool.ts";
import type { ForwardPool } from "./forward-pool.ts";
import type { CollateralMonths } from "./project-collateral.ts";

/** What all scenarios of a projection share. */
export interface ProjectedDeal {
  terms: DealTerms;
  /** Months of collateral in each period of the deal. */
  months: number;
  /** Flows of the tape that are cash for distribution. */
  availableFunds: readonly Flow[];
  /** Payment date of each period as scheduled, before it moves to a business day. */
  scheduledDays: readonly EpochDay[];
  cohorts: Cohorts;
}

/** What each class got and holds, cents: entry class * periods + (period - 1). */
export interface ClassFlows {
  interestDue: BigInt64Array;
  interestPaid: BigInt64Array;
  principalPaid: BigInt64Array;
  capitalised: BigInt64Array;
  /** After the payment date. */
  balance: BigInt64Array;
  written: BigInt64Array;
  /** Interest due and unpaid: shortfall, interest on it, deferred interest. */
  unpaidInterest: BigInt64Array;
}

export interface Projection {
  /** Periods that were run. */
  periods: number;
  /** Whole cents by period of the deal; those after the last one that was run are empty. */
  collateral: CollateralMonths;
  /** Cents of collateral that the deal bought, by the period in which it joined the pool. */
  purchased: Float64Array;
  classes: ClassFlows;
  /** Cents paid to each payee: entry payee * periods + (period - 1). */
  payees: BigInt64Array;
  /** Balance of each account after the payment date, likewise. */
  accounts: BigInt64Array;
  /** Period at whose payment date the clean-up call is exercised; null: never. */
  calledPeriod: number | null;
  /** The calendar ended before the pool or a class did. */
  unfinished: boolean;
  /** OR of the flags that the engine raised. */
  flags: number;
  /** First figure that a report could not state, being outside the deal's bounds. */
  outOfBounds: { figure: string; period: number; value: bigint } | null;
}

function openFlows(classes: number, periods: number): ClassFlows {
  const array = () => new BigInt64Array(classes * periods);
  return {
    interestDue: array(),
    interestPaid: array(),
    principalPaid: array(),
    capitalised: array(),
    balance: array(),
    written: array(),
    unpaidInterest: array(),
  };
}

function record(projection: Projection, stride: number, outcome: PeriodOutcome): void {
  const { classes, payees, accounts } = projection;
  const column = outcome.period - 1;
  outcome.classes.forEach((result, i) => {
    const at = i * stride + column;
    classes.interestDue[at] = result.interestDue;
    classes.interestPaid[at] = result.interestPaid;
    classes.principalPaid[at] = result.principalPaid;
    classes.capitalised[at] = outcome.capitalised[i] ?? 0n;
    const after = outcome.state.classes[i];
    if (after === undefined) return;
    classes.balance[at] = after.balance;
    classes.written[at] = after.written;
    classes.unpaidInterest[at] = after.shortfall + after.shortfallInterest + after.deferred;
  });
  outcome.payees.forEach((cents, i) => {
    payees[i * stride + column] = cents;
  });
  outcome.state.accounts.forEach((cents, i) => {
    accounts[i * stride + column] = cents;
  });
}

const isRepaid = ({ classes }: WaterfallState): boolean =>
  classes.every(
    ({ balance, shortfall, shortfallInterest, deferred }) =>
      balance === 0n && shortfall === 0n && shortfallInterest === 0n && deferred === 0n,
  );

function checkBounds(projection: Projection, terms: DealTerms, figures: readonly bigint[]): void {
  if (projection.outOfBounds !== null) return;
  figures.forEach((value, i) => {
    const bounds = terms.figures[i];
    if (bounds === undefined || (value >= bounds.minimum && value <= bounds.maximum)) return;
    projection.outOfBounds ??= { figure: bounds.name, period: projection.periods + 1, value };
  });
}

function fixingsOf({ fixings }: ScenarioPlan, column: number): bigint[] {
  return fixings.map((values) => values[Math.min(column, values.length - 1)] ?? 0n);
}

function noticesIn(deal: ProjectedDeal, { notices }: ScenarioPlan, period: number): number {
  return notices.reduce((bits: number, from, q) => {
    if (from === null || period < from) return bits;
    const once = deal.terms.notices[q]?.kind === "once";
    return once && period > from ? bits : bits | (1 << q);
  }, 0);
}

function openProjected(deal: ProjectedDeal, pool: ForwardPool): Projection {
  const { terms } = deal;
  const stride = terms.calendar.length;
  return {
    periods: 0,
    collateral: pool.cents,
    purchased: pool.purchased,
    classes: openFlows(terms.classes.length, stride),
    payees: new BigInt64Array(terms.payees.length * stride),
    accounts: new BigInt64Array(terms.accounts.length * stride),
    calledPeriod: null,
    unfinished: false,
    flags: 0,
    outOfBounds: null,
  };
}

/** Runs a deal under one scenario, from its closing to its last payment or its calendar's end. */
export function projectDeal(deal: ProjectedDeal, plan: ScenarioPlan): Projection {
  const { terms } = deal;
  const stride = terms.calendar.length;
  const pool = openPool(deal.cohorts, plan.assumptions, {
    months: deal.months,
    longest: terms.buys ? stride : null,
  });
  const report = {
    pool,
    availableFunds: deal.availableFunds,
    liquidates:
      plan.assumptions.recoveryLagMonths === 0 &&
      terms.figures.some(({ name }) => name === "liquidationProceeds"),
  };
  const projection = openProjected(deal, pool);
  let state = openingState(terms);
  const isOver = () => isPoolOver(pool, projection.periods) && isRepaid(state);
  while (projection.periods < stride && !isOver()) {
    const column = projection.periods;
    closePeriod(pool, column, plan.call);
    const figures = buildFigures(report, plan.figures, column);
    checkBounds(projection, terms, figures);
    const outcome = advanceWaterfall({
      terms,
      state,
      period: column + 1,
      figures,
      extras: fixingsOf(plan, column),
      notices: noticesIn(deal, plan, column + 1),
      purchasePrice: "any",
    });
    state = outcome.state;
    projection.flags |= outcome.flags;
    projection.periods += 1;
    record(projection, stride, outcome);
    const paid = terms.buys ? Number(outcome.extras.at(-1) ?? 0n) : 0;
    if (paid > 0) addPurchase(pool, Math.round(paid / plan.purchasePrice), column + 1);
  }
  projection.unfinished = !isOver();
  projection.calledPeriod = pool.calledColumn === null ? null : pool.calledColumn + 1;
  return projection;
}
