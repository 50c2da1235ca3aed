/** The clean-up call: the pool is sold at par when it has become small enough. */
import type { CollateralCents } from "./round-collateral.ts";

export interface CalledCollateral {
  collateral: CollateralCents;
  /** Collection month, from 0, at whose payment date the call is exercised; null: never. */
  calledMonth: number | null;
}

/**
 * Sells the pool in the first month that closes at or below `share` of the cut-off pool: its closing
 * balance is paid as a prepayment and nothing comes after it, recoveries included.
 * @param share fraction of the cut-off pool; null: no call
 */
export function applyCall(collateral: CollateralCents, share: number | null): CalledCollateral {
  const limit = (share ?? 0) * collateral.openingCents;
  const month = share === null ? -1 : collateral.closing.findIndex((balance) => balance <= limit);
  if (month === -1) return { collateral, calledMonth: null };
  const cut = (array: Float64Array) => array.slice(0, month + 1);
  const called: CollateralCents = {
    months: month + 1,
    openingCents: collateral.openingCents,
    scheduled: cut(collateral.scheduled),
    prepaid: cut(collateral.prepaid),
    chargedOff: cut(collateral.chargedOff),
    closing: cut(collateral.closing),
    interest: cut(collateral.interest),
    recovered: cut(collateral.recovered),
    delinquent: cut(collateral.delinquent),
    loans: cut(collateral.loans),
    loansPrepaid: cut(collateral.loansPrepaid),
  };
  called.prepaid[month] = (called.prepaid[month] ?? 0) + (called.closing[month] ?? 0);
  called.loansPrepaid[month] = (called.loansPrepaid[month] ?? 0) + (called.loans[month] ?? 0);
  called.closing[month] = 0;
  called.delinquent[month] = 0;
  called.loans[month] = 0;
  return { collateral: called, calledMonth: month };
}
