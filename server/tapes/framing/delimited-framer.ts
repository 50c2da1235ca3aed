/**
 * Text with a delimiter, after RFC 4180: quoted cells with doubled quotes and line ends inside; lines
 * end in CR, LF or CRLF. Works on bytes and keeps none but a record that goes on in the next piece.
 */
import { stopReading } from "../tape-record.ts";
import type { TapeRecord } from "../tape-record.ts";
import type { ProblemCode } from "../checks/check-codes.ts";
import { BlankRows } from "./blank-rows.ts";
import { TextCheck } from "./check-text.ts";
import type { TextFault } from "./check-text.ts";
import type { DelimitedFraming, Framer, FrameSink } from "./framer.ts";
import { guessDelimiter, GUESSED_BYTES } from "./guess-delimiter.ts";
import { LINE_ENDS, LineEnds } from "./line-ends.ts";
import { startHeaderSearch } from "./search-header.ts";
import type { HeaderSearch } from "./search-header.ts";

/** A record longer than this is an unclosed quote, not a row. */
const LONGEST_RECORD = 1_048_576;

/** No tape has more columns; more would only fill memory. */
const MOST_COLUMNS = 4_096;

/** How much of the next piece is joined first to a record that goes on in it; then twice as much. */
const JOINED_BYTES = 4_096;

const RFC_4180 = "delimited text as RFC 4180 has it";

const TAB = 9;
const LF = 10;
const CR = 13;
const BLANK = 32;
const QUOTE = 34;

export function openDelimitedFramer(framing: DelimitedFraming, sink: FrameSink): Framer {
  return new DelimitedFramer(framing, sink);
}

class DelimitedFramer implements Framer {
  readonly #framing: DelimitedFraming;
  readonly #sink: FrameSink;
  readonly #text: TextCheck;
  readonly #header: HeaderSearch;
  readonly #blank: BlankRows;
  readonly #lineEnds: LineEnds;
  /** 1 for the bytes that a run of plain ones ends at. */
  readonly #special = new Uint8Array(256);
  /** 0 until it is known. */
  #delimiter = 0;
  /** What came before the delimiter was known. */
  #waiting = Buffer.alloc(0);

