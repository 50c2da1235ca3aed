/** What differs between two versions of a loan's month, field by field, in the words of the API. */
import { CUMULATIVE_FIELDS } from "./canonical-fields.ts";
import type { StoredLoanMonth } from "./loans-queries.ts";
import type { TapeDeal } from "./tape-deal.ts";
import { viewLoanMonth } from "./tape-views.ts";
import type { LoanMonthView } from "./tape-views.ts";
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
  return {
    loan: (current ?? old)?.row.loan_id ?? "",
    change: old === null ? "added" : current === null ? "gone" : "changed",
    oldLine: old?.row.line ?? null,
    newLine: current?.row.line ?? null,
    fields: [
      ...compareViews(deal, old?.row ?? null, current?.row ?? null),
      ...compareCumulative(old?.row ?? null, current?.row ?? null),
      ...compareAttributes(old, current),
    ],
  };
}

type Row = StoredLoanMonth | null;

function difference(field: string, old: string | null, now: string | null): FieldDifference[] {
  return old === now ? [] : [{ field, old, new: now }];
}

function compareViews(deal: TapeDeal, old: Row, current: Row): FieldDifference[] {
  const before = old === null ? null : viewLoanMonth(deal, old);
  const after = current === null ? null : viewLoanMonth(deal, current);
  const valueOf = (view: LoanMonthView | null, name: keyof LoanMonthView): string | null => {
    const value = view?.[name] ?? null;
    return value === null ? null : String(value);
  };
  const names = Object.keys(after ?? before ?? {}) as (keyof LoanMonthView)[];
  return names
    .filter((name) => !PLACE_FIELDS.has(name))
    .flatMap((name) => difference(name, valueOf(before, name), valueOf(after, name)));
}

function compareCumulative(old: Row, current: Row): FieldDifference[] {
  const cents = (row: Row, place: number): string | null => {
    const value = row?.cumulative_cents?.[place] ?? null;
    return value === null ? null : formatCents(value);
  };
  return CUMULATIVE_FIELDS.flatMap((name, place) =>
    difference(`${name} since origination`, cents(old, place), cents(current, place)),
  );
}

/** What the file has beside the fields may bear a field's name: it is called a column. */
function compareAttributes(
  old: ComparedRow | null,
  current: ComparedRow | null,
): FieldDifference[] {
  const [before, after] = [attributesOf(old), attributesOf(current)];
  const names = new Set([...after.keys(), ...before.keys()]);
  return [...names].flatMap((name) =>
    difference(`column ${name}`, before.get(name) ?? null, after.get(name) ?? null),
  );
}

function attributesOf(compared: ComparedRow | null): Map<string, string> {
  const values = compared?.row.attributes?.split(ATTRIBUTE_SEPARATOR) ?? [];
  const names = compared?.attributeNames ?? [];
  return new Map(
    values.flatMap((value, place) => (value === "" ? [] : [[names[place] ?? "", value]])),
  );
}
