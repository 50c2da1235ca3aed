/** A servicer's mapping as a format. */
import { CANONICAL_FIELDS } from "../canonical-fields.ts";
import type { CanonicalField } from "../canonical-fields.ts";
import type { Framing, Header } from "../framing/framer.ts";
import type { TapeMapping } from "../tape-mapping.ts";
import { MAPPED } from "../tape-words.ts";
import { ABSEE_AUTO_LOAN_XML } from "./absee-auto-loan-xml.ts";
import type { ColumnReading, Reading, TapeFormat } from "./tape-format.ts";

/** The format that a mapping declares. It is never recognised: the deal says that its tapes are so. */
export function mappedFormat(mapping: TapeMapping): TapeFormat {
  const { missing, dates, personal, differenced, history, statuses, decimalComma } = mapping;
  const hasCodes = Object.keys(mapping.terminations).length > 0;
  return {
    id: MAPPED,
    title: "a file that the deal's mapping describes",
    assetClass: mapping.assetClass,
    source: "the deal's mapping",
    framings: framingsOf(mapping),
    recognise: () => 0,
    fields: fieldsOf(mapping),
    columns: mapping.header === "none" ? mapping.names : [],
    missing,
    dates,
    personal,
    differenced,
    history,
    statuses,
    decimalComma,
    terminations: hasCodes ? mapping.terminations : (ABSEE_AUTO_LOAN_XML.terminations ?? {}),
    ...(mapping.loanIds === null ? {} : { idPattern: patternOf(mapping.loanIds) }),
    ...(mapping.totals === null ? {} : { totals: { idPattern: patternOf(mapping.totals) } }),
  };
}

function framingsOf(mapping: TapeMapping): Framing[] {
  const header = headerOf(mapping);
  const { delimiter, encoding, sheet } = mapping;
  return [
    { kind: "delimited", delimiter, encoding, header },
    { kind: "workbook", header, ...(sheet === null ? {} : { sheet }) },
  ];
}

/** Names that must stand together for a row to be the header. */
const LEAST_NAMES = 3;

function headerOf({ header, names, columns }: TapeMapping): Header {
  if (header === "first") return { kind: "first" };
  if (header === "none") return { kind: "none", columns: names };
  const read = [...new Set(Object.values(columns).flatMap(namesOf))];
  return { kind: "find", names: read, least: Math.min(LEAST_NAMES, read.length) };
}

function namesOf(reading: Reading): string[] {
  if (typeof reading === "string") return [reading];
  if ("sum" in reading) return reading.sum.map((name) => name.replace(/^-/, ""));
  return [reading.column].flat();
}

/** Columns of months have the mapping's months where they do not say their own patterns. */
function fieldsOf({ columns, months, dates }: TapeMapping): TapeFormat["fields"] {
  const fields: TapeFormat["fields"] = {};
  for (const [name, reading] of Object.entries(columns)) {
    const field = name as CanonicalField;
    const own: Reading = reading;
    const isMonth = CANONICAL_FIELDS[field] === "month";
    fields[field] = isMonth && !isSum(own) ? withMonths(own, [...months, ...dates]) : own;
  }
  return fields;
}

const isSum = (reading: Reading): reading is Exclude<Reading, string | ColumnReading> =>
  typeof reading === "object" && "sum" in reading;

function withMonths(
  reading: string | ColumnReading,
  patterns: NonNullable<ColumnReading["dates"]>,
): ColumnReading {
  const column = typeof reading === "string" ? { column: reading } : reading;
  return { ...column, dates: column.dates ?? patterns };
}

/** "#" is a digit, "*" anything; nothing else stands for anything but itself. */
function patternOf(glob: string): RegExp {
  const source = glob
    .replace(/\*+/g, "*")
    .replace(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`)
    .replaceAll("#", "[0-9]")
    .replaceAll("*", "[^]*");
  return new RegExp(`^${source}$`);
}
