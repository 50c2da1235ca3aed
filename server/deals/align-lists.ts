/** One entry of the first list, of the second, or of both when they are the same. */
export interface Alignment<T> {
  before: T | null;
  after: T | null;
}

/** Lengths of the longest common subsequences of what follows each pair of positions. */
function commonLengths<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean) {
  const lengths = Array.from({ length: a.length + 1 }, () =>
    Array.from({ length: b.length + 1 }, () => 0),
  );
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const [row, next] = [lengths[i] ?? [], lengths[i + 1] ?? []];
      row[j] = same(a[i] as T, b[j] as T)
        ? 1 + (next[j + 1] ?? 0)
        : Math.max(next[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

/** Aligns two lists by their longest common subsequence; what is only in one stands alone, the first's before the second's. */
export function alignLists<T>(
  a: readonly T[],
  b: readonly T[],
  same: (x: T, y: T) => boolean,
): Alignment<T>[] {
  const lengths = commonLengths(a, b, same);
  const aligned: Alignment<T>[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [before, after] = [a[i] ?? null, b[j] ?? null];
    if (before !== null && after !== null && same(before, after)) {
      aligned.push({ before, after });
      i += 1;
      j += 1;
    } else if (before !== null && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) {
      aligned.push({ before, after: null });
      i += 1;
    } else if (after !== null) {
      aligned.push({ before: null, after });
      j += 1;
    } else {
      aligned.push({ before, after: null });
      i += 1;
    }
  }
  return aligned;
}
