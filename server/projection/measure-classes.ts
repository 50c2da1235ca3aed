/** What a structurer reads of a projection, class by class. */
import { type EpochDay, SECONDS_PER_DAY } from "../lib/dates.ts";
import { dayCountNumerator } from "../lib/day-counts.ts";
import type { ProjectedDeal, Projection } from "./project-deal.ts";

export interface ClassMeasures {
  name: string;
  faceCents: bigint;
  interestPaid: bigint;
  principalPaid: bigint;
  /** Balance left at the end, and what was written down and never written up. */
  principalLoss: bigint;
  /** Interest that fell due and was never paid. */
  interestLoss: bigint;
  /** Weighted average life in 30/360 years from closing; null when no principal is paid. */
  walYears: number | null;
  /** The same over the original balance, as prospectuses state it. */
  walOfFaceYears: number | null;
  /** Periods of the first and last payment of principal; null without one. */
  firstPrincipal: number | null;
  lastPrincipal: number | null;
  /** Period of the last payment of any kind. */
  lastPayment: number | null;
}

/** 30/360 days from closing to each payment date as scheduled. */
function lifeDays({ terms, scheduledDays }: ProjectedDeal): number[] {
  const closing: EpochDay = Math.floor(terms.closingTime / SECONDS_PER_DAY);
  return scheduledDays.map((end) => dayCountNumerator("30/360", { start: closing, end }));
}

/**
 * Measures every class. WAL = sum of t * principal / sum of principal, t in 30/360 years from closing
 * to the payment date as scheduled: the prospectus form divides by the original balance instead.
 */
export function measureClasses(deal: ProjectedDeal, projection: Projection): ClassMeasures[] {
  const days = lifeDays(deal);
  const stride = deal.terms.calendar.length;
  const { classes, periods } = projection;
  return deal.terms.classes.map(({ name, faceCents }, i) => {
    const measures: ClassMeasures = {
      name,
      faceCents,
      interestPaid: 0n,
      principalPaid: 0n,
      principalLoss: faceCents,
      interestLoss: 0n,
      walYears: null,
      walOfFaceYears: null,
      firstPrincipal: null,
      lastPrincipal: null,
      lastPayment: null,
    };
    let weighted = 0n;
    for (let period = 1; period <= periods; period += 1) {
      const at = i * stride + period - 1;
      const principal = classes.principalPaid[at] ?? 0n;
      const interest = classes.interestPaid[at] ?? 0n;
      measures.interestPaid += interest;
      if (principal > 0n) {
        measures.principalPaid += principal;
        measures.firstPrincipal ??= period;
        measures.lastPrincipal = period;
        weighted += principal * BigInt(days[period - 1] ?? 0);
      }
      if (principal > 0n || interest > 0n) measures.lastPayment = period;
    }
    const last = i * stride + periods - 1;
    measures.principalLoss = (classes.balance[last] ?? 0n) + (classes.written[last] ?? 0n);
    measures.interestLoss = classes.unpaidInterest[last] ?? 0n;
    measures.walYears = years(weighted, measures.principalPaid);
    measures.walOfFaceYears = measures.walYears === null ? null : years(weighted, faceCents);
    return measures;
  });
}

/** Cent-days over cents -> years of 360 days, to six decimals. */
function years(weighted: bigint, cents: bigint): number | null {
  if (cents === 0n) return null;
  return Number((weighted * 1_000_000n) / (cents * 360n)) / 1e6;
}

/** Balance of a class after a period, in hundredths of a per cent of its face, half up. */
export function decrement(faceCents: bigint, balance: bigint): number {
  return Number((2n * balance * 10_000n + faceCents) / (2n * faceCents));
}
