/** One column of a mapping. */
import { DATE_PATTERNS, RATE_UNITS } from "../tapes/tape-words.ts";
import {
  readBoolean,
  readChoice,
  readEntries,
  readList,
  readSection,
  readText,
  readWhole,
} from "./deal-source.ts";
import type { Field, Section } from "./deal-source.ts";
import type { MappedColumn, MappedSum, MappedWhen } from "./mapping-section.ts";

const OVERS = ["month", "cumulative"] as const;
const OVER = "month | cumulative (since origination)";
const WHEN = "{ column, values: [...] }: it counts only then, else it is 0";

export const COLUMN_KEYS = {
  column: "the name in the header, or a list of which the first with a value counts",
  "over?": OVER,
  "unit?": `of a rate: ${RATE_UNITS.join(" | ")}`,
  "dates?": `of a date, one or several: ${DATE_PATTERNS.join(" | ")}`,
  "pivot?": "years of two digits below it are of this century",
  "since?": "true: a next due date, from which the days past due run",
  "codes?": "value in the file: value of the field",
  "times?": "a whole number that the value is multiplied by, e.g. 30 for months late",
  "missing?": "spellings of `not reported` in this column",
  "sign?": "the column that says false where the amount is negative",
  "several?": "sum, where a cell holds several amounts",
  "when?": WHEN,
  "zoned?": "true: cents whose last character carries the sign",
  "rounds?": "true: parts of a cent are rounded instead of refused",
  "required?": "true: no row without it",
};
export const SUM_KEYS = {
  sum: 'columns that are added up; "-name" takes one off',
  "over?": OVER,
  "when?": WHEN,
  "rounds?": "true: parts of a cent are rounded instead of refused",
  "neverNegative?": "true: a sum below 0 is 0",
};
export const WHEN_KEYS = {
  column: "the other column",
  "values?": 'the values with which it counts, "" for none; any amount without it',
};

const YEARS = { minimum: 0, maximum: 99 };
const FACTORS = { minimum: 1, maximum: 1_000 };

export function readTexts(field: Field | undefined): string[] {
  return readList(field).map((item) => readText(item) ?? "");
}

/** Whether a list or a map stands there. */
export const isNested = ({ node }: Field): boolean =>
  typeof node === "object" && node !== null && "items" in node;

/** One value by itself, or a list of them. */
export function readOneOrMore(field: Field | undefined): Field[] {
  if (field === undefined) return [];
  return isNested(field) ? readList(field) : [field];
}

/** A name alone, a column with its keys, or a sum. */
export function readMappedColumn(field: Field): string | MappedColumn | MappedSum | undefined {
  if (!isNested(field)) return readText(field);
  const isSum = readEntries(field).has("sum");
  return isSum
    ? readSum(readSection(field, SUM_KEYS))
    : readColumn(readSection(field, COLUMN_KEYS));
}

function readSum(section: Section): MappedSum {
  const over = readChoice(section.get("over"), OVERS);
  const when = readWhen(section.get("when"));
  const rounds = readBoolean(section.get("rounds"));
  const neverNegative = readBoolean(section.get("neverNegative"));
  return {
    sum: readTexts(section.get("sum")),
    ...(over === undefined ? {} : { over }),
    ...(when === undefined ? {} : { when }),
    ...(rounds === undefined ? {} : { rounds }),
    ...(neverNegative === undefined ? {} : { neverNegative }),
  };
}

function readColumn(section: Section): MappedColumn {
  const at = (name: string): Field | undefined => section.get(name);
  const dates = at("dates") === undefined ? undefined : readOneOrMore(at("dates"));
  return {
    column: readOneOrMore(at("column")).map((item) => readText(item) ?? ""),
    ...defined({
      over: readChoice(at("over"), OVERS),
      unit: readChoice(at("unit"), RATE_UNITS),
      dates: dates?.flatMap((item) => readChoice(item, DATE_PATTERNS) ?? []),
      pivot: readWhole(at("pivot"), YEARS),
      since: readBoolean(at("since")) === true ? (true as const) : undefined,
      codes: readCodes(at("codes")),
      times: readWhole(at("times"), FACTORS),
      missing: at("missing") === undefined ? undefined : readTexts(at("missing")),
      sign: readText(at("sign")),
      several: readChoice(at("several"), ["sum"]),
      when: readWhen(at("when")),
      zoned: readBoolean(at("zoned")),
      rounds: readBoolean(at("rounds")),
      required: readBoolean(at("required")),
    }),
  };
}

/** The keys that say something. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const said = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function readWhen(field: Field | undefined): MappedWhen | undefined {
  if (field === undefined) return undefined;
  const section = readSection(field, WHEN_KEYS);
  const values = section.get("values");
  const column = readText(section.get("column")) ?? "";
  return values === undefined ? { column } : { column, values: readTexts(values) };
}

/** Numbers and truths are themselves, anything else is a text. */
function readCodes(field: Field | undefined): MappedColumn["codes"] {
  if (field === undefined) return undefined;
  const codes = [...readEntries(field)].flatMap(([code, entry]) => {
    const text = readText(entry);
    return text === undefined ? [] : [[code, codeValue(text)] as const];
  });
  return Object.fromEntries(codes);
}

function codeValue(text: string): number | string | boolean {
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d{1,9}(\.\d{1,8})?$/.test(text) ? Number(text) : text;
}
