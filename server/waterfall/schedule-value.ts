import type { ScheduleTerms } from "../deals/deal-terms.ts";

const PERIODS_A_YEAR = 12n;

/**
 * A schedule's value in a period: of the last row that has begun, its value and the increment per
 * twelve periods since, rounded toward minus infinity; before the first row, that row's value.
 */
export function scheduleValue(schedule: ScheduleTerms | undefined, period: number): bigint {
  const rows = schedule?.rows ?? [];
  const row = rows.findLast(({ period: from }) => from <= period);
  if (row === undefined) return rows[0]?.value ?? 0n;
  const grown = row.increment * BigInt(period - row.period);
  const years = grown / PERIODS_A_YEAR;
  const rest = grown < 0n && years * PERIODS_A_YEAR !== grown ? 1n : 0n;
  return row.value + years - rest;
}
