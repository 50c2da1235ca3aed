import { countNames, normaliseNames } from "../framing/search-header.ts";

/** The share of these names that one of the first rows has, in the row that has most of them. */
export function shareOfNames(
  rows: readonly (readonly string[])[],
  names: readonly string[],
): number {
  const wanted = normaliseNames(names);
  const most = Math.max(0, ...rows.map((row) => countNames(row, wanted)));
  return wanted.size === 0 ? 0 : most / wanted.size;
}
