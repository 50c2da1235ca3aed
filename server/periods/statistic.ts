/** One figure of a closed period's pool: its name, its unit, its meaning, and where it is read. */
import type { PoolStatistics } from "./pool-statistics.ts";

/** money in cents, count as it is; the others times 1e18: a rate (1 = 100 %), months, points, a factor. */
export type StatisticUnit = "money" | "count" | "percent" | "months" | "points" | "factor";

export interface Statistic {
  name: string;
  unit: StatisticUnit;
  definition: string;
  formula: string;
  /** Of the formula sheet, section 2 of the securitisation reference. */
  section: string;
  /** The value as an integer of its unit; null where it has none. */
  read(statistics: PoolStatistics): bigint | null;
}

export type Entry = Omit<Statistic, "name" | "unit" | "section">;

/** Statistics of one section and unit, by name. */
export function define(
  section: string,
  unit: StatisticUnit,
  entries: Readonly<Record<string, Entry>>,
): Statistic[] {
  return Object.entries(entries).map(([name, entry]) => ({ name, unit, section, ...entry }));
}

export const entry = (definition: string, formula: string, read: Statistic["read"]): Entry => ({
  definition,
  formula,
  read,
});
