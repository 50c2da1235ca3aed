/** Pools and assumptions at random, and a projection of one loan after the other to compare with. */
import fc from "fast-check";
import { amortiseLoan } from "../../../server/projection/amortise-loan.ts";
import type { Assumptions } from "../../../server/projection/assumptions.ts";
import { valueAt } from "../../../server/projection/assumptions.ts";
import { cdrFromSda } from "../../../server/projection/default-rates.ts";
import type { Pool } from "../../../server/projection/pool.ts";
import { cprFromPsa, smmFromAbs } from "../../../server/projection/prepayment-speeds.ts";

const share = (max: number) => fc.double({ min: 0, max, noNaN: true });
const vector = (max: number) => fc.array(share(max), { minLength: 1, maxLength: 8 });

export interface RandomLoan {
  cents: number;
  monthlyRate: number;
  remaining: number;
  age: number;
  amortisation: number;
  interestOnly: number;
}

const loan = fc.record({
  cents: fc.integer({ min: 0, max: 10_000_000 }),
  monthlyRate: share(0.02),
  remaining: fc.integer({ min: 1, max: 40 }),
  age: fc.integer({ min: 0, max: 6 }).map((age) => 12 * age),
  amortisation: fc.integer({ min: 1, max: 60 }),
  interestOnly: fc.integer({ min: 0, max: 20 }),
});
export const randomLoans = fc.array(
  loan.map((each) => ({ ...each, amortisation: Math.max(each.amortisation, each.remaining) })),
  { minLength: 1, maxLength: 12 },
);

export const randomAssumptions: fc.Arbitrary<Assumptions> = fc.record({
  prepayment: fc.oneof(
    fc.record({ speed: fc.constantFrom("smm" as const), values: vector(0.3) }),
    fc.record({ speed: fc.constantFrom("cpr" as const), values: vector(1) }),
    fc.record({ speed: fc.constantFrom("psa" as const), values: vector(8) }),
    fc.record({ speed: fc.constantFrom("abs" as const), values: vector(0.03) }),
  ),
  defaults: fc.oneof(
    fc.record({ rate: fc.constantFrom("mdr" as const), values: vector(0.2) }),
    fc.record({ rate: fc.constantFrom("cdr" as const), values: vector(1) }),
    fc.record({ rate: fc.constantFrom("sda" as const), values: vector(20) }),
  ),
  severity: vector(1),
  liquidationLagMonths: fc.integer({ min: 0, max: 6 }),
  recoveryLagMonths: fc.integer({ min: 0, max: 6 }),
  delinquency: vector(1),
  delinquencyLagMonths: fc.integer({ min: 0, max: 4 }),
  servicerAdvances: fc.boolean(),
});

export function poolOf(loans: readonly RandomLoan[]): Pool {
  return {
    size: loans.length,
    balances: Float64Array.from(loans, ({ cents }) => cents),
    monthlyRates: Float64Array.from(loans, ({ monthlyRate }) => monthlyRate),
    remaining: Uint16Array.from(loans, ({ remaining }) => remaining),
    ages: Uint16Array.from(loans, ({ age }) => age),
    amortisations: Uint16Array.from(loans, ({ amortisation }) => amortisation),
    interestOnly: Uint16Array.from(loans, ({ interestOnly }) => interestOnly),
    loans: Float64Array.from(loans, () => 1),
    totalCents: loans.reduce((sum, { cents }) => sum + cents, 0),
  };
}

function rates(assumptions: Assumptions, month: number, age: number) {
  const { prepayment, defaults } = assumptions;
  const speed = valueAt(prepayment.values, month);
  const rate = valueAt(defaults.values, month);
  const yearly = (annual: number) => 1 - (1 - annual) ** (1 / 12);
  const smm = {
    smm: speed,
    cpr: yearly(speed),
    psa: yearly(cprFromPsa(speed, age)),
    abs: smmFromAbs(speed, age),
  }[prepayment.speed];
  const mdr = { mdr: rate, cdr: yearly(rate), sda: yearly(cdrFromSda(rate, age)) }[defaults.rate];
  return { mdr, smm: Math.min(smm, 1 - mdr) };
}

/** Performing balance, scheduled principal, prepayments, defaults and interest of loans one by one. */
export function projectOneByOne(loans: readonly RandomLoan[], assumptions: Assumptions) {
  const months = Math.max(...loans.map(({ remaining }) => remaining));
  const total = () => Array.from({ length: months }, () => 0);
  const sums = {
    performing: total(),
    scheduled: total(),
    prepaid: total(),
    defaulted: total(),
    interest: total(),
  };
  for (const each of loans) {
    const schedule = {
      closing: new Float64Array(each.remaining),
      interest: new Float64Array(each.remaining),
    };
    amortiseLoan({ ...each, balance: each.cents }, schedule);
    let balance = each.cents;
    for (let month = 0; month < each.remaining; month += 1) {
      const before = month === 0 ? each.cents : (schedule.closing[month - 1] ?? 0);
      const after = schedule.closing[month] ?? 0;
      const { mdr, smm } = rates(assumptions, month, each.age + month + 1);
      const kept = before === 0 ? 0 : after / before;
      const defaulted = balance * mdr;
      const scheduled = (balance - defaulted) * (1 - kept);
      const prepaid = balance * kept * smm;
      const interest =
        before === 0 ? 0 : ((balance - defaulted) / before) * (schedule.interest[month] ?? 0);
      balance -= defaulted + scheduled + prepaid;
      sums.performing[month]! += balance;
      sums.scheduled[month]! += scheduled;
      sums.prepaid[month]! += prepaid;
      sums.defaulted[month]! += defaulted;
      sums.interest[month]! += interest;
    }
  }
  return sums;
}
