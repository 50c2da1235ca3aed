/** What differs between two versions of a loan's month, field by field, in the words of the API. */
import { CUMULATIVE_FIELDS } from "./canonical-fields.ts";
import type { StoredLoanMonth } from "./loans-queries.ts";
import type { TapeDeal } from "./tape-deal.ts";
import { viewLoanMonth } from "./tape-views.ts";
import { formatCents } from "../lib/money.ts";

export interface FieldDifference {
  field: string;
  old: string | null;
  new: string | null;
}

export interface LoanDifference {
  loan: string;
  change: "changed" | "added" | "gone";
  /** Lines of the two files; null where the loan is not in one. */
  oldLine: number | null;
  newLine: number | null;
  fields: FieldDifference[];
}

/** A tape version's row of a loan, and the names of what is in its attributes. */
export interface ComparedRow {
  row: StoredLoanMonth;
  attributeNames: readonly string[];
}

/** Where a row stands in the file is no value of the loan. */
const PLACE_FIELDS: ReadonlySet<string> = new Set(["period", "month", "version", "line"]);

const ATTRIBUTE_SEPARATOR = "\u001f";

/** @param old null for an added loan; @param current null for one that has gone */
export function compareLoanMonths(
  deal: TapeDeal,
  old: ComparedRow | null,
  current: ComparedRow | null,
): LoanDifference {
  const [before, after] = [fieldsOf(deal, old), fieldsOf(deal, current)];
  const names = [...new Set([...after.keys(), ...before.keys()])];
  const fields = names.flatMap((field): FieldDifference[] => {
    const [left, right] = [before.get(field) ?? null, after.get(field) ?? null];
    return left === right ? [] : [{ field, old: left, new: right }];
  });
  return {
    loan: (current ?? old)?.row.loan_id ?? "",
    change: old === null ? "added" : current === null ? "gone" : "changed",
    oldLine: old?.row.line ?? null,
    newLine: current?.row.line ?? null,
    fields,
  };
}

function fieldsOf(deal: TapeDeal, compared: ComparedRow | null): Map<string, string | null> {
  if (compared === null) return new Map();
  const { row, attributeNames } = compared;
  const view = Object.entries(viewLoanMonth(deal, row))
    .filter(([name]) => !PLACE_FIELDS.has(name))
    .map(([name, value]): [string, string | null] => [name, value === null ? null : `${value}`]);
  const cumulative = CUMULATIVE_FIELDS.map((name, place): [string, string | null] => {
    const cents = row.cumulative_cents?.[place] ?? null;
    return [`${name} since origination`, cents === null ? null : formatCents(cents)];
  });
  const values = row.attributes?.split(ATTRIBUTE_SEPARATOR) ?? [];
  // What the file has beside the fields may bear a field's name.
  const attributes = attributeNames.map((name, place): [string, string | null] => [
    `column ${name}`,
    values[place] || null,
  ]);
  return new Map([...view, ...cumulative, ...attributes]);
}
