/** In which unit the rates of a column are, from how they lie. */
import type { RateUnit } from "../formats/tape-format.ts";
import { medianOf } from "./profile-column.ts";
import type { ColumnProfile } from "./profile-column.ts";

export interface UnitProposal {
  unit: RateUnit;
  /** 0 to 1. */
  confidence: number;
  reason: string;
}

interface Band {
  /** The median is at least this. */
  from: number;
  unit: RateUnit;
  confidence: number;
}

/** Yearly rates of loans are 1 % to 36 %; a median between two bands is as likely the one as the other. */
const INTEREST: readonly Band[] = [
  { from: 100, unit: "basis points", confidence: 0.9 },
  { from: 1, unit: "percent", confidence: 0.95 },
  { from: 0.4, unit: "percent", confidence: 0.6 },
  { from: 0.03, unit: "fraction", confidence: 0.95 },
  { from: 0.01, unit: "fraction", confidence: 0.7 },
  { from: 0, unit: "fraction a month", confidence: 0.6 },
];

/** Servicing fees are 0.05 % to 3 % a year. */
const FEES: readonly Band[] = [
  { from: 5, unit: "basis points", confidence: 0.85 },
  { from: 0.05, unit: "percent", confidence: 0.8 },
  { from: 0.0015, unit: "fraction", confidence: 0.85 },
  { from: 0, unit: "fraction a month", confidence: 0.7 },
];

/** @returns null when no rate is above 0 */
export function proposeUnit(
  field: "interestRate" | "servicingFeeRate",
  profile: ColumnProfile,
): UnitProposal | null {
  const median = medianOf(profile.numbers.filter((value) => value > 0));
  if (median === null) return null;
  const bands = field === "interestRate" ? INTEREST : FEES;
  const band = bands.find(({ from }) => median >= from);
  if (band === undefined) return null;
  const isMonthly = /month/i.test(profile.name);
  const told = `the median is ${Number(median.toPrecision(4))}`;
  if (profile.percentSigns > 0.5) {
    return { unit: "percent", confidence: 1, reason: `${told}, with a percent sign` };
  }
  if (!isMonthly) return { unit: band.unit, confidence: band.confidence, reason: told };
  const unit = median >= 0.1 ? "percent a month" : "fraction a month";
  return { unit, confidence: 0.8, reason: `${told}, and the name says month` };
}
