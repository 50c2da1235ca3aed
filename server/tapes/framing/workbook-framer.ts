/**
 * An .xlsx workbook. Its directory is at the end, and its strings and styles are apart from the sheets,
 * so it is on disk before the first row can be read (decode.ts); rows are then read as they come.
 */
import { stopReading } from "../tape-record.ts";
import type { TapeRecord } from "../tape-record.ts";
import { BlankRows } from "./blank-rows.ts";
import { chooseSheet, readSheet, sheetHead } from "./choose-sheet.ts";
import type { Framer, FrameSink, WorkbookFraming } from "./framer.ts";
import { startHeaderSearch } from "./search-header.ts";
import type { HeaderSearch } from "./search-header.ts";
import type { SheetSink } from "./sheet-reader.ts";
import type { WorkbookParts } from "./workbook-parts.ts";

/** Sheets left aside that are noted. */
const NOTED_SHEETS = 10;

/** A framer that is given nothing to read: `end` reads the opened workbook. */
export function openWorkbookFramer(
  framing: WorkbookFraming,
  sink: FrameSink,
  parts: WorkbookParts,
): Framer {
  return {
    read() {
      throw new Error("a workbook is read at its end, not in pieces");
    },
    async *end() {
      const sheet = await chooseSheet(parts, framing);
      if (sheet === null) {
        const names = parts.sheets.map(({ name }) => name).join(", ");
        const expected = framing.sheet === undefined ? "a sheet" : `the sheet ${framing.sheet}`;
        const place = { line: 0, column: null, field: "" };
        stopReading(sink.problems, { ...place, code: "header", value: names, expected });
      }
      const rows = new SheetRows(framing, sink);
      yield* readSheet(parts, sheet, rows);
      rows.end();
      const others = parts.sheets.filter((other) => other !== sheet);
      for (const other of framing.sheet === undefined ? others.slice(0, NOTED_SHEETS) : []) {
        const [first] = await sheetHead(parts, other, 1);
        if (first !== undefined) rows.note("records-skipped", `the sheet ${other.name}`);
      }
    },
    async close() {},
  };
}

/** Header and records of a sheet. */
class SheetRows implements SheetSink {
  readonly #sink: FrameSink;
  readonly #header: HeaderSearch;
  readonly #blank: BlankRows;
  #names: readonly string[] = [];
  /** Of each column the first formula that is a quoted string. */
  readonly #formulas = new Map<number, { row: number; text: string }>();

  constructor(framing: WorkbookFraming, sink: FrameSink) {
    this.#sink = sink;
    this.#blank = new BlankRows(sink.problems);
    this.#header = startHeaderSearch(framing.header, {
      problems: sink.problems,
      onColumns: (names) => {
        this.#names = names;
        sink.onColumns(names);
      },
      onRecord: (record) => this.#handOn(record),
    });
  }

  onRow(record: TapeRecord): void {
    if (record.count === 0) this.#blank.take(record.line);
    else if (this.#header.found) this.#handOn(record);
    else this.#header.take(record);
  }

  onQuotedFormula({ row, column, text }: { row: number; column: number; text: string }): void {
    if (!this.#formulas.has(column)) this.#formulas.set(column, { row, text });
  }

  end(): void {
    this.#header.end();
    this.#blank.end();
    for (const [column, { row, text }] of this.#formulas) {
      this.#sink.problems.add({
        line: row,
        column: column + 1,
        field: this.#names[column] ?? "",
        code: "loan-id-formula",
        loanId: null,
        value: text,
        expected: "a text, not a formula that the workbook holds no value of",
      });
    }
  }

  note(code: "records-skipped", value: string): void {
    const place = { line: 0, column: null, field: "", loanId: null };
    this.#sink.problems.add({ ...place, code, value, expected: "all loans on one sheet" });
  }

  /** A row ends with its last value: what is missing up to the header's width is there, empty. */
  #handOn(record: TapeRecord): void {
    const width = this.#names.length;
    if (record.start.length < width) {
      const start = new Int32Array(width).fill(-1);
      const end = new Int32Array(width);
      start.set(record.start);
      end.set(record.end);
      this.#sink.onRecord({ ...record, count: width, start, end });
      return;
    }
    const { count } = record;
    record.count = Math.max(count, width);
    this.#sink.onRecord(record);
  }
}
