/** One thing that two books say differently. Values are printed as each book has them. */
export interface Difference {
  /** What was compared, in words of the deal: "A balance", "step 3 paid". */
  item: string;
  /** The value by book, e.g. {chain: "123.45", engine: "123.46"}. */
  books: Record<string, string>;
}

/** Collects comparisons: how many were made, and which did not agree. */
export interface Comparison {
  compared: number;
  differences: Difference[];
}

/** An empty comparison. */
export function newComparison(): Comparison {
  return { compared: 0, differences: [] };
}

type Value = bigint | number | string | boolean | null | undefined;

/**
 * Compares one item across two or more books by its printed value; a book that has nothing says
 * "none", so that an absent value never agrees with a present one.
 */
export function compareBooks(
  comparison: Comparison,
  item: string,
  books: Record<string, Value>,
): void {
  const printed = Object.entries(books).map(
    ([book, value]) =>
      [book, value === null || value === undefined ? "none" : String(value)] as const,
  );
  comparison.compared += 1;
  if (new Set(printed.map(([, value]) => value)).size > 1) {
    comparison.differences.push({ item, books: Object.fromEntries(printed) });
  }
}
