/** HA-D01 to HA-D04: one year fraction under eleven conventions. */
import type { FigureComparison } from "../../../scripts/replay/figure-comparison.ts";
import {
  type DayCount,
  DAY_COUNT_DENOMINATORS,
  dayCountNumerator,
} from "../../../server/lib/day-counts.ts";
import { parseDate } from "../../../server/lib/dates.ts";
import { vectorOf } from "./read-vectors.ts";

/** The vectors' names for the conventions, and the market's. */
const CONVENTIONS: Readonly<Record<string, DayCount>> = {
  ACT_ACT_ISDA: "ACT/ACT ISDA",
  ACT_365F: "ACT/365F",
  ACT_360: "ACT/360",
  ACT_365A: "ACT/365A",
  ACT_365L: "ACT/365L",
  NL_365: "NL/365",
  "30_360_ISDA": "30/360",
  "30E_360": "30E/360",
  "30Ep_360": "30E+/360",
  "30_360_German": "30E/360 ISDA",
  "30_360_US": "30/360 US",
};

/** "4/365+58/366" as a numerator over a denominator of which 365, 366 and 360 are divisors. */
function numeratorOver(fraction: string, denominator: number): number {
  const terms = fraction.split("+").map((term) => term.split("/").map(Number));
  return terms.reduce((sum, [days = 0, year = 1]) => sum + (days * denominator) / year, 0);
}

/** Every convention of one vector. */
function compareVector(id: string): FigureComparison[] {
  const { inputs, expected } = vectorOf<{ start: string; end: string }, Record<string, string>>(id);
  const period = { start: parseDate(inputs.start), end: parseDate(inputs.end) };
  return Object.entries(expected).map(([name, fraction]) => {
    const convention = CONVENTIONS[name];
    if (convention === undefined) throw new Error(`${id}: ${name} is no convention known here`);
    const denominator = DAY_COUNT_DENOMINATORS[convention];
    const numerator = dayCountNumerator(convention, period);
    const equal = numerator === numeratorOver(fraction, denominator);
    const got = equal ? fraction : `${numerator}/${denominator}`;
    return { period: id, key: convention, expected: fraction, got, equal, features: [] };
  });
}

export function compareDayCounts(): FigureComparison[] {
  return ["HA-D01", "HA-D02", "HA-D03", "HA-D04"].flatMap(compareVector);
}
