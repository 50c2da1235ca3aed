/** Files with one row a loan and a column for each of its months: the rows of one month made of them. */
import type { UnfoldedMonths } from "../formats/tape-format.ts";
import type { FrameSink } from "../framing/framer.ts";
import type { TapeRecord } from "../tape-record.ts";
import { ColumnNames, normaliseName } from "./column-names.ts";
import { MissingWords } from "./missing-words.ts";
import { dateReader } from "./read-date.ts";

export interface UnfoldTerms {
  months: UnfoldedMonths;
  /** Spellings of "not reported". */
  missing: readonly string[];
  /** Month that is wanted (year * 12 + month - 1), and how the file would write its last day. */
  month: number;
  lastDay: string;
}

/**
 * Passes on the records of the wanted month, with the plain columns alone. A loan that is not there in it
 * passes with its first month, which the reader skips as another period.
 */
export function unfoldMonths(terms: UnfoldTerms, sink: FrameSink): FrameSink {
  let unfolding: Unfolding | null = null;
  return {
    problems: sink.problems,
    onColumns(names) {
      unfolding = new Unfolding(names, terms);
      sink.onColumns(unfolding.names);
    },
    onRecord(record) {
      sink.onRecord(unfolding === null ? record : unfolding.unfold(record));
    },
  };
}

/** A cell of a later month: text that stands for the month, no cell, or a column of the file. */
const MONTH_CELL = -2;
const NO_CELL = -1;

class Unfolding {
  /** The plain columns, in the order of the file. */
  readonly names: readonly string[];
  readonly #terms: UnfoldTerms;
  readonly #all: ColumnNames;
  readonly #plain: readonly number[];
  readonly #monthOf: ReturnType<typeof dateReader>;
  readonly #missing: MissingWords;
  /** Columns that make the plain ones so many months later. */
  readonly #sources = new Map<number, readonly number[]>();
  readonly #record: TapeRecord;

  constructor(names: readonly string[], terms: UnfoldTerms) {
    this.#terms = terms;
    this.#all = new ColumnNames(names);
    const prefixes = Object.values(terms.months.later).map(normaliseName);
    const isLater = (name: string): boolean =>
      prefixes.some((prefix) => {
        const plain = normaliseName(name);
        return plain.startsWith(prefix) && /^\d+$/.test(plain.slice(prefix.length));
      });
    this.#plain = [...names.keys()].filter((column) => !isLater(names[column] ?? ""));
    this.names = this.#plain.map((column) => names[column] ?? "");
    this.#monthOf = dateReader({ use: "month", patterns: [terms.months.pattern], pivot: 0 });
    this.#missing = new MissingWords(terms.missing);
    this.#record = {
      line: 0,
      bytes: Buffer.alloc(0),
      count: this.names.length,
      start: new Int32Array(this.names.length),
      end: new Int32Array(this.names.length),
    };
  }

  unfold(record: TapeRecord): TapeRecord {
    const after = this.#monthsAfterFirst(record);
    const present = after > 0 ? this.#all.find(`${this.#presentName()}${after}`) : NO_CELL;
    const sources = this.#has(record, present) ? this.#sourcesAt(after) : this.#plain;
    return this.#gather(record, sources);
  }

  #presentName(): string {
    const { later, present } = this.#terms.months;
    return later[present] ?? present;
  }

  /** How many months the wanted one is after the row's first; 0 where the row does not say. */
  #monthsAfterFirst({ bytes, start, end, count }: TapeRecord): number {
    const column = this.#all.find(this.#terms.months.monthColumn);
    if (column < 0 || column >= count) return 0;
    const first = this.#monthOf.read(bytes, start[column] ?? 0, end[column] ?? 0);
    return Number.isFinite(first) ? this.#terms.month - first : 0;
  }

  #has({ bytes, start, end, count }: TapeRecord, column: number): boolean {
    if (column < 0 || column >= count) return false;
    const from = start[column] ?? 0;
    const to = end[column] ?? 0;
    return to > from && !this.#missing.has(bytes, from, to);
  }

  #sourcesAt(after: number): readonly number[] {
    const known = this.#sources.get(after);
    if (known !== undefined) return known;
    const { months } = this.#terms;
    const later = new Map(
      Object.entries(months.later).map(([name, to]) => [normaliseName(name), to]),
    );
    const begins = new Map(
      Object.entries(months.begins).map(([name, from]) => [normaliseName(name), from]),
    );
    const firstOnly = new Set(months.firstOnly.map(normaliseName));
    /** The column of a plain name so many months after the first. */
    const columnAt = (name: string, month: number): number =>
      month === 0 ? this.#all.find(name) : this.#all.find(`${later.get(name) ?? ""}${month}`);
    const sources = this.#plain.map((column) => {
      const name = normaliseName(this.#all.names[column] ?? "");
      if (name === normaliseName(months.monthColumn)) return MONTH_CELL;
      const from = begins.get(name);
      if (from !== undefined) return columnAt(normaliseName(from), after - 1);
      if (later.has(name)) return columnAt(name, after);
      return firstOnly.has(name) ? NO_CELL : column;
    });
    this.#sources.set(after, sources);
    return sources;
  }

  /** The cells of these columns, copied behind the wanted month's last day where one of them says it. */
  #gather(record: TapeRecord, sources: readonly number[]): TapeRecord {
    const made = this.#record;
    const from = Math.min(...record.start.subarray(0, record.count).filter((at) => at >= 0));
    const to = Math.max(...record.end.subarray(0, record.count));
    const lastDay = Buffer.from(this.#terms.lastDay);
    const isMoved = sources.includes(MONTH_CELL);
    const shift = isMoved ? lastDay.length - from : 0;
    made.line = record.line;
    made.bytes = isMoved ? Buffer.concat([lastDay, record.bytes.subarray(from, to)]) : record.bytes;
    for (const [place, column] of sources.entries()) {
      const start =
        column >= 0 && column < record.count ? (record.start[column] ?? NO_CELL) : NO_CELL;
      made.start[place] = start < 0 ? NO_CELL : start + shift;
      made.end[place] = start < 0 ? NO_CELL : (record.end[column] ?? start) + shift;
      if (column === MONTH_CELL) {
        made.start[place] = 0;
        made.end[place] = lastDay.length;
      }
    }
    return made;
  }
}
