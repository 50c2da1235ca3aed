/** What a sender says that its tape adds up to, against what was read. */
import { problem } from "../errors.ts";
import { formatCents, parseDecimal } from "../lib/money.ts";
import { CANONICAL_FIELDS } from "./canonical-fields.ts";
import type { CanonicalField } from "./canonical-fields.ts";
import type { ControlTotals } from "./reading/read-totals.ts";
import type { FoundProblem } from "./tape-problem.ts";

const COUNTS = ["rows", "terminated", "delinquent"] as const;
const SUMS = (Object.keys(CANONICAL_FIELDS) as CanonicalField[]).filter(
  (field) => CANONICAL_FIELDS[field] === "money",
);
type TotalName = (typeof COUNTS)[number] | CanonicalField;
const NAMES: readonly TotalName[] = [...COUNTS, ...SUMS];

/** By name: a whole number for a count, cents for the sum of a field. */
export type GivenTotals = Partial<Record<TotalName, bigint>>;

/**
 * @param text JSON of name -> decimal text or number; nothing when not given
 * @throws Problem control-totals-invalid
 */
export function parseControlTotals(text: string | undefined): GivenTotals {
  if (text === undefined || text === "") return {};
  try {
    const given: unknown = JSON.parse(text);
    if (typeof given !== "object" || given === null || Array.isArray(given)) throw new TypeError();
    return Object.fromEntries(
      Object.entries(given).map(([name, value]) => parseTotal(name, value)),
    );
  } catch {
    throw problem("control-totals-invalid", { names: NAMES.join(", ") });
  }
}

/** Amounts only as text: a number of JSON has passed through a float. */
function parseTotal(name: string, value: unknown): [string, bigint] {
  const places = COUNTS.some((count) => count === name) ? 0 : 2;
  const isText = typeof value === "string" || (places === 0 && typeof value === "number");
  if (!NAMES.some((known) => known === name) || !isText) throw new TypeError();
  return [name, parseDecimal(String(value), places)];
}

/** Every given total that the tape does not have. */
export function validateControlTotals(given: GivenTotals, read: ControlTotals): FoundProblem[] {
  return NAMES.flatMap((name) => {
    const expected = given[name];
    const found = totalOf(read, name);
    if (expected === undefined || expected === found) return [];
    const isCount = COUNTS.some((count) => count === name);
    const text = (value: bigint): string => (isCount ? String(value) : formatCents(value));
    return [
      {
        ...{ line: 0, column: null, loanId: null, field: name, code: "control-total" as const },
        value: text(found),
        expected: `${text(expected)}, the control total given with the tape`,
      },
    ];
  });
}

/** A field that no row states adds up to 0. */
function totalOf(read: ControlTotals, name: TotalName): bigint {
  const count = COUNTS.find((one) => one === name);
  if (count !== undefined) return BigInt(read[count]);
  return parseDecimal(read.sums[name as CanonicalField] ?? "0", 2);
}
