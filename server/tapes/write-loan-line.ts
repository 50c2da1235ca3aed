/**
 * A loan's row as the line that COPY takes, byte for byte as PostgreSQL itself prints it: the tape's tree
 * hashes the line as it is written, and a proof reads the same bytes back by COPY TO.
 */
import type { CopyText } from "../db/copy-text.ts";
import {
  CANONICAL_FIELDS,
  CUMULATIVE_FIELDS,
  DELINQUENCY_BUCKETS,
  LOAN_STATUSES,
} from "./canonical-fields.ts";
import type { CumulativeField } from "./canonical-fields.ts";
import { LINE_FIELDS } from "./loan-month-columns.ts";
import { NUMBER_AT, TEXT_AT } from "./loan-row.ts";
import type { LoanRow } from "./loan-row.ts";
import type { TapeRecord } from "./tape-record.ts";

const TAB = 0x09;
const LINE_FEED = 0x0a;
const SEPARATOR = 0x1f;
const [OPEN, COMMA, CLOSE] = [0x7b, 0x2c, 0x7d];
const [TRUE, FALSE] = [0x74, 0x66];
/** A rate comes in 1e-12, its column is in 1e-18. */
const RATE_ZEROS = 6;
const NULL_ITEM = Buffer.from("NULL");
const BUCKETS = DELINQUENCY_BUCKETS.map((name) => Buffer.from(name));
const STATUSES = LOAN_STATUSES.map((name) => Buffer.from(name));
/** Room for all numbers, codes and tabs of a line; texts come on top. */
const FIXED_BYTES = 1024;

/** Where the values of a record stand that no canonical column keeps. */
export interface RecordAttributes {
  record: TapeRecord;
  /** Cells of the record, in the order of the tape's attribute names. */
  columns: Int32Array;
}

const NO_CELLS = new Int32Array(0);

export const NO_ATTRIBUTES: RecordAttributes = {
  record: { line: 0, bytes: Buffer.alloc(0), count: 0, start: NO_CELLS, end: NO_CELLS },
  columns: NO_CELLS,
};

/** A run of columns that are written alike, one after the other. */
interface ColumnRun {
  kind: "integers" | "rates" | "flags" | "texts" | "bucket" | "status" | "nothing";
  /** Of the values in the row. */
  places: Int32Array;
}

/** Writes the lines of one tape. */
export class LoanLineWriter {
  readonly #runs: readonly ColumnRun[];
  /** Places of the cumulative fields among the numbers, -1 for a field stated for the month. */
  readonly #cumulative: Int32Array | null;
  /** Where the row's text begins in the target: after the position, at the column `line`. */
  lineStart = 0;
  /** Where it ends: before the line feed. */
  lineEnd = 0;

  /** @param cumulative fields that the format states since origination: their flows stay null here */
  constructor(cumulative: readonly CumulativeField[] = []) {
    this.#runs = planRuns(cumulative);
    this.#cumulative =
      cumulative.length === 0
        ? null
        : Int32Array.from(CUMULATIVE_FIELDS, (field) =>
            cumulative.includes(field) ? NUMBER_AT[field] : -1,
          );
  }

  /** Bytes that a row may need at most. */
  room(row: LoanRow, { record, columns }: RecordAttributes): number {
    let texts = columns.length;
    for (let text = 0; text < row.textStart.length; text += 1) {
      texts += (row.textEnd[text] as number) - (row.textStart[text] as number);
    }
    for (let column = 0; column < columns.length; column += 1) {
      const cell = columns[column] as number;
      if (cell < record.count)
        texts += (record.end[cell] as number) - (record.start[cell] as number);
    }
    return FIXED_BYTES + 2 * texts;
  }

