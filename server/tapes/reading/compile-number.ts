/** A declared reading of a number, compiled for the columns of one file. */
import { CANONICAL_FIELDS, MOST_CENTS, RATE_UNIT } from "../canonical-fields.ts";
import type { CanonicalField, FieldKind } from "../canonical-fields.ts";
import type { ColumnReading, Reading, SumReading, TapeFormat } from "../formats/tape-format.ts";
import type { RateUnit } from "../formats/tape-format.ts";
import { NUMBER_AT } from "../loan-row.ts";
import type { CellReader } from "./cell-reader.ts";
import { codedReader, flagReader, timesReader } from "./coded-reader.ts";
import type { ColumnNames } from "./column-names.ts";
import type { MoreCells, NumberColumn } from "./column-plan.ts";
import { MissingWords } from "./missing-words.ts";
import { amountReader, zonedAmountReader } from "./read-amount.ts";
import { dateReader } from "./read-date.ts";
import type { DateUse, DayRange } from "./read-date.ts";
import { rateReader } from "./read-rate.ts";
import { scoreReader, WHOLE_READER } from "./read-whole.ts";
import { WordTable } from "./word-table.ts";

/** What a reading needs to know beside itself. */
export interface ReadingTerms {
  format: TapeFormat;
  /** Units of rates where neither the column nor the format says. */
  rateUnit: RateUnit;
  feeUnit: RateUnit;
  /** Epoch day of the period's end. */
  periodEnd: number;
}

export function asColumn(reading: string | ColumnReading): ColumnReading {
  return typeof reading === "string" ? { column: reading } : reading;
}

export const isSum = (reading: Reading): reading is SumReading =>
  typeof reading === "object" && "sum" in reading;

/** Names that a reading takes its value from, in their order; without the signs of a sum. */
export function sourceNames(reading: Reading): string[] {
  if (isSum(reading)) return reading.sum.map((name) => name.replace(/^-/, ""));
  return [asColumn(reading).column].flat();
}

/** Fields that a row must have where its format reads them at all. */
const REQUIRED: ReadonlySet<CanonicalField> = new Set(["loanId", "periodEnd", "endingBalance"]);

export function isRequired(field: CanonicalField, reading: Reading): boolean {
  return (isSum(reading) ? undefined : asColumn(reading).required) ?? REQUIRED.has(field);
}

/** Two-digit years that no column says anything about. */
const PIVOT = 50;

/** The column, and the days met in it where they could be months; null when the file has none of it. */
export function compileNumber(
  field: CanonicalField,
  reading: Reading,
  { names, terms }: { names: ColumnNames; terms: ReadingTerms },
): { column: NumberColumn; days: DayRange | null } {
  const sources = sourceNames(reading);
  const { reader, days } = isSum(reading)
    ? { reader: amountOf(terms.format, { rounds: reading.rounds === true }), days: null }
    : compileReader(field, asColumn(reading), terms);
  const own = isSum(reading) ? [] : (asColumn(reading).missing ?? []);
  const cells = names.findAll(sources);
  const found = sources.filter((name) => names.find(name) >= 0);
  const column: NumberColumn = {
    field,
    at: NUMBER_AT[field],
    name: isSum(reading) ? found.join(" + ") : (found[0] ?? sources[0] ?? field),
    cells,
    reader,
    missing: new MissingWords([...terms.format.missing, ...own]),
    needed: isRequired(field, reading),
    // A loan that has ended may come without it: asked for when the row's status is known.
    required: isRequired(field, reading) && field !== "endingBalance",
    more: moreCells(reading, names),
  };
  return { column, days };
}

