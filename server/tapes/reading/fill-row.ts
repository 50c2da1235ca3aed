/** The cells of one record into the one LoanRow; strings are made only where something is wrong. */
import { MOST_CENTS } from "../canonical-fields.ts";
import { LoanRow } from "../loan-row.ts";
import type { FoundProblem, ProblemList } from "../tape-problem.ts";
import type { TapeRecord } from "../tape-record.ts";
import type { ColumnNotes } from "./column-notes.ts";
import type { MoreCells, NumberColumn, TextColumn } from "./column-plan.ts";
import { readAs, refused, UNREADABLE } from "./cell-reader.ts";
import { WordTable } from "./word-table.ts";

/** Ids, codes and regions are short; a longer one is no index entry any more. */
const LONGEST_TEXT = 255;

const SPACE = 32;
const DELETE = 127;
const FALSE = new WordTable(["false", "0"]);

/** One value of a record that is wrong. */
type CellFinding = Omit<FoundProblem, "line" | "column" | "loanId">;

export class RowFiller {
  readonly row = new LoanRow();
  /** Whether every cell of the record could be read so far. */
  readable = true;
  /** Rates outside 0 to 100 %, by field. */
  readonly outOfRange = { interestRate: 0, servicingFeeRate: 0 };
  readonly #problems: ProblemList;
  readonly #notes: ColumnNotes;
  /** Cells are columns that can be counted: not so in XML. */
  readonly #hasColumns: boolean;

  constructor(reading: { problems: ProblemList; notes: ColumnNotes; hasColumns: boolean }) {
    this.#problems = reading.problems;
    this.#notes = reading.notes;
    this.#hasColumns = reading.hasColumns;
  }

  begin({ line, bytes }: TapeRecord): void {
    const { row } = this;
    this.readable = true;
    row.line = line;
    row.bytes = bytes;
    row.masked = false;
    // Loops: for so few places a call of fill takes longer.
    for (let i = 0; i < row.numbers.length; i += 1) row.numbers[i] = Number.NaN;
    for (let i = 0; i < row.textStart.length; i += 1) row.textStart[i] = -1;
  }

  readText(column: TextColumn, { bytes, start, end, count }: TapeRecord): void {
    const { cells, at, missing } = column;
    for (let i = 0; i < cells.length; i += 1) {
      const cell = cells[i] as number;
      const from = start[cell] as number;
      const to = end[cell] as number;
      if (cell >= count || from < 0 || from === to || missing.has(bytes, from, to)) continue;
      if (holdsControl(bytes, from, to)) {
        const value = bytes.toString("utf8", from, to);
        const found = { field: column.name, value, expected: "text without control characters" };
        this.refuse(cell, { ...found, code: "control-character" });
      }
      if (to - from > LONGEST_TEXT) {
        const value = bytes.toString("utf8", from, from + LONGEST_TEXT);
        const found = { field: column.name, value, expected: `at most ${LONGEST_TEXT} bytes` };
        this.refuse(cell, { ...found, code: "element-too-long" });
        return;
      }
      this.row.textStart[at] = from;
      this.row.textEnd[at] = to;
      return;
    }
    if (column.required) this.lack(column.name, column.cells[0]);
  }

  readNumber(column: NumberColumn, record: TapeRecord): void {
    const value = column.more === null ? this.#first(column, record) : this.#more(column, record);
    this.row.numbers[column.at] = value;
    if (column.required && value !== value && this.readable) {
      this.lack(column.name, column.cells[0]);
    }
  }