  readonly #record: TapeRecord = {
    line: 1,
    bytes: Buffer.alloc(0),
    count: 0,
    start: new Int32Array(MOST_COLUMNS).fill(-1),
    end: new Int32Array(MOST_COLUMNS),
  };
  /** A record that began in an earlier piece, and how much of it there is. */
  #carry = Buffer.alloc(0);
  #carried = 0;
  /** Where in the bytes at hand the record and its last cell begin. */
  #begin = 0;
  #cell = 0;

  #line = 1;
  #recordLine = 1;
  /** The last byte was a CR that ended a record: an LF belongs to it. */
  #afterCr = false;
  /** Of the cell at hand: whether it is quoted, and whether the closing quote was seen. */
  #quote: "none" | "inside" | "closed" = "none";
  #quoteLine = 0;
  #quotedStart = 0;
  #quotedEnd = 0;
  #afterQuotedCr = false;
  /** The record has a doubled quote: its cells are copied with single ones. */
  #doubled = false;
  #single = Buffer.alloc(0);

  constructor(framing: DelimitedFraming, sink: FrameSink) {
    this.#framing = framing;
    this.#sink = sink;
    this.#text = new TextCheck(framing.encoding ?? "utf-8");
    this.#header = startHeaderSearch(framing.header, sink);
    this.#blank = new BlankRows(sink.problems);
    this.#lineEnds = new LineEnds(sink.problems);
    for (const byte of [LF, CR, QUOTE]) this.#special[byte] = 1;
    if (framing.delimiter !== "auto") this.#delimitBy(framing.delimiter);
  }

  read(piece: Buffer): void {
    const text = this.#text.check(piece);
    if (!Buffer.isBuffer(text)) return this.#refuseText(text, piece);
    if (this.#delimiter !== 0) return this.#readText(text);
    this.#waiting = Buffer.concat([this.#waiting, text]);
    if (this.#waiting.length >= GUESSED_BYTES) this.#guess();
  }

  async *end(): AsyncGenerator<void> {
    const fault = this.#text.end();
    if (fault !== null) this.#refuseText(fault, Buffer.alloc(0));
    if (this.#delimiter === 0) this.#guess();
    yield;
    if (this.#quote === "inside") this.#refuseOpenQuote();
    // What is left is a record without a line end; it gets one.
    if (this.#carried > 0) this.#readText(Buffer.of(LF));
    if (this.#text.hasMark) {
      this.#sink.problems.add({
        ...{ line: 1, column: null, field: "", loanId: null },
        code: "byte-order-mark",
        value: "a byte order mark",
        expected: "text alone",
      });
    }
    this.#header.end();
    this.#blank.end();
  }

  async close(): Promise<void> {
    this.#carry = Buffer.alloc(0);
  }

  #delimitBy(delimiter: string): void {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#special[this.#delimiter] = 1;
  }

  #guess(): void {
    const text = this.#waiting;
    this.#waiting = Buffer.alloc(0);
    this.#delimitBy(guessDelimiter(text, this.#framing.header));
    this.#readText(text);
  }

  #readText(text: Buffer): void {
    const from = this.#carried > 0 ? this.#completeCarried(text) : 0;
    if (this.#carried > 0) return;
    this.#begin = from;
    this.#cell = from;
    this.#scan(text, { from, to: text.length, once: false });
    if (this.#begin < text.length) this.#carryOn(text);
  }

  /** Joins the carried record with its rest; gives where the next one begins. */
  #completeCarried(text: Buffer): number {
    let from = 0;
    for (let size = JOINED_BYTES; from < text.length; size *= 2) {
      const before = this.#carried;
      const joined = text.subarray(from, from + size);
      this.#append(joined);
      const at = this.#scan(this.#carry, { from: before, to: this.#carried, once: true });
      if (at >= 0) {
        this.#carried = 0;
        return from + at - before;
      }
      from += joined.length;
    }
    return from;
  }

  #append(bytes: Buffer): void {
    if (this.#carried > LONGEST_RECORD) this.#refuseLong();
    const length = this.#carried + bytes.length;
    if (length > this.#carry.length) {
      const grown = Buffer.allocUnsafe(2 * length);
      this.#carry.copy(grown, 0, 0, this.#carried);
      this.#carry = grown;
    }
    bytes.copy(this.#carry, this.#carried);
    this.#carried = length;
  }

  /** Keeps the begun record at the end of a piece. */
  #carryOn(text: Buffer): void {
    const by = this.#begin;
    this.#append(text.subarray(by));
    const { start, end, count } = this.#record;
    for (let i = 0; i < count; i++) {
      start[i] = (start[i] as number) - by;
      end[i] = (end[i] as number) - by;
    }
    this.#cell -= by;
    this.#quotedStart -= by;
    this.#quotedEnd -= by;
    this.#begin = 0;
  }

  /**
   * Reads bytes [from, to), which go on with the record that begins at #begin; with `once` at most one
   * record. Gives where the record ended that `once` asked for, -1 when it goes on. All that the loop
   * over the bytes needs is in local variables: this is where the time of an upload goes.
   */
  #scan(bytes: Buffer, { from, to, once }: { from: number; to: number; once: boolean }): number {
    const special = this.#special;
    const delimiter = this.#delimiter;
    const record = this.#record;
    const { start, end } = record;
    let { count } = record;
    let i = from;
    if (this.#afterCr && i < to) i = this.#finishCrLf(bytes, i);
    let cell = this.#cell;
    for (;;) {
      let until = i;
      if (this.#quote !== "none") {
        i = this.#scanQuoted(bytes, i, to);
        if (i === to) break;
        cell = this.#quotedStart;
        until = this.#quotedEnd;
        this.#quote = "none";
      } else {
        while (i < to && special[bytes[i] as number] === 0) i += 1;
        if (i === to) break;
        if (bytes[i] === QUOTE) {
          this.#openQuote(bytes, cell, i);
          i += 1;
          continue;
        }
        until = i;
      }
      while (cell < until && (bytes[cell] as number) <= BLANK) cell += 1;
      while (until > cell && (bytes[until - 1] as number) <= BLANK) until -= 1;
      if (count === MOST_COLUMNS) this.#refuseWide();
      start[count] = cell;
      end[count] = until;
      count += 1;
      if (bytes[i] === delimiter) {
        i += 1;
        cell = i;
        continue;
      }
      record.count = count;
      this.#endRecord(bytes, i);
      count = 0;
      i = this.#endLine(bytes, i, to);
      this.#begin = i;
      cell = i;
      this.#recordLine = this.#line;
      record.count = 0;
      if (once) return i;
    }
    record.count = count;
    this.#cell = cell;
    return -1;
  }

  #openQuote(bytes: Buffer, cell: number, at: number): void {
    for (let i = cell; i < at; i++) {
      if ((bytes[i] as number) <= BLANK) continue;
      const value = "a quote inside an unquoted field";
      this.#stop("malformed", { line: this.#line, value, expected: RFC_4180 });
    }
    this.#quote = "inside";
    this.#quoteLine = this.#line;
    this.#quotedStart = at + 1;
    this.#afterQuotedCr = false;
  }

  /** Reads on in a quoted cell; gives where what ends it stands, or `to`. */
  #scanQuoted(bytes: Buffer, from: number, to: number): number {
    let i = from;
    while (i < to) {
      if (this.#quote === "inside") i = this.#scanInside(bytes, i, to);
      if (i === to) return to;
      const byte = bytes[i] as number;
      if (byte === QUOTE && i === this.#quotedEnd + 1) {
        this.#quote = "inside";
        this.#doubled = true;
      } else if (byte === this.#delimiter || byte === LF || byte === CR) {
        return i;
      } else if (byte !== BLANK && byte !== TAB) {
        const value = `text after the closing quote of a field that begins on line ${this.#quoteLine}`;
        this.#stop("malformed", { line: this.#line, value, expected: RFC_4180 });
      }
      i += 1;
    }
    return to;
  }

  /** Goes past the next quote; gives where that is, or `to`. */
  #scanInside(bytes: Buffer, from: number, to: number): number {
    for (let i = from; i < to; i++) {
      const byte = bytes[i] as number;
      if (byte === QUOTE) {
        this.#quote = "closed";
        this.#quotedEnd = i;
        return i + 1;
      }
      if (byte > CR) continue;
      if (byte === CR || (byte === LF && !this.#afterQuotedCr)) this.#line += 1;
      this.#afterQuotedCr = byte === CR;
    }
    return to;
  }

  /** Goes past the line end at `at`. */
  #endLine(bytes: Buffer, at: number, to: number): number {
    this.#line += 1;
    if (bytes[at] === LF) {
      this.#lineEnds.take(LINE_ENDS.lf, this.#line - 1);
      return at + 1;
    }
    if (at + 1 < to) {
      const isPair = bytes[at + 1] === LF;
      this.#lineEnds.take(isPair ? LINE_ENDS.crlf : LINE_ENDS.cr, this.#line - 1);
      return isPair ? at + 2 : at + 1;
    }
    this.#afterCr = true;
    return at + 1;
  }

  /** The byte after a CR that was the last byte at hand. */
  #finishCrLf(bytes: Buffer, at: number): number {
    this.#afterCr = false;
    const isPair = bytes[at] === LF;
    this.#lineEnds.take(isPair ? LINE_ENDS.crlf : LINE_ENDS.cr, this.#line - 1);
    if (!isPair) return at;
    this.#begin = at + 1;
    this.#cell = at + 1;
    return at + 1;
  }

  #endRecord(bytes: Buffer, at: number): void {
    const record = this.#record;
    if (at - this.#begin > LONGEST_RECORD) this.#refuseLong();
    record.bytes = bytes;
    record.line = this.#recordLine;
    if (isBlank(record)) this.#blank.take(record.line);
    else {
      if (this.#doubled) this.#undouble(at - this.#begin);
      if (this.#header.found) this.#sink.onRecord(record);
      else this.#header.take(record);
    }
    this.#doubled = false;
  }

  /** Copies the cells of a record with single quotes; outside quotes there are none. */
  #undouble(length: number): void {
    if (this.#single.length < length) this.#single = Buffer.allocUnsafe(2 * length);
    const { bytes, start, end, count } = this.#record;
    let to = 0;
    for (let cell = 0; cell < count; cell++) {
      const from = to;
      for (let i = start[cell] as number; i < (end[cell] as number); i++) {
        const byte = bytes[i] as number;
        this.#single[to++] = byte;
        if (byte === QUOTE) i += 1;
      }
      start[cell] = from;
      end[cell] = to;
    }
    this.#record.bytes = this.#single;
  }

  #stop(code: ProblemCode, what: { line: number; value: string; expected: string }): never {
    return stopReading(this.#sink.problems, { ...what, code, column: null, field: "" });
  }

  #refuseText({ at, value, expected }: TextFault, piece: Buffer): never {
    const before = Buffer.concat([this.#waiting, piece.subarray(0, Math.max(at, 0))]);
    const ends = before.toString("latin1").split(/\r\n|\r|\n/).length - 1;
    return this.#stop("encoding", { line: this.#line + ends, value, expected });
  }

  #refuseOpenQuote(): never {
    const value = "a quote that is never closed";
    return this.#stop("malformed", { line: this.#quoteLine, value, expected: RFC_4180 });
  }

  #refuseLong(): never {
    if (this.#quote === "inside") this.#refuseOpenQuote();
    return this.#stop("element-too-long", {
      line: this.#recordLine,
      value: `more than ${LONGEST_RECORD} bytes`,
      expected: `a record of at most ${LONGEST_RECORD} bytes`,
    });
  }

  #refuseWide(): never {
    return this.#stop("element-too-long", {
      line: this.#recordLine,
      value: `more than ${MOST_COLUMNS} cells`,
      expected: `at most ${MOST_COLUMNS} columns`,
    });
  }
}

function isBlank({ start, end, count }: TapeRecord): boolean {
  for (let i = 0; i < count; i++) {
    if ((end[i] as number) > (start[i] as number)) return false;
  }
  return true;
}
