/** Which balance rule the rows follow: no rule holds across issuers, so it is looked for in the file. */
import type { CanonicalField } from "../canonical-fields.ts";
import { numberOf } from "./profile-column.ts";
import type { ColumnProfile } from "./profile-column.ts";

export interface RollForwardTest {
  subtract: CanonicalField[];
  add: CanonicalField[];
  /** Of the rows with both balances, 0 to 1. */
  share: number;
}

/** The rules that were met (tape-formats.md 3.1), the plainest first. */
const RULES: readonly { subtract: CanonicalField[]; add: CanonicalField[] }[] = [
  { subtract: ["principal"], add: [] },
  { subtract: ["principal", "chargeOff"], add: [] },
  { subtract: ["principal", "otherAdjustment"], add: [] },
  { subtract: ["principal", "otherAdjustment", "chargeOff"], add: [] },
  { subtract: ["principal", "chargeOff"], add: ["recovery"] },
  { subtract: ["principal", "chargeOff", "liquidationProceeds", "recovery"], add: [] },
  { subtract: ["principal", "otherAdjustment", "chargeOff", "liquidationProceeds"], add: [] },
  { subtract: ["principal", "prepaidPrincipal"], add: [] },
  { subtract: ["scheduledPrincipal", "prepaidPrincipal"], add: [] },
];

const NAMED_RULES = 3;

/** The best three, each of columns that the file has. */
export function testRollForwards(
  rows: readonly (readonly (string | null)[])[],
  columns: ReadonlyMap<CanonicalField, ColumnProfile>,
): RollForwardTest[] {
  if (!columns.has("beginningBalance") || !columns.has("endingBalance")) return [];
  const known = RULES.filter(({ subtract, add }) =>
    [...subtract, ...add].every((field) => columns.has(field)),
  );
  return known
    .map((rule) => ({ ...rule, share: shareOf(rule, rows, columns) }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, NAMED_RULES);
}

function shareOf(
  { subtract, add }: { subtract: CanonicalField[]; add: CanonicalField[] },
  rows: readonly (readonly (string | null)[])[],
  columns: ReadonlyMap<CanonicalField, ColumnProfile>,
): number {
  let tested = 0;
  let closed = 0;
  for (const row of rows) {
    const cents = (field: CanonicalField): number => centsOf(row, columns.get(field));
    const begin = cents("beginningBalance");
    const end = cents("endingBalance");
    if (Number.isNaN(begin) || Number.isNaN(end)) continue;
    tested += 1;
    const flows = (fields: CanonicalField[]): number =>
      fields.reduce((sum, field) => sum + (cents(field) || 0), 0);
    if (begin - flows(subtract) + flows(add) === end) closed += 1;
  }
  return tested === 0 ? 0 : closed / tested;
}

/** A whole number of cents; the share of rows is told, no amount. */
function centsOf(row: readonly (string | null)[], profile: ColumnProfile | undefined): number {
  if (profile === undefined) return Number.NaN;
  const text = row[profile.place] ?? "";
  return Math.round(100 * numberOf(text, profile.decimalCommas > 0.5));
}