function moreCells(reading: Reading, names: ColumnNames): MoreCells | null {
  const { when } = typeof reading === "object" ? reading : {};
  const condition =
    when === undefined
      ? null
      : {
          cell: names.find(when.column),
          words: when.values === undefined ? null : new WordTable(when.values),
        };
  if (isSum(reading)) {
    const found = reading.sum.filter((name) => names.find(name.replace(/^-/, "")) >= 0);
    const signs = Int8Array.from(found, (name) => (name.startsWith("-") ? -1 : 1));
    const neverNegative = reading.neverNegative === true;
    return { signs, neverNegative, several: false, signCell: -1, when: condition };
  }
  const { sign, several } = asColumn(reading);
  if (sign === undefined && several === undefined && condition === null) return null;
  const signCell = sign === undefined ? -1 : names.find(sign);
  const single = { signs: null, neverNegative: false };
  return { ...single, several: several === "sum", signCell, when: condition };
}

function amountOf(format: TapeFormat, { rounds }: { rounds: boolean }): CellReader {
  return amountReader({ rounds, decimalComma: format.decimalComma === true });
}

function compileReader(
  field: CanonicalField,
  reading: ColumnReading,
  terms: ReadingTerms,
): { reader: CellReader; days: DayRange | null } {
  const kind = CANONICAL_FIELDS[field];
  if (kind === "day" || kind === "month" || reading.since === true) {
    return compileDate(field, reading, terms);
  }
  if (kind === "flag") return { reader: flagReader(reading.codes), days: null };
  const plain = plainReader(field, reading, terms);
  const { codes, times } = reading;
  const most = kind === "money" ? MOST_CENTS : MOST_WHOLE;
  const factored = times === undefined ? null : timesReader(plain, { times, most });
  if (codes === undefined) return { reader: factored ?? plain, days: null };
  // A number that is no code is one of an amount or a rate, but none of days or months.
  const others = factored ?? (kind === "money" || kind === "rate" ? plain : null);
  return { reader: codedReader(codeValues(codes, kind), others), days: null };
}

/** What PostgreSQL keeps as an integer. */
const MOST_WHOLE = 2 ** 31 - 1;
/** Units of a whole one: cents, and 1e-12 of a rate that is written as a fraction. */
const SCALES: Partial<Record<FieldKind, number>> = { money: 100, rate: RATE_UNIT };

function codeValues(
  codes: NonNullable<ColumnReading["codes"]>,
  kind: FieldKind,
): Record<string, number> {
  const most = kind === "integer" ? MOST_WHOLE : MOST_CENTS;
  const values = Object.entries(codes).map(([word, said]) => {
    const value = Math.round(Number(said) * (SCALES[kind] ?? 1));
    return [word, Math.abs(value) <= most ? value : Number.NaN] as const;
  });
  return Object.fromEntries(values);
}

function plainReader(
  field: CanonicalField,
  reading: ColumnReading,
  { format, rateUnit, feeUnit }: ReadingTerms,
): CellReader {
  const kind = CANONICAL_FIELDS[field];
  if (kind === "money") {
    if (reading.zoned === true) return zonedAmountReader();
    return amountOf(format, { rounds: reading.rounds === true });
  }
  if (kind === "rate") {
    const isFee = field === "servicingFeeRate";
    const unit = reading.unit ?? format.rates ?? (isFee ? feeUnit : rateUnit);
    return rateReader({ unit, decimalComma: format.decimalComma === true, lenient: isFee });
  }
  return field === "creditScore" ? scoreReader() : WHOLE_READER;
}

const DATE_USES: Partial<Record<CanonicalField, DateUse>> = {
  periodBegin: "first day",
  periodEnd: "last day",
  daysPastDue: "first day",
};

function compileDate(
  field: CanonicalField,
  reading: ColumnReading,
  { format, periodEnd }: ReadingTerms,
): { reader: CellReader; days: DayRange | null } {
  const reader = dateReader({
    use: DATE_USES[field] ?? "month",
    patterns: reading.dates ?? format.dates,
    pivot: reading.pivot ?? PIVOT,
  });
  if (reading.since !== true) return { reader, days: reader.days };
  const daysSince = (day: number): number => Math.max(0, periodEnd - day);
  return {
    reader: {
      read(bytes, start, end) {
        const day = reader.read(bytes, start, end);
        return day === Number.POSITIVE_INFINITY ? day : daysSince(day);
      },
      explain: reader.explain,
    },
    days: reader.days,
  };
}
