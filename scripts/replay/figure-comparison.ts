/** What a figure can prove about an engine; counted by `npm run conformance`. */
export const FEATURES = [
  "first period",
  "hand-over",
  "funds exhausted",
  "draw",
  "deposit",
  "release",
  "shortfall",
  "cap",
  "trigger",
  "loss",
  "write-up",
  "capitalised",
  "floating coupon",
  "call",
] as const;
export type Feature = (typeof FEATURES)[number];

/** Features that a file declares, with the keys of the figures that exercise them. */
export type DeclaredFeatures = Map<Feature, readonly string[] | "all">;

/** One figure that somebody published beside the one that was computed. */
export interface FigureComparison {
  /** Number of the period, or what stands in its place: a date, a column. */
  period: string;
  /** What it is the figure of, e.g. `paid.regularPrincipal`. */
  key: string;
  expected: string;
  got: string;
  equal: boolean;
  features: readonly Feature[];
  /** The figure was not published but derived, as this says. */
  basis?: string;
  /** The published figure cannot be right, and why. */
  contradiction?: string;
}

/** A difference as one line: period, key, expected, got. */
export function formatDifference(comparison: FigureComparison): string {
  const { period, key, expected, got, contradiction } = comparison;
  const line = `${period} ${key} ${expected} ${got}`;
  return contradiction === undefined
    ? line
    : `${line}  (published figure contradicts itself: ${contradiction})`;
}
