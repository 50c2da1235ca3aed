import { normaliseName } from "../reading/column-names.ts";

/** The share of these names that one of the first rows has, in the row that has most of them. */
export function shareOfNames(
  rows: readonly (readonly string[])[],
  names: readonly string[],
): number {
  const wanted = new Set(names.map(normaliseName));
  let most = 0;
  for (const row of rows) {
    const found = new Set(row.map(normaliseName).filter((name) => wanted.has(name)));
    most = Math.max(most, found.size);
  }
  return wanted.size === 0 ? 0 : most / wanted.size;
}
