/** Values of a row as a finding shows them. */
import { formatDate, formatMonth } from "../../lib/dates.ts";
import { formatCents } from "../../lib/money.ts";

export const centsText = (cents: number): string => formatCents(BigInt(cents));
export const dayText = (day: number): string => formatDate(day);
export const monthText = (month: number): string => formatMonth(month);
