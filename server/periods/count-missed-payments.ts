/**
 * Payments that a loan has missed at the end of a month by the two methods of the mortgage market
 * (securitisation 2.3). The oldest unpaid payment fell due as many days before the month's end as the
 * loan is past due. MBA: a payment is missed at the end of the day before the next one falls due.
 * OTS: it is missed only when the next due date has passed unpaid, for a payment due on the first
 * of a month one month later.
 */
import { addMonths, monthOf } from "../lib/dates.ts";
import type { EpochDay } from "../lib/dates.ts";

export interface MissedPayments {
  mba: number;
  ots: number;
}

/** @param daysPastDue in days of the calendar; 0 and less: nothing is missed */
export function countMissedPayments(daysPastDue: number, monthEnd: EpochDay): MissedPayments {
  if (daysPastDue <= 0) return { mba: 0, ots: 0 };
  const due = monthEnd - daysPastDue;
  return { mba: fullMonths(due, monthEnd + 1), ots: fullMonths(due, monthEnd) };
}

/** For tapes that count in steps of a month: so many payments by MBA, and one less by OTS. */
export function missedSteps(steps: number): MissedPayments {
  return { mba: Math.max(0, steps), ots: Math.max(0, steps - 1) };
}

/** The most months that can be added to a day without passing another. */
function fullMonths(from: EpochDay, to: EpochDay): number {
  const months = monthOf(to) - monthOf(from);
  return addMonths(from, months) <= to ? months : months - 1;
}
