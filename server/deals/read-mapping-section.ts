/** The `mapping` section: which column is which, and how it is written. */
import { ASSET_CLASSES, CANONICAL_FIELDS, LOAN_STATUSES } from "../tapes/canonical-fields.ts";
import type { CanonicalField } from "../tapes/canonical-fields.ts";
import { DATE_PATTERNS } from "../tapes/tape-words.ts";
import type { DatePattern } from "../tapes/tape-words.ts";
import {
  complain,
  openDealSource,
  readBoolean,
  readChoice,
  readEntries,
  readSection,
  readText,
  readWhole,
} from "./deal-source.ts";
import type { DealProblem, Field, Section } from "./deal-source.ts";
import { MAPPING_DELIMITERS, MAPPING_ENCODINGS, MAPPING_HEADERS } from "./mapping-section.ts";
import type { MappingSection } from "./mapping-section.ts";
import { isNested, readMappedColumn, readOneOrMore, readTexts } from "./read-mapped-column.ts";

const FIELD_NAMES = Object.keys(CANONICAL_FIELDS) as CanonicalField[];
const PATTERNS = `a pattern or a list of them: ${DATE_PATTERNS.join(" | ")}`;

export const MAPPING_KEYS = {
  columns: "field: name in the header, or { column: ..., what is special about it }",
  "assetClass?": ASSET_CLASSES.join(" | "),
  "delimiter?": '"," | "|" | ";" | "\\t" | auto',
  "encoding?": MAPPING_ENCODINGS.join(" | "),
  "header?": "first (line) | find (below titles) | none (then names)",
  "names?": "the columns in their order, where there is no header",
  "sheet?": "name of the workbook's sheet",
  "dates?": PATTERNS,
  "months?": `${PATTERNS}, of columns that hold months`,
  "missing?": "spellings of `not reported`, e.g. [n/a, -]",
  "decimalComma?": "true where 1.234,56 is an amount",
  "terminations?": 'code: status after which there is no balance, or none; "*" for any other code',
  "statuses?": "word: status, or { status, daysPastDue }",
  "loanIds?": "what an id looks like, # for a digit and * for anything; other rows are skipped",
  "totals?": "what stands for an id in the file's own totals, e.g. TOTAL*",
  "personal?": "columns with personal data, dropped as the file is read",
  "differenced?": "true where no row states what was there before",
  "history?": "true where the file has the rows of many months",
};
export const STATUS_KEYS = {
  status: LOAN_STATUSES.join(" | "),
  "daysPastDue?": "a whole number of days",
};

/** Fields without which no row is a loan. */
const NEEDED = ["loanId", "endingBalance"] as const;

const asked = { minimum: 0, maximum: 9_999 };

export function readMappingSection(field: Field | undefined): MappingSection {
  const section = readSection(field, MAPPING_KEYS);
  const at = (name: string): Field | undefined => section.get(name);
  return {
    assetClass: readChoice(at("assetClass"), ASSET_CLASSES) ?? "auto loan",
    delimiter: readChoice(at("delimiter"), MAPPING_DELIMITERS) ?? "auto",
    encoding: readChoice(at("encoding"), MAPPING_ENCODINGS) ?? "utf-8",
    header: readChoice(at("header"), MAPPING_HEADERS) ?? "first",
    names: readTexts(at("names")),
    sheet: readText(at("sheet")) ?? null,
    columns: readColumns(at("columns")),
    dates: readPatterns(at("dates"), "YYYY-MM-DD"),
    months: readPatterns(at("months"), "YYYY-MM"),
    missing: readTexts(at("missing")),
    decimalComma: readBoolean(at("decimalComma")) ?? false,
    terminations: readTerminations(at("terminations")),
    statuses: readStatuses(at("statuses")),
    loanIds: readText(at("loanIds")) ?? null,
    totals: readText(at("totals")) ?? null,
    personal: readTexts(at("personal")),
    differenced: readBoolean(at("differenced")) ?? false,
    history: readBoolean(at("history")) ?? false,
  };
}

/** A mapping by itself, as YAML or JSON text; null when something is wrong with it. */
export function readMapping(text: string): {
  mapping: MappingSection | null;
  problems: DealProblem[];
} {
  const source = openDealSource(text);
  const mapping = readMappingSection({
    source,
    path: "",
    node: source.root,
    place: { line: 1, column: 1 },
  });
  const isSound = source.problems.every(({ severity }) => severity !== "error");
  return { mapping: isSound ? mapping : null, problems: source.problems };
}

function readColumns(field: Field | undefined): MappingSection["columns"] {
  const columns: MappingSection["columns"] = {};
  const entries = readEntries(field);
  for (const [name, entry] of entries) {
    const known = readFieldName(name, entry);
    const reading = readMappedColumn(entry);
    if (known !== undefined && reading !== undefined) columns[known] = reading;
  }
  if (field !== undefined) requireFields(field, entries);
  return columns;
}

function readFieldName(name: string, { source, place, path }: Field): CanonicalField | undefined {
  const known = FIELD_NAMES.find((one) => one === name);
  if (known !== undefined) return known;
  const message = `${path}: no loan month has this field; known: ${FIELD_NAMES.join(", ")}`;
  complain(source, place, { code: "unknown-field", value: name, message });
  return undefined;
}

function requireFields({ source, place, path }: Field, entries: Section): void {
  for (const name of NEEDED.filter((one) => !entries.has(one))) {
    const message = `${path} lacks \`${name}\`; write the name of its column`;
    complain(source, place, { code: "missing-term", value: name, message });
  }
}

/** One pattern or a list of them. */
function readPatterns(field: Field | undefined, otherwise?: DatePattern): DatePattern[] {
  if (field === undefined) return otherwise === undefined ? [] : [otherwise];
  return readOneOrMore(field).flatMap((item) => readChoice(item, DATE_PATTERNS) ?? []);
}

function readTerminations(field: Field | undefined): MappingSection["terminations"] {
  const read = [...readEntries(field)].flatMap(([code, entry]) => {
    const status = readChoice(entry, [...LOAN_STATUSES, "none"]);
    return status === undefined ? [] : [[code, status === "none" ? null : status] as const];
  });
  return Object.fromEntries(read);
}

function readStatuses(field: Field | undefined): MappingSection["statuses"] {
  const statuses: MappingSection["statuses"] = {};
  for (const [word, entry] of readEntries(field)) {
    const section = isNested(entry) ? readSection(entry, STATUS_KEYS) : null;
    const status = readChoice(section === null ? entry : section.get("status"), LOAN_STATUSES);
    const daysPastDue = readWhole(section?.get("daysPastDue"), asked);
    if (status === undefined) continue;
    statuses[word] = daysPastDue === undefined ? { status } : { status, daysPastDue };
  }
  return statuses;
}
