/** An ESMA annex turned over: a row a field, a column a loan, as templates are filled in by hand. */
import { ESMA_SOURCE } from "./esma-annex.ts";
import type { TapeFormat } from "./tape-format.ts";

/** AUTL1, RREL30, CREC15, ... */
const FIELD_CODE = /^[A-Z]{4}\d{1,3}$/;
const LEAST_CODES = 10;

export const ESMA_TRANSPOSED: TapeFormat = {
  id: "esma-transposed",
  title: "ESMA annex with the fields as rows",
  assetClass: "debt security",
  source: ESMA_SOURCE,
  framings: [
    { kind: "delimited", delimiter: "auto", header: { kind: "first" } },
    { kind: "workbook", header: { kind: "first" } },
  ],
  recognise: ({ rows }) => {
    const width = rows[0]?.length ?? 0;
    // The code stands first, or behind the annex and the section.
    const columns = Array.from({ length: Math.min(width, 4) }, (_, at) =>
      rows.filter((row) => FIELD_CODE.test(row[at] ?? "")),
    );
    return columns.some(({ length }) => length >= LEAST_CODES) ? 1 : 0;
  },
  fields: {},
  missing: [],
  dates: [],
  refused: "a row a loan and a column a field: this file has them the other way round",
};