  /** @param position number of the row among those kept, from 0 */
  write(target: CopyText, position: number, row: LoanRow, attributes: RecordAttributes): void {
    target.integer(position);
    target.byte(TAB);
    this.lineStart = target.at;
    target.integer(row.line);
    target.byte(TAB);
    for (let run = 0; run < this.#runs.length; run += 1) {
      writeRun(target, row, this.#runs[run] as ColumnRun);
    }
    this.#cumulativeItems(target, row);
    target.byte(TAB);
    writeAttributes(target, attributes);
    this.lineEnd = target.at;
    target.byte(LINE_FEED);
  }

  #cumulativeItems(target: CopyText, row: LoanRow): void {
    const places = this.#cumulative;
    if (places === null) return target.nothing();
    target.byte(OPEN);
    for (let item = 0; item < places.length; item += 1) {
      if (item > 0) target.byte(COMMA);
      const place = places[item] as number;
      const value = place < 0 ? Number.NaN : (row.numbers[place] as number);
      if (value !== value) target.plain(NULL_ITEM);
      else target.integer(value);
    }
    target.byte(CLOSE);
  }
}

/** The columns between `line` and the cumulative amounts, runs of one kind put together. */
function planRuns(cumulative: readonly CumulativeField[]): ColumnRun[] {
  const columns = LINE_FIELDS.slice(1, -2).map(([column, , field]) => {
    if (column === "delinquency_bucket") return { kind: "bucket", place: 0 } as const;
    if (column === "status") return { kind: "status", place: 0 } as const;
    if (field === null) throw new Error(`${column} has no value`);
    const kind = CANONICAL_FIELDS[field];
    if (kind === "text") return { kind: "texts", place: TEXT_AT[field] } as const;
    const place = NUMBER_AT[field];
    if (cumulative.some((name) => name === field)) return { kind: "nothing", place } as const;
    if (kind === "flag") return { kind: "flags", place } as const;
    return { kind: kind === "rate" ? "rates" : "integers", place } as const;
  });
  const runs: { kind: ColumnRun["kind"]; places: number[] }[] = [];
  for (const { kind, place } of columns) {
    const last = runs.at(-1);
    if (last?.kind === kind) last.places.push(place);
    else runs.push({ kind, places: [place] });
  }
  return runs.map(({ kind, places }) => ({ kind, places: Int32Array.from(places) }));
}

/** The columns of a run, a tab after each. */
function writeRun(target: CopyText, row: LoanRow, { kind, places }: ColumnRun): void {
  if (kind === "integers") return target.integers(row.numbers, places, 0);
  if (kind === "rates") return target.integers(row.numbers, places, RATE_ZEROS);
  if (kind === "texts") return writeTexts(target, row, places);
  if (kind === "flags") return writeFlags(target, row, places);
  if (kind === "nothing") return writeNothing(target, places);
  target.plain((kind === "bucket" ? BUCKETS[row.bucket] : STATUSES[row.status]) as Buffer);
  target.byte(TAB);
}

function writeNothing(target: CopyText, { length }: Int32Array): void {
  for (let item = 0; item < length; item += 1) {
    target.nothing();
    target.byte(TAB);
  }
}

function writeTexts(target: CopyText, row: LoanRow, places: Int32Array): void {
  for (let item = 0; item < places.length; item += 1) {
    const place = places[item] as number;
    const start = row.textStart[place] as number;
    if (start < 0) target.nothing();
    else target.text(row.bytes, start, row.textEnd[place] as number);
    target.byte(TAB);
  }
}

function writeFlags(target: CopyText, row: LoanRow, places: Int32Array): void {
  for (let item = 0; item < places.length; item += 1) {
    const value = row.numbers[places[item] as number] as number;
    // NaN: the tape does not say.
    if (value !== value) target.nothing();
    else target.byte(value === 0 ? FALSE : TRUE);
    target.byte(TAB);
  }
}

function writeAttributes(target: CopyText, { record, columns }: RecordAttributes): void {
  if (columns.length === 0) return target.nothing();
  for (let column = 0; column < columns.length; column += 1) {
    if (column > 0) target.byte(SEPARATOR);
    const cell = columns[column] as number;
    // A record may be shorter than the columns known by now.
    if (cell >= record.count) continue;
    const start = record.start[cell] as number;
    if (start >= 0) target.text(record.bytes, start, record.end[cell] as number);
  }
}