  /** Of the cells the first that has a value. */
  #first(column: NumberColumn, record: TapeRecord): number {
    const { cells } = column;
    for (let i = 0; i < cells.length; i += 1) {
      const value = this.#cell(column, record, cells[i] as number);
      if (value === value) return value;
    }
    return Number.NaN;
  }

  #cell(column: NumberColumn, { bytes, start, end, count }: TapeRecord, cell: number): number {
    if (cell >= count) return Number.NaN;
    const from = start[cell] as number;
    const to = end[cell] as number;
    if (from < 0 || from === to) return Number.NaN;
    const { missing, reader } = column;
    if (missing.numeric && missing.has(bytes, from, to)) return Number.NaN;
    const value = reader.read(bytes, from, to);
    if (value !== UNREADABLE) return value;
    if (missing.has(bytes, from, to)) return Number.NaN;
    return this.#explain(column, cell, bytes.toString("utf8", from, to));
  }

  #explain(column: NumberColumn, cell: number, text: string): number {
    const { value, code, expected, severity } =
      column.more?.several === true ? addUp(column, text) : column.reader.explain(text);
    if (code === null) return value ?? Number.NaN;
    if (code === "rate-range") this.outOfRange[column.field as keyof RowFiller["outOfRange"]] += 1;
    const found: CellFinding = {
      field: column.name,
      code,
      value: text,
      expected,
      ...(severity === undefined ? {} : { severity }),
    };
    if (value !== null) {
      this.note(cell, code === "code-unknown" ? text : "", found);
      return value;
    }
    if (this.#isLeftOut(column, code)) this.note(cell, "", found);
    else this.refuse(cell, found);
    return Number.NaN;
  }

  /**
   * A deal that does not refuse such a cell has it read as if it were empty. Not so one of a sum, which
   * would be another sum without it.
   */
  #isLeftOut({ more }: NumberColumn, code: FoundProblem["code"]): boolean {
    return (more === null || more.signs === null) && !this.#problems.refuses(code);
  }

  #more(column: NumberColumn, record: TapeRecord): number {
    const more = column.more as MoreCells;
    if (more.when !== null && !this.#counts(column, record, more.when)) return 0;
    if (more.signs !== null) {
      const sum = this.#sum(column, record, more.signs);
      if (Math.abs(sum) > MOST_CENTS) return this.#tooLarge(column, sum);
      return more.neverNegative && sum < 0 ? 0 : sum;
    }
    const value = this.#first(column, record);
    const start = record.start[more.signCell] ?? -1;
    if (start < 0 || more.signCell >= record.count || value === 0) return value;
    const isNegative = FALSE.find(record.bytes, start, record.end[more.signCell] as number) >= 0;
    return isNegative ? -value : value;
  }

  #sum(column: NumberColumn, record: TapeRecord, signs: Int8Array): number {
    let sum = Number.NaN;
    for (let i = 0; i < signs.length; i += 1) {
      const value = this.#cell(column, record, column.cells[i] as number);
      if (value !== value) continue;
      sum = (sum === sum ? sum : 0) + value * (signs[i] as number);
    }
    return sum;
  }

  #tooLarge({ name, cells }: NumberColumn, cents: number): number {
    const found = { field: name, value: String(cents / 100), expected: "at most 5 trillion" };
    this.refuse(cells[0] ?? -1, { ...found, code: "amount-too-large" });
    return Number.NaN;
  }

  /** Whether the other column has one of the words, or any amount but 0. */
  #counts(
    column: NumberColumn,
    record: TapeRecord,
    { cell, words }: NonNullable<MoreCells["when"]>,
  ): boolean {
    const start = cell < 0 || cell >= record.count ? -1 : (record.start[cell] as number);
    const end = start < 0 ? -1 : (record.end[cell] as number);
    // An empty word asks for a cell that says nothing.
    if (start === end) return words !== null && words.find(record.bytes, 0, 0) >= 0;
    if (words !== null) return words.find(record.bytes, start, end) >= 0;
    const amount = this.#cell(column, record, cell);
    return amount === amount && amount !== 0;
  }

  /** A needed value is not there. */
  lack(name: string, cell = -1): void {
    this.refuse(cell, { field: name, code: "missing", value: "", expected: "a value" });
  }

  /** The row cannot be read: no deal can have it left out of its tape unseen. */
  refuse(cell: number, finding: CellFinding): void {
    this.readable = false;
    const found = { ...finding, severity: "refuse" as const };
    if (found.code === "date-destroyed") this.note(cell, "", found);
    else this.#problems.add(this.#placed(cell, found));
  }

  /** A finding that is told once for all rows of its kind. */
  note(cell: number, kind: string, found: CellFinding): void {
    this.#notes.add(kind, this.#placed(cell, found));
  }

  #placed(cell: number, found: CellFinding): FoundProblem {
    const column = this.#hasColumns && cell >= 0 ? cell + 1 : null;
    return { ...found, line: this.row.line, column, loanId: this.row.text("loanId") };
  }
}

/** Below the space, or the delete character; of the rest of Unicode UTF-8 has C1 as two bytes. */
function holdsControl(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i] as number;
    if (byte < SPACE || byte === DELETE) return true;
    if (byte === 0xc2 && (bytes[i + 1] as number) < 0xa0) return true;
  }
  return false;
}

/** Amounts of several things (collaterals) in one cell. */
function addUp(column: NumberColumn, text: string): ReturnType<typeof readAs> {
  let sum = 0;
  for (const part of text.split(";")) {
    const bytes = Buffer.from(part.trim());
    if (bytes.length === 0 || column.missing.has(bytes, 0, bytes.length)) continue;
    const explained = column.reader.explain(part.trim());
    if (explained.value === null) return explained;
    sum += explained.value;
  }
  const isTooLarge = Math.abs(sum) > MOST_CENTS;
  return isTooLarge ? refused(text, "amount-too-large", "at most 5 trillion") : readAs(sum);
}
