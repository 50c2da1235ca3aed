import { shareOfNames } from "./head-names.ts";
import type { TapeFormat } from "./tape-format.ts";

/**
 * Elements that tell the extract of one schema from those of the others and from other files: all of
 * them must be in the header.
 */
export interface Extract {
  id: string;
  title: string;
  exhibit: TapeFormat;
  needs: readonly string[];
  /** Columns that only another table has, which would be read better. */
  without?: readonly string[];
}

/** How data teams and their tools write that there is no value. */
const MISSING = ["-", "NA", "N/A", "NULL", "None", "nan"] as const;

const TITLE_ROWS = 6;

/**
 * An exhibit 102 as a table: a header of element names in any order, repeated values as `1; 2` or
 * `['1', '2']`, as a rule many months in one file, as CSV or workbook. Columns of whoever made it stand
 * beside those of the schema.
 */
export function describeExtract({ id, title, exhibit, needs, without = [] }: Extract): TapeFormat {
  const header = { kind: "find", names: exhibit.columns ?? [], least: needs.length } as const;
  return {
    ...exhibit,
    fields: anyDates(exhibit.fields),
    id,
    title,
    source: `${exhibit.source}; as a table of its elements`,
    framings: [
      { kind: "delimited", delimiter: "auto", header },
      { kind: "workbook", header },
    ],
    recognise: ({ kind, rows }) => {
      const head = rows.slice(0, TITLE_ROWS);
      const fits = kind !== "xml" && shareOfNames(head, needs) === 1;
      return fits && shareOfNames(head, without) === 0 ? 0.9 : 0;
    },
    missing: MISSING,
    dates: ["MM-DD-YYYY", "MM/YYYY", "YYYY-MM-DD", "YYYY-MM"],
    history: true,
  };
}

/** Tools write months and days in their own way: what an element may not have, a table may. */
function anyDates(fields: TapeFormat["fields"]): TapeFormat["fields"] {
  return Object.fromEntries(
    Object.entries(fields).map(([field, reading]) => {
      if (typeof reading !== "object" || !("dates" in reading)) return [field, reading];
      const { dates: _, ...column } = reading;
      return [field, column];
    }),
  );
}
