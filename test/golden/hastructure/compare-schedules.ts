/**
 * The vectors of the collateral's mathematics, by the functions of the projection. The source floors
 * a loan's periodic rate to six decimals and every amount to the cent, so the schedules are run with
 * that rounding.
 */
import type { FigureComparison } from "../../../scripts/replay/figure-comparison.ts";
import { parseDate } from "../../../server/lib/dates.ts";
import { amortiseLoan, levelPayment } from "../../../server/projection/amortise-loan.ts";
import { smmFromCpr } from "../../../server/projection/prepayment-speeds.ts";
import { compareFigure, vectorOf } from "./read-vectors.ts";

/** Down to the cent; a float a hair below a whole cent is that cent. */
const toCent = (amount: number): number => Math.floor(amount * 100 + 1e-6) / 100;
const money = (amount: number | string): string => Number(amount).toFixed(2);
const monthlyRate = (annual: string): number => Math.floor((Number(annual) / 12) * 1e6) / 1e6;

/** A row as a vector states it, with the figures that it has. */
type StatedRow = Readonly<Record<string, string>>;

interface StatedLoan {
  balance: string;
  rate: string;
}

interface Row {
  balance: number;
  principal: number;
  interest: number;
}

/** The months of a level-pay loan. */
function monthsOf(
  balance: number,
  rate: number,
  terms: { remaining: number; amortisation?: number; interestOnly?: number },
): Row[] {
  const { remaining, amortisation = remaining, interestOnly = 0 } = terms;
  const schedule = {
    closing: new Float64Array(remaining),
    interest: new Float64Array(remaining),
  };
  const loan = { balance, monthlyRate: rate, remaining, amortisation, interestOnly };
  amortiseLoan(loan, schedule, toCent);
  return Array.from(schedule.closing, (closing, month) => ({
    balance: closing,
    principal: (month === 0 ? balance : (schedule.closing[month - 1] ?? 0)) - closing,
    interest: schedule.interest[month] ?? 0,
  }));
}

/** The amounts that a vector states of a row, under their names there. */
function compareRow(
  id: string,
  name: string,
  { expected, row }: { expected: StatedRow; row: Row | undefined },
): FigureComparison[] {
  return Object.entries(expected)
    .filter(([key]) => key !== "date")
    .map(([key, value]) =>
      compareFigure(id, `${name}.${key}`, {
        expected: money(value),
        got: money(row?.[key as keyof Row] ?? Number.NaN),
      }),
    );
}

interface PaymentInputs {
  balance: string;
  periodicRate: string;
  periods: number;
}

function comparePayments(): FigureComparison[] {
  return ["HA-U34", "HA-U35"].map((id) => {
    const { inputs, expected } = vectorOf<PaymentInputs, { payment: string }>(id);
    const payment = levelPayment(+inputs.balance, +inputs.periodicRate, inputs.periods);
    return compareFigure(id, "payment", {
      expected: expected.payment,
      got: money(toCent(payment)),
    });
  });
}

function compareBalloon(): FigureComparison[] {
  const { id, inputs, expected } = vectorOf<
    StatedLoan & { remainingPeriods: number; amortisationTerm: number },
    { second: StatedRow; last: StatedRow }
  >("HA-U37");
  const months = monthsOf(+inputs.balance, monthlyRate(inputs.rate), {
    remaining: inputs.remainingPeriods,
    amortisation: inputs.amortisationTerm,
  });
  return [
    ...compareRow(id, "second", { expected: expected.second, row: months[1] }),
    ...compareRow(id, "last", { expected: expected.last, row: months.at(-1) }),
  ];
}

function compareInterestOnly(): FigureComparison[] {
  const bullet = vectorOf<StatedLoan & { remainingPeriods: number }, { rows: string[][] }>(
    "HA-U38",
  );
  const { balance, rate, remainingPeriods } = bullet.inputs;
  const months = monthsOf(+balance, monthlyRate(rate), {
    remaining: remainingPeriods,
    interestOnly: remainingPeriods,
  });
  const bulletRows = bullet.expected.rows.flatMap((row, i) => {
    const [, closing = "", principal = "", interest = ""] = row;
    const expected = { balance: closing, principal, interest };
    return compareRow(bullet.id, `row${i + 1}`, { expected, row: months[i] });
  });
  const level = vectorOf<
    StatedLoan & { periods: number; ioPeriods: number },
    { row1: StatedRow; row4: StatedRow }
  >("HA-U40");
  const rows = monthsOf(+level.inputs.balance, monthlyRate(level.inputs.rate), {
    remaining: level.inputs.periods,
    interestOnly: level.inputs.ioPeriods,
  });
  return [
    ...bulletRows,
    ...compareRow(level.id, "row1", { expected: level.expected.row1, row: rows[0] }),
    ...compareRow(level.id, "row4", { expected: level.expected.row4, row: rows[3] }),
  ];
}

