/** The field tables of the ESMA underlying exposure templates, as text. */
import { ESMA_CODE_LISTS } from "./esma-code-lists.ts";
import type { TapeFormat } from "./tape-format.ts";

export type EsmaKind =
  | "money"
  | "percent"
  | "day"
  | "year"
  | "integer"
  | "flag"
  | "currency"
  | "country"
  | "nuts"
  | "lei"
  | "text"
  | "list";

export interface EsmaField {
  /** The template's field code; of annexes that are known from the schema only, the field's name. */
  key: string;
  name: string;
  kind: EsmaKind;
  codes: readonly string[] | null;
  /**
   * Path of the element: below the record, above it ("../"), or below the exposure of its asset class
   * ("~/" is its UndrlygXpsrCmonData). Empty where the message has no such element.
   */
  path: string;
}

/** Rows of `code | name | kind | element`. */
export function readEsmaFields(table: string): readonly EsmaField[] {
  return readRows(table).map(([code = "", name = "", kind = "", path = ""]) =>
    toField(code, { name, kind, path }),
  );
}

/** Rows of `name | kind | element`. */
export function readEsmaElements(table: string): readonly EsmaField[] {
  return readRows(table).map(([name = "", kind = "", path = ""]) =>
    toField(name, { name, kind, path }),
  );
}

function readRows(table: string): string[][] {
  return table
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
}

function toField(key: string, row: { name: string; kind: string; path: string }): EsmaField {
  const [kind = "", list] = row.kind.split(" ");
  const codes = list === undefined ? null : (ESMA_CODE_LISTS[list] ?? null);
  return { key, name: row.name, kind: kind as EsmaKind, codes, path: row.path };
}

const TYPES: Partial<Record<EsmaKind, NonNullable<TapeFormat["types"]>[string]>> = {
  money: "decimal",
  percent: "decimal",
  day: "day",
  year: "integer",
  integer: "integer",
  flag: "boolean",
};

/** What the template says of columns: `columnOf` gives the name in the file, or null. */
export function describeEsmaFields(
  fields: readonly EsmaField[],
  columnOf: (field: EsmaField) => string | null,
): Required<Pick<TapeFormat, "codeLists" | "types">> {
  const codeLists: Record<string, readonly string[]> = {};
  const types: Record<string, NonNullable<TapeFormat["types"]>[string]> = {};
  for (const field of fields) {
    const column = columnOf(field);
    if (column === null) continue;
    const type = TYPES[field.kind];
    if (field.codes !== null) codeLists[column] = field.codes;
    else if (type !== undefined) types[column] = type;
  }
  return { codeLists, types };
}
