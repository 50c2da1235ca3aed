import type { ProblemList } from "../tape-problem.ts";
import type { TapeRecord } from "../tape-record.ts";

/** Takes what a framer finds, at once: nothing waits in between. */
export interface FrameSink {
  /**
   * The names of the columns as the file has them, before the first record. Elements of XML may show
   * up later: then all names again, the old ones in their places.
   */
  onColumns(names: readonly string[]): void;
  onRecord(record: TapeRecord): void;
  problems: ProblemList;
}

/**
 * Turns decoded bytes into records, piece by piece: memory does not grow with the file.
 * @throws UnreadableTape when it cannot go on; the reason is in the sink's problem list
 */
export interface Framer {
  read(piece: Buffer): void;
  /**
   * What the last bytes complete. A framing that must have the whole file first (a workbook) gives its
   * records here, with a pause (a yield) now and then in which the consumer catches up.
   */
  end(): AsyncIterable<void>;
  /** Releases what is held outside memory; to be called in any case, also after an error. */
  close(): Promise<void>;
}

/** One element per record below the root, values as its children. */
export interface XmlFraming {
  kind: "xml";
  /** Of the root element; exactly this one, or a prefix of it where versions follow. */
  namespace: string;
  /**
   * Local names from the root to the record, e.g. ["assetData", "assets"]. In a path of more than two,
   * values that stand beside the records and before them are columns of every record: `../CutOffDt`.
   */
  path: readonly string[];
  /**
   * Children that hold further values (`property` of a CMBS asset): their values are columns named
   * `property/propertyState`; of several, the values are joined with "; ". "*": any depth, columns named by their path
   * below the record.
   */
  nested?: readonly string[] | "*";
  /** Elements that may stand more than once in a record; their values are joined with "; ". */
  repeatable?: readonly string[];
  /** Attributes that are values too (`Amt Ccy="GBP"`), as a column `path/@Ccy`. */
  attributes?: readonly string[];
}

/** How the columns get their names. */
export type Header =
  /** On the first line. */
  | { kind: "first" }
  /** No header: these are the columns, in order. */
  | { kind: "none"; columns: readonly string[] }
  /**
   * Titles may stand above it and it may be split over several rows: it is the first row (or run of at
   * most four rows, joined with a blank) that has at least `least` of these names.
   */
  | { kind: "find"; names: readonly string[]; least: number };

export interface DelimitedFraming {
  kind: "delimited";
  /** "auto": the one of , | ; and tab that gives the header the most columns. */
  delimiter: "," | "|" | "\t" | ";" | "auto";
  header: Header;
  /** Of the bytes; UTF-8 when not said. Strict: a wrong byte refuses the file. */
  encoding?: "utf-8" | "windows-1252";
}

export interface WorkbookFraming {
  kind: "workbook";
  header: Header;
  /** Name of the sheet; the first one that has the header when not said. */
  sheet?: string;
}

export type Framing = XmlFraming | DelimitedFraming | WorkbookFraming;
