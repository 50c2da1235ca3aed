/** The rows of a sheet as records: what each cell shows, in full, as bytes. */
import type { TapeRecord } from "../tape-record.ts";
import { columnOf, dateText, plainNumber, quotedString } from "./cell-text.ts";
import type { PartEvents } from "./read-part.ts";
import type { WorkbookParts } from "./workbook-parts.ts";

const MOST_COLUMNS = 4_096;
const LONGEST_ROW = 1_048_576;

/** Numbers of at most so many characters without an exponent stand as Excel shows them. */
const SHORT_NUMBER = 15;

export interface SheetSink {
  /** A row of the sheet; the same record comes again. Cells that the sheet does not have are -1. */
  onRow(record: TapeRecord): void;
  /** A formula that is a quoted string, whose value the workbook does not have. */
  onQuotedFormula(at: { row: number; column: number; text: string }): void;
}

export class SheetReader implements PartEvents {
  readonly #parts: WorkbookParts;
  readonly #sink: SheetSink;
  readonly #record: TapeRecord = {
    line: 0,
    bytes: Buffer.allocUnsafe(65_536),
    count: 0,
    start: new Int32Array(MOST_COLUMNS).fill(-1),
    end: new Int32Array(MOST_COLUMNS),
  };
  #length = 0;
  #isInRows = false;
  #column = -1;
  #type = "n";
  #style = 0;
  #formula: string | null = null;
  #value: string | null = null;
  #isAid = false;

  constructor(parts: WorkbookParts, sink: SheetSink) {
    this.#parts = parts;
    this.#sink = sink;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === "sheetData") this.#isInRows = true;
    if (!this.#isInRows) return;
    if (name === "c") this.#openCell(attributes);
    else if (name === "row") this.#openRow(attributes["r"]);
    else if (name === "rPh") this.#isAid = true;
  }

  close(name: string, text: string): void {
    if (!this.#isInRows) return;
    if (name === "v") this.#value = text;
    else if (name === "c") this.#closeCell();
    else if (name === "f") this.#formula = text;
    else if (name === "t" && !this.#isAid) this.#value = (this.#value ?? "") + text;
    else if (name === "rPh") this.#isAid = false;
    else if (name === "row") this.#sink.onRow(this.#record);
    else if (name === "sheetData") this.#isInRows = false;
  }

  #openRow(number: string | undefined): void {
    const record = this.#record;
    record.line = number === undefined ? record.line + 1 : Number(number) || record.line + 1;
    record.start.fill(-1, 0, record.count);
    record.count = 0;
    this.#length = 0;
    this.#column = -1;
  }

  #openCell(attributes: Readonly<Record<string, string>>): void {
    const { r } = attributes;
    this.#column = r === undefined ? this.#column + 1 : columnOf(r);
    if (this.#column < 0 || this.#column >= MOST_COLUMNS) {
      const value = `the cell ${r ?? this.#column}`;
      this.#parts.limits.refuse(value, `cells in at most ${MOST_COLUMNS} columns`);
    }
    this.#type = attributes["t"] ?? "n";
    this.#style = Number(attributes["s"] ?? 0);
    this.#formula = null;
    this.#value = null;
  }

  #closeCell(): void {
    const column = this.#column;
    const record = this.#record;
    const from = this.#length;
    if (this.#type === "s" && this.#value !== null) this.#writeBytes(this.#sharedString());
    else this.#write(this.#shownText());
    if (this.#length === from) return;
    record.start[column] = from;
    record.end[column] = this.#length;
    if (column >= record.count) record.count = column + 1;
  }

  #sharedString(): Buffer {
    const { strings, limits } = this.#parts;
    return (
      strings.get(Number(this.#value)) ??
      limits.refuse(`the string ${this.#value} of row ${this.#record.line}`, "all its strings")
    );
  }

  #shownText(): string {
    const text = this.#value ?? "";
    if (this.#formula !== null && (text === "" || text === "0")) return this.#formulaText(text);
    if (this.#type === "n") return this.#numberText(text);
    if (this.#type === "b") return text === "1" ? "true" : "false";
    if (this.#type === "d") return text.replace(/T00:00:00(\.0+)?Z?$/, "");
    return text;
  }

  #numberText(text: string): string {
    const shape = this.#parts.shapes[this.#style] ?? "number";
    if (shape !== "number") return dateText(text, shape, this.#parts.is1904);
    const isShort = text.length <= SHORT_NUMBER && !/[eE]/.test(text);
    return isShort ? text : plainNumber(text);
  }

  /** A formula whose value is 0 or not there: a quoted string is the text that the cell would show. */
  #formulaText(cached: string): string {
    const formula = this.#formula ?? "";
    const text = quotedString(formula);
    if (text !== null) {
      this.#sink.onQuotedFormula({ row: this.#record.line, column: this.#column, text });
      return text;
    }
    if (cached !== "") return this.#type === "b" ? "false" : this.#numberText(cached);
    return this.#type === "str" || formula === "" ? "" : `=${formula}`;
  }

  #write(text: string): void {
    const trimmed = text.trim();
    this.#reserve(trimmed.length * 3);
    this.#length += this.#record.bytes.write(trimmed, this.#length);
  }

  #writeBytes(bytes: Buffer): void {
    let from = 0;
    let to = bytes.length;
    while (from < to && (bytes[from] as number) <= 32) from += 1;
    while (to > from && (bytes[to - 1] as number) <= 32) to -= 1;
    this.#reserve(to - from);
    bytes.copy(this.#record.bytes, this.#length, from, to);
    this.#length += to - from;
  }

  #reserve(length: number): void {
    const { bytes } = this.#record;
    const needed = this.#length + length;
    if (needed <= bytes.length) return;
    if (needed > 3 * LONGEST_ROW) {
      this.#parts.limits.refuse(
        `row ${this.#record.line} is too long`,
        `at most ${LONGEST_ROW} bytes`,
      );
    }
    const grown = Buffer.allocUnsafe(2 * needed);
    bytes.copy(grown, 0, 0, this.#length);
    this.#record.bytes = grown;
  }
}
