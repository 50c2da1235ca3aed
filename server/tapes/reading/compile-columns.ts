/** A format's declaration, compiled for the columns of one file. */
import { CANONICAL_FIELDS } from "../canonical-fields.ts";
import type { CanonicalField } from "../canonical-fields.ts";
import type { ColumnReading, Reading, TapeFormat } from "../formats/tape-format.ts";
import { TEXT_AT } from "../loan-row.ts";
import { isPersonal } from "../mapping/personal-names.ts";
import { normaliseName } from "./column-names.ts";
import type { ColumnNames } from "./column-names.ts";
import type { ColumnPlan, NumberColumn, TextColumn } from "./column-plan.ts";
import { asColumn, compileNumber, isRequired, isSum, sourceNames } from "./compile-number.ts";
import type { ReadingTerms } from "./compile-number.ts";
import { compileKnownColumns } from "./known-columns.ts";
import { MissingWords } from "./missing-words.ts";
import type { DayRange } from "./read-date.ts";

export function compileColumns(columnNames: ColumnNames, terms: ReadingTerms): ColumnPlan {
  const { format } = terms;
  const numbers: NumberColumn[] = [];
  const texts: TextColumn[] = [];
  const days: { name: string; range: DayRange }[] = [];
  const plain = new Set<number>();
  for (const [name, reading] of Object.entries(format.fields)) {
    const field = name as CanonicalField;
    if (isPlain(field, reading, format)) {
      const cells = columnNames.findAll(sourceNames(reading));
      if (cells.length === 1) plain.add(cells[0] as number);
    }
    if (CANONICAL_FIELDS[field] === "text") {
      texts.push(compileText(field, reading, { names: columnNames, format }));
      continue;
    }
    const compiled = compileNumber(field, reading, { names: columnNames, terms });
    numbers.push(compiled.column);
    if (compiled.days !== null) days.push({ name: compiled.column.name, range: compiled.days });
  }
  const attributes = attributeCells(columnNames, plain, format);
  return {
    // A row of another period is left before the rest of it is read.
    numbers: numbers.toSorted((a, b) => rank(a) - rank(b)),
    texts,
    known: compileKnownColumns(columnNames, terms),
    attributes,
    attributeNames: Array.from(attributes, (cell) => columnNames.names[cell] ?? ""),
    loanCells: format.loanRecords === undefined ? null : columnNames.findAll(format.loanRecords),
    ageCell: format.masked === undefined ? -1 : columnNames.find(format.masked.ageColumn),
    days,
  };
}

const rank = ({ field }: NumberColumn): number => (field === "periodEnd" ? 0 : 1);

function compileText(
  field: CanonicalField,
  reading: Reading,
  { names, format }: { names: ColumnNames; format: TapeFormat },
): TextColumn {
  if (isSum(reading)) throw new Error(`${format.id}: ${field} is a text and no sum`);
  const sources = sourceNames(reading);
  return {
    field,
    at: TEXT_AT[field],
    name: sources.find((name) => names.find(name) >= 0) ?? sources[0] ?? field,
    cells: names.findAll(sources),
    missing: new MissingWords([...format.missing, ...(asColumn(reading).missing ?? [])]),
    needed: isRequired(field, reading),
    required: isRequired(field, reading),
  };
}

/** Fields that loan_months has no column for. */
const NOT_STORED: ReadonlySet<CanonicalField> = new Set([
  "statusCode",
  "totalPaid",
  "firstPayment",
  "currency",
]);

/** What makes a reading more than its column, so that the value cannot be had back. */
const CHANGES = [
  "codes",
  "times",
  "since",
  "sign",
  "several",
  "when",
  "rounds",
] as const satisfies readonly (keyof ColumnReading)[];

/** Whether the canonical value says all that the cell says. */
function isPlain(field: CanonicalField, reading: Reading, format: TapeFormat): boolean {
  if (NOT_STORED.has(field) || isSum(reading)) return false;
  if (field === "periodEnd" && format.endsWithinMonth === true) return false;
  const column = asColumn(reading);
  if (CHANGES.some((change) => column[change] !== undefined)) return false;
  const isMonth = CANONICAL_FIELDS[field] === "month";
  // A day that becomes a month loses its day.
  return (
    !isMonth || !(column.dates ?? format.dates).some((pattern) => /D|serial|ISO/.test(pattern))
  );
}

/** Every column that is not read plainly, but those with personal data. */
function attributeCells(
  { names }: ColumnNames,
  plain: ReadonlySet<number>,
  format: TapeFormat,
): Int32Array {
  const isDropped = personalNames(format);
  const cells = [...names.keys()].filter(
    (cell) => !plain.has(cell) && !isDropped(names[cell] ?? ""),
  );
  return Int32Array.from(cells);
}

/**
 * Which columns hold who somebody is: those that the format says, and of the ones that it does not have
 * whatever is called so. What becomes a canonical value is the deal's own word for something else.
 */
export function personalNames(format: TapeFormat): (name: string) => boolean {
  const declared = new Set((format.personal ?? []).map(normaliseName));
  const others = new Set(
    [...(format.columns ?? []), ...Object.values(format.fields).flatMap(sourceNames)].map(
      normaliseName,
    ),
  );
  return (name) => {
    const plain = normaliseName(name);
    return declared.has(plain) || (!others.has(plain) && isPersonal(name));
  };
}
