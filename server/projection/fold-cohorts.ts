/**
 * A pool folded by age. Every speed and default rate depends on the month and on a loan's age alone,
 * so loans of one age keep one common surviving share, and what they are scheduled to pay adds up.
 * Folding costs one pass over each loan's months, once; a scenario then costs ages x months, and its
 * totals are those of the loans one by one.
 */
import { amortiseLoan } from "./amortise-loan.ts";
import type { Pool } from "./pool.ts";

export interface Cohorts {
  count: number;
  /** Months to the last payment of the longest loan. */
  months: number;
  /** Age at the cut-off, by cohort. */
  ages: Uint16Array;
  /** Scheduled balance in cents at cohort * (months + 1) + months elapsed; entry 0 is the cut-off. */
  balances: Float64Array;
  /** Scheduled interest of the month before that point, cents. */
  interest: Float64Array;
  /** Loans that still have a scheduled balance at that point. */
  loans: Float64Array;
  openingCents: number;
}

/** A float array that threads may share. */
function sharedArray(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}

/** Loans of a row: as the file says, else its share of the deal's count by balance. */
function loansOf(pool: Pool, row: number, dealLoans: number): number {
  if (pool.loans !== null) return pool.loans[row] ?? 0;
  if (pool.size === dealLoans) return 1;
  return pool.totalCents === 0 ? 0 : (dealLoans * (pool.balances[row] ?? 0)) / pool.totalCents;
}

/** @param dealLoans the deal's loans at the cut-off, for pools whose rows do not state theirs */
export function foldCohorts(pool: Pool, dealLoans: number): Cohorts {
  const months = pool.remaining.reduce((most, each) => Math.max(most, each), 1);
  const ages = Uint16Array.from(new Set(pool.ages)).toSorted();
  const cohortOf = new Map([...ages].map((age, cohort) => [age, cohort]));
  const stride = months + 1;
  const cohorts: Cohorts = {
    count: ages.length,
    months,
    ages,
    balances: sharedArray(ages.length * stride),
    interest: sharedArray(ages.length * stride),
    loans: sharedArray(ages.length * stride),
    openingCents: pool.totalCents,
  };
  const schedule = { closing: new Float64Array(months), interest: new Float64Array(months) };
  for (let row = 0; row < pool.size; row += 1) {
    const first = (cohortOf.get(pool.ages[row] ?? 0) ?? 0) * stride;
    const remaining = pool.remaining[row] ?? 1;
    const balance = pool.balances[row] ?? 0;
    amortiseLoan(
      {
        balance,
        monthlyRate: pool.monthlyRates[row] ?? 0,
        remaining,
        amortisation: pool.amortisations[row] ?? remaining,
        interestOnly: pool.interestOnly[row] ?? 0,
      },
      schedule,
    );
    addSchedule(cohorts, first, {
      balance,
      remaining,
      schedule,
      loans: loansOf(pool, row, dealLoans),
    });
  }
  return cohorts;
}

interface ScheduledRow {
  balance: number;
  remaining: number;
  schedule: { closing: Float64Array; interest: Float64Array };
  loans: number;
}

function addSchedule(cohorts: Cohorts, first: number, row: ScheduledRow): void {
  const { balances, interest, loans } = cohorts;
  const { closing, interest: due } = row.schedule;
  balances[first] = (balances[first] ?? 0) + row.balance;
  loans[first] = (loans[first] ?? 0) + row.loans;
  for (let month = 1; month <= row.remaining; month += 1) {
    const at = first + month;
    balances[at] = (balances[at] ?? 0) + (closing[month - 1] ?? 0);
    interest[at] = (interest[at] ?? 0) + (due[month - 1] ?? 0);
    if (month < row.remaining) loans[at] = (loans[at] ?? 0) + row.loans;
  }
}
