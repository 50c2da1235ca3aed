/** What a run of the priority of payments works on: running values, snapshots and results. */
import { accrueInterest } from "../lib/accrue-interest.ts";
import type { Rounding } from "../lib/mul-div.ts";
import type { CalendarRow, DealTerms } from "../deals/deal-terms.ts";
import { COMPONENTS } from "../deals/terms-format.ts";
import type { Component } from "../deals/terms-format.ts";
import type { WaterfallState } from "./waterfall-state.ts";

/** Parts of a class's claim, cents. */
export type Claim = Record<Component, bigint>;

export interface RunMemory {
  terms: DealTerms;
  row: CalendarRow;
  figures: readonly bigint[];
  balances: bigint[];
  balancesAtStart: readonly bigint[];
  written: bigint[];
  /** What is left of each class's claim, by part. */
  claims: Claim[];
  claimsAtStart: readonly bigint[];
  /** Interest accrued in this period, without what was brought forward. */
  accrued: readonly bigint[];
  feesDue: bigint[];
  feesDueAtStart: readonly bigint[];
  accounts: bigint[];
  accountsAtStart: readonly bigint[];
  capsUsed: bigint[];
  capsLeft: bigint[];
  /** Values of LETs by slot; 0 until named. */
  lets: bigint[];
  /** By absolute step position; 0 for a step that did not run. */
  paid: bigint[];
  lost: bigint[];
  interestPaid: bigint[];
  principalPaid: bigint[];
  payees: bigint[];
}

export function claimTotal(claim: Claim): bigint {
  return claim.interestOnShortfall + claim.shortfall + claim.current;
}

const positive = (value: bigint) => (value > 0n ? value : 0n);

/** Interest of one period on an amount, over a basis of the deal. */
function accrue(
  amount: bigint,
  rate: { wad: bigint; basis: number; rounding: Rounding },
  { terms, row }: Pick<RunMemory, "terms" | "row">,
): bigint {
  const { wad, basis, rounding } = rate;
  const numerator = row.numerators[basis] ?? 0;
  return accrueInterest(amount, { wad, numerator, denominator: terms.bases[basis] ?? 1, rounding });
}

function accrueClaims(terms: DealTerms, row: CalendarRow, state: WaterfallState): Claim[] {
  return terms.classes.map(({ couponWad, basis, rounding, interestOnShortfall }, i) => {
    const { balance, shortfall, shortfallInterest } = state.classes[i] ?? NOTHING;
    const rate = { wad: couponWad, basis, rounding };
    const onShortfall = interestOnShortfall ? accrue(shortfall, rate, { terms, row }) : 0n;
    return {
      interestOnShortfall: shortfallInterest + onShortfall,
      shortfall,
      current: accrue(balance, rate, { terms, row }),
      deferred: 0n,
      carryOver: 0n,
    };
  });
}

const NOTHING = { balance: 0n, shortfall: 0n, shortfallInterest: 0n, written: 0n };

/** Fees never accrue on unpaid fees: those are carried as they are (promise F1). */
function accrueFees(
  memory: Pick<RunMemory, "terms" | "row" | "figures">,
  unpaid: readonly bigint[],
) {
  return memory.terms.fees.map((fee, i) => {
    const carried = unpaid[i] ?? 0n;
    if (fee.kind === "fixed") return carried + fee.amount;
    const base = positive(memory.figures[fee.baseFigure ?? 0] ?? 0n);
    const { amount: wad, basis, rounding } = fee;
    return carried + accrue(base, { wad, basis, rounding }, memory);
  });
}

/** A cap starts anew when the payment date enters another year of its kind. */
function rollCaps(terms: DealTerms, period: number, used: readonly bigint[]): bigint[] {
  const row = terms.calendar[period - 1];
  const previous = terms.calendar[period - 2];
  return terms.caps.map((cap, i) => {
    const key = cap.year === "calendar year" ? "calendarYear" : "closingYear";
    const sameYear = previous !== undefined && previous[key] === row?.[key];
    return sameYear ? (used[i] ?? 0n) : 0n;
  });
}

/** The prologue: collections in, caps rolled, interest and fees accrued, snapshots taken. */
export function openRun(
  terms: DealTerms,
  state: WaterfallState,
  input: { row: CalendarRow; period: number; figures: readonly bigint[]; availableFunds: bigint },
): RunMemory {
  const { row, figures } = input;
  const accounts = terms.accounts.map((_, i) => state.accounts[i] ?? 0n);
  accounts[terms.collectionAccount] =
    (accounts[terms.collectionAccount] ?? 0n) + input.availableFunds;
  const claims = accrueClaims(terms, row, state);
  const feesDue = accrueFees({ terms, row, figures }, state.feesUnpaid);
  const capsUsed = rollCaps(terms, input.period, state.capsUsed);
  const balances = terms.classes.map((_, i) => state.classes[i]?.balance ?? 0n);
  const zeros = (list: readonly unknown[]) => list.map(() => 0n);
  return {
    terms,
    row,
    figures,
    balances,
    claims,
    feesDue,
    accounts,
    capsUsed,
    balancesAtStart: [...balances],
    written: terms.classes.map((_, i) => state.classes[i]?.written ?? 0n),
    claimsAtStart: claims.map(claimTotal),
    accrued: claims.map(({ current }) => current),
    feesDueAtStart: [...feesDue],
    accountsAtStart: [...accounts],
    capsLeft: terms.caps.map(({ cents }, i) => positive(cents - (capsUsed[i] ?? 0n))),
    lets: [],
    paid: zeros(terms.steps),
    lost: zeros(terms.steps),
    interestPaid: zeros(terms.classes),
    principalPaid: zeros(terms.classes),
    payees: zeros(terms.payees),
  };
}

const emptyClaim = (): Claim => ({
  interestOnShortfall: 0n,
  shortfall: 0n,
  current: 0n,
  deferred: 0n,
  carryOver: 0n,
});

/** Pays a class's claim part by part in its order; gives back what each part got. */
export function payClaim(memory: RunMemory, classId: number, cash: bigint): Claim {
  const claim = memory.claims[classId] ?? emptyClaim();
  const order = memory.terms.classes[classId]?.componentOrder ?? COMPONENTS;
  const paid = emptyClaim();
  let left = cash;
  for (const part of order) {
    const amount = left < claim[part] ? left : claim[part];
    paid[part] = amount;
    claim[part] -= amount;
    left -= amount;
  }
  memory.interestPaid[classId] = (memory.interestPaid[classId] ?? 0n) + cash - left;
  return paid;
}