/** HA-U47: the source takes prepayments by actual days first, then the month of what is left. */
function comparePrepayment(): FigureComparison[] {
  const { id, inputs, expected } = vectorOf<
    StatedLoan & { periods: number; start: string; cpr: string },
    { row1: StatedRow; row4: StatedRow }
  >("HA-U47");
  const dates = [inputs.start, "2021-02-01", "2021-03-01", "2021-04-01", "2021-05-01"].map(
    parseDate,
  );
  let balance = +inputs.balance;
  let cumPrincipal = 0;
  let cumPrepayment = 0;
  const rows = dates.slice(1).map((date, month) => {
    const years = (date - (dates[month] ?? 0)) / 365;
    const prepayment = toCent(balance * smmFromCpr(+inputs.cpr, years));
    const remaining = inputs.periods - month;
    const [row] = monthsOf(balance - prepayment, monthlyRate(inputs.rate), { remaining });
    if (row === undefined) throw new Error("a loan has at least one month");
    balance = row.balance;
    cumPrincipal += row.principal;
    cumPrepayment += prepayment;
    return { ...row, prepayment, cumPrincipal, cumPrepayment };
  });
  return [
    ...compareRow(id, "row1", { expected: expected.row1, row: rows[0] }),
    ...compareRow(id, "row4", { expected: expected.row4, row: rows[3] }),
  ];
}

/** HA-U70, within the 1e-12 that the vector states. */
function compareSurvivors(): FigureComparison[] {
  const { id, inputs, expected } = vectorOf<
    { from_: string; dates: string[]; annualRate: string },
    { factors: string[] }
  >("HA-U70");
  const from = parseDate(inputs.from_);
  return inputs.dates.map((date, i) => {
    const years = (parseDate(date) - from) / 365;
    const got = 1 - smmFromCpr(+inputs.annualRate, years);
    const wanted = expected.factors[i] ?? "none";
    const equal = Math.abs(got - Number(wanted)) <= 1e-12;
    return { period: id, key: date, expected: wanted, got: String(got), equal, features: [] };
  });
}

/** What the pools behind HA-W01, HA-U78 and HA-U79 pay. */
function comparePools(): FigureComparison[] {
  const pool = monthsOf(2200, monthlyRate("0.08"), { remaining: 30 });
  const { inputs, expected } = vectorOf<StatedLoan & { term: number }, { balances: StatedRow }>(
    "HA-U78",
  );
  const loan = monthsOf(+inputs.balance, monthlyRate(inputs.rate), { remaining: inputs.term });
  const sum = (rows: readonly Row[]) => money(rows.reduce((all, row) => all + row.principal, 0));
  const deal = vectorOf<unknown, { totalPoolPrincipal: string; poolPeriods: number }>(
    "HA-U79",
  ).expected;
  const balance = (date: string, got: number) =>
    compareFigure("HA-U78", date, {
      expected: money(expected.balances[date] ?? Number.NaN),
      got: money(got),
    });
  return [
    compareFigure("HA-W01", "totalPoolPrincipalOverLife", {
      expected: vectorOf<unknown, { totalPoolPrincipalOverLife: string }>("HA-W01").expected
        .totalPoolPrincipalOverLife,
      got: sum(pool),
    }),
    balance("2022-01-01", +inputs.balance),
    balance("2022-01-31", +inputs.balance),
    balance("2022-02-28", loan[0]?.balance ?? Number.NaN),
    balance("2027-01-31", loan.at(-1)?.balance ?? Number.NaN),
    compareFigure("HA-U79", "totalPoolPrincipal", {
      expected: money(deal.totalPoolPrincipal),
      got: sum(loan),
    }),
    compareFigure("HA-U79", "poolPeriods", {
      expected: String(deal.poolPeriods),
      got: String(loan.length),
    }),
  ];
}

export function compareSchedules(): FigureComparison[] {
  return [
    ...comparePayments(),
    ...compareBalloon(),
    ...compareInterestOnly(),
    ...comparePrepayment(),
    ...compareSurvivors(),
    ...comparePools(),
  ];
}
