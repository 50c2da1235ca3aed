/** Finds the names of the columns among the first rows of a file; see Header. */
import { stopReading } from "../tape-record.ts";
import type { TapeRecord } from "../tape-record.ts";
import { normaliseName } from "../reading/column-names.ts";
import type { FrameSink, Header } from "./framer.ts";

/** Rows looked at for a header. */
const SEARCHED_ROWS = 100;

/** Rows that a header may be split over. */
const MOST_HEADER_ROWS = 4;

/** Names that a refusal lists. */
const LISTED_NAMES = 10;

export interface HeaderSearch {
  /** From here on records go straight to the sink. */
  readonly found: boolean;
  /** Takes a record while the header is not found; hands on what is no header. @throws UnreadableTape */
  take(record: TapeRecord): void;
  /** @throws UnreadableTape when there was no header */
  end(): void;
}

export function startHeaderSearch(header: Header, sink: FrameSink): HeaderSearch {
  if (header.kind === "find") return new NamesSearch(header, sink);
  let found = false;
  return {
    get found() {
      return found;
    },
    take(record) {
      found = true;
      if (header.kind === "first") return sink.onColumns(namesOf(record));
      sink.onColumns(header.columns);
      sink.onRecord(record);
    },
    end() {
      if (found) return;
      if (header.kind === "none") return sink.onColumns(header.columns);
      stopAtHeader(sink, { line: 1, value: "", expected: "a header line" });
    },
  };
}

/** How many of the names, normalised, stand in the row. */
export function countNames(row: readonly string[], names: ReadonlySet<string>): number {
  return new Set(row.map(normaliseName).filter((name) => names.has(name))).size;
}

/** As they are compared: blanks around and inside, and large or small, do not count. */
export function normaliseNames(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(normaliseName));
}

function namesOf(record: TapeRecord): string[] {
  return Array.from({ length: record.count }, (_, i) => {
    const start = record.start[i] ?? -1;
    return start < 0 ? "" : record.bytes.toString("utf8", start, record.end[i]).trim();
  });
}

function stopAtHeader(
  { problems }: FrameSink,
  what: { line: number; value: string; expected: string },
): never {
  return stopReading(problems, { ...what, code: "header", column: null, field: "" });
}

/** A row that was read before it was known whether it is the header. */
interface KeptRow {
  record: TapeRecord;
  names: string[];
}

interface HeaderRun {
  from: number;
  rows: number;
  names: string[];
  score: number;
}

class NamesSearch implements HeaderSearch {
  found = false;
  readonly #least: number;
  readonly #names: ReadonlySet<string>;
  readonly #listed: string;
  readonly #sink: FrameSink;
  readonly #rows: KeptRow[] = [];
  #best: HeaderRun | null = null;
  /** The first row with which there were names enough. */
  #firstHit = Infinity;

  constructor({ names, least }: Extract<Header, { kind: "find" }>, sink: FrameSink) {
    this.#names = normaliseNames(names);
    this.#listed = names.slice(0, LISTED_NAMES).join(", ");
    this.#least = least;
    this.#sink = sink;
  }

  take(record: TapeRecord): void {
    const at = this.#rows.length;
    this.#rows.push({ record: copyOf(record), names: namesOf(record).map(joinBlanks) });
    for (let rows = 1; rows <= Math.min(MOST_HEADER_ROWS, at + 1); rows++) {
      const names = joinRows(this.#rows.slice(at + 1 - rows));
      const score = countNames(names, this.#names);
      if (score < this.#least || score <= (this.#best?.score ?? 0)) continue;
      this.#best = { from: at + 1 - rows, rows, names, score };
      this.#firstHit = Math.min(this.#firstHit, at);
    }
    // A header split over several rows has all its names only with the last of them.
    if (at >= this.#firstHit + MOST_HEADER_ROWS - 1) this.#settle();
    else if (at + 1 === SEARCHED_ROWS) this.end();
  }

  end(): void {
    if (this.found) return;
    if (this.#best !== null) return this.#settle();
    const firstColumn = this.#rows.map(({ names }) => names[0] ?? "");
    const isTransposed = countNames(firstColumn, this.#names) >= this.#least;
    stopAtHeader(this.#sink, {
      line: this.#rows[0]?.record.line ?? 1,
      value: isTransposed ? "the names stand in the first column" : firstRowOf(this.#rows),
      expected: isTransposed
        ? "one row per loan: the file has one column per loan and is to be transposed"
        : `a header with at least ${this.#least} of ${this.#listed}, …`,
    });
  }

  #settle(): void {
    const best = this.#best;
    if (best === null) return;
    this.found = true;
    if (best.from > 0) {
      this.#sink.problems.add({
        line: this.#rows[0]?.record.line ?? 1,
        column: null,
        field: "",
        code: "title-rows",
        loanId: null,
        value: `${best.from} ${best.from === 1 ? "row" : "rows"} above the header`,
        expected: "the header on the first row",
      });
    }
    this.#sink.onColumns(best.names);
    for (const { record } of this.#rows.slice(best.from + best.rows)) this.#sink.onRecord(record);
    this.#rows.length = 0;
  }
}

function firstRowOf(rows: readonly KeptRow[]): string {
  return rows[0]?.names.join(", ") ?? "";
}

function joinBlanks(name: string): string {
  return name.replaceAll(/\s+/g, " ");
}

/** The names of a header that is split over rows, each column joined with a blank. */
function joinRows(rows: readonly KeptRow[]): string[] {
  const width = Math.max(...rows.map(({ names }) => names.length));
  return Array.from({ length: width }, (_, i) =>
    rows
      .map(({ names }) => names[i] ?? "")
      .filter((name) => name !== "")
      .join(" "),
  );
}

function copyOf({ line, bytes, count, start, end }: TapeRecord): TapeRecord {
  const begins = start.slice(0, count);
  const ends = end.slice(0, count);
  const from = begins.reduce((least, at) => (at < 0 ? least : Math.min(least, at)), bytes.length);
  const to = ends.reduce(
    (most, at, i) => ((begins[i] ?? -1) < 0 ? most : Math.max(most, at)),
    from,
  );
  return {
    line,
    bytes: Buffer.from(bytes.subarray(from, to)),
    count,
    start: begins.map((at) => (at < 0 ? at : at - from)),
    end: ends.map((at) => at - from),
  };
}
