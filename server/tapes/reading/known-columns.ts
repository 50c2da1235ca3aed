/** Columns beside the canonical ones: whether their values are what the format can have. */
import { WHOLE_READER } from "./read-whole.ts";
import { UNREADABLE } from "./cell-reader.ts";
import { flagReader } from "./coded-reader.ts";
import type { ColumnNames } from "./column-names.ts";
import type { KnownColumn } from "./column-plan.ts";
import { isSum, asColumn, sourceNames } from "./compile-number.ts";
import type { ReadingTerms } from "./compile-number.ts";
import { listedCodes } from "./listed-codes.ts";
import { MissingWords } from "./missing-words.ts";
import { dateReader } from "./read-date.ts";
import { WordTable } from "./word-table.ts";

type ValueType = "decimal" | "integer" | "boolean" | "day" | "month";
type Holds = KnownColumn["holds"];

export function compileKnownColumns(names: ColumnNames, { format }: ReadingTerms): KnownColumn[] {
  // What becomes a canonical value is read strictly anyway.
  const read = new Set(
    Object.values(format.fields).flatMap((reading) =>
      isSum(reading) || asColumn(reading).codes === undefined ? sourceNames(reading) : [],
    ),
  );
  const missing = new MissingWords(format.missing);
  const columns: KnownColumn[] = [];
  const add = (name: string, known: Pick<KnownColumn, "code" | "expected" | "holds">): void => {
    const cell = names.find(name);
    if (cell < 0 || read.has(name)) return;
    const holds: Holds = (bytes, start, end) =>
      known.holds(bytes, start, end) || missing.has(bytes, start, end);
    columns.push({ ...known, holds, name: names.names[cell] ?? name, cell });
  };
  for (const [name, type] of Object.entries(format.types ?? {})) {
    const dates = format.dates;
    add(name, {
      code: "type",
      expected: EXPECTED[type](dates.join(" or ")),
      holds: holdsType(type, dates),
    });
  }
  for (const [name, codes] of Object.entries(format.codeLists ?? {})) {
    const expected = `one of ${codes.join(", ")}`;
    add(name, { code: "code-unknown", expected, holds: holdsCode(codes) });
  }
  return columns;
}

const EXPECTED: Readonly<Record<ValueType, (dates: string) => string>> = {
  decimal: () => "a decimal number",
  integer: () => "a whole number",
  boolean: () => "true or false",
  day: (dates) => `a date as ${dates}`,
  month: (dates) => `a month as ${dates}`,
};

function holdsType(type: ValueType, dates: ReadingTerms["format"]["dates"]): Holds {
  const months = ["MM/YYYY", "YYYY-MM", "YYYYMM", "MMYYYY"] as const;
  const patterns = type === "month" ? [...months, ...dates] : dates;
  const reader = {
    decimal: null,
    integer: WHOLE_READER,
    boolean: flagReader(undefined),
    day: dateReader({ use: "first day", patterns, pivot: 50 }),
    month: dateReader({ use: "month", patterns, pivot: 50 }),
  }[type];
  if (reader === null) return isDecimal;
  return (bytes, start, end) => reader.read(bytes, start, end) !== UNREADABLE;
}

/** At most 12 digits and 8 decimals, as the schemas have it. */
function isDecimal(bytes: Buffer, start: number, end: number): boolean {
  const sign = bytes[start];
  let at = sign === 45 || sign === 43 ? start + 1 : start;
  const from = at;
  let point = -1;
  for (; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 46 && point < 0) point = at;
    else if (byte < 48 || byte > 57) return false;
  }
  const whole = (point < 0 ? end : point) - from;
  return whole >= 1 && whole <= 12 && (point < 0 || end - point - 1 <= 8);
}

function holdsCode(codes: readonly string[]): Holds {
  const table = new WordTable(codes);
  const known = new Set(codes);
  return (bytes, start, end) =>
    table.find(bytes, start, end) >= 0 ||
    listedCodes(bytes.toString("utf8", start, end)).every((code) => known.has(code));
}
