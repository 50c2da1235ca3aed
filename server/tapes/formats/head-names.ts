/** Names as columns are compared by: trimmed, without case, inner blanks as one. */
export function plainName(name: string): string {
  return name.trim().replace(/\s+/g, " ").toLowerCase();
}

/** The share of these names that one of the first rows has, in the row that has most of them. */
export function shareOfNames(
  rows: readonly (readonly string[])[],
  names: readonly string[],
): number {
  const wanted = new Set(names.map(plainName));
  let most = 0;
  for (const row of rows) {
    const found = new Set(row.map(plainName).filter((name) => wanted.has(name)));
    most = Math.max(most, found.size);
  }
  return wanted.size === 0 ? 0 : most / wanted.size;
}
