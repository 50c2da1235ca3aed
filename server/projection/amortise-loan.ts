/** Scheduled amortisation of one loan or repline: level pay, with interest-only months and balloon. */

export interface AmortisingLoan {
  balance: number;
  /** Rate of one month: APR / 12, a fraction. */
  monthlyRate: number;
  /** Months to the last payment, at least 1. */
  remaining: number;
  /** Months that the level payment is computed over; the rest falls due with the last payment. */
  amortisation: number;
  /** Months from now that pay interest alone. */
  interestOnly: number;
}

/** A schedule, month by month; entry 0 is the first month. Longer arrays are left as they are. */
export interface Schedule {
  /** Balance after the month. */
  closing: Float64Array;
  interest: Float64Array;
}

/** How amounts are rounded; a projection keeps them exact. */
export type RoundMoney = (amount: number) => number;
const exact: RoundMoney = (amount) => amount;

/** The level payment that repays a balance over a number of months. */
export function levelPayment(balance: number, monthlyRate: number, months: number): number {
  if (monthlyRate === 0) return balance / months;
  return (balance * monthlyRate) / -Math.expm1(-months * Math.log1p(monthlyRate));
}

/** Writes the first `remaining` months of the loan's schedule into `schedule`; the last closes at 0. */
export function amortiseLoan(
  loan: AmortisingLoan,
  schedule: Schedule,
  round: RoundMoney = exact,
): void {
  const { monthlyRate, remaining, interestOnly } = loan;
  const months = Math.max(1, loan.amortisation - interestOnly);
  const payment = round(levelPayment(loan.balance, monthlyRate, months));
  let balance = loan.balance;
  for (let month = 0; month < remaining; month += 1) {
    const interest = round(balance * monthlyRate);
    const due = month < interestOnly ? 0 : Math.max(0, payment - interest);
    const principal = month === remaining - 1 ? balance : Math.min(balance, due);
    balance -= principal;
    schedule.interest[month] = interest;
    schedule.closing[month] = balance;
  }
}
