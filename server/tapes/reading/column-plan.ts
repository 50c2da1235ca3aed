/** What is done with the columns of one file: the declaration of its format, met with their names. */
import type { CanonicalField } from "../canonical-fields.ts";
import type { CellReader } from "./cell-reader.ts";
import type { MissingWords } from "./missing-words.ts";
import type { DayRange } from "./read-date.ts";
import type { WordTable } from "./word-table.ts";

/** A canonical field of numbers and the cells that it is read from. */
export interface NumberColumn {
  field: CanonicalField;
  /** Place in LoanRow.numbers. */
  at: number;
  /** Name in the file, for whoever must correct it. */
  name: string;
  /** Of several the first that has a value; of a sum all of them. */
  cells: Int32Array;
  reader: CellReader;
  missing: MissingWords;
  /** The file must have the column. */
  needed: boolean;
  /** Each row must have a value. */
  required: boolean;
  /** Null where one cell is all there is to it. */
  more: MoreCells | null;
}

export interface MoreCells {
  /** 1 or -1 for each cell of a sum; null when it is none. */
  signs: Int8Array | null;
  /** A sum below 0 is 0. */
  neverNegative: boolean;
  /** The cell holds several amounts joined with ";". */
  several: boolean;
  /** The cell that says "false" where the amount is negative; -1 when there is none. */
  signCell: number;
  /** The value counts only where that cell has one of the words, or any amount; else it is 0. */
  when: { cell: number; words: WordTable | null } | null;
}

export interface TextColumn {
  field: CanonicalField;
  /** Place in LoanRow.textStart. */
  at: number;
  name: string;
  cells: Int32Array;
  missing: MissingWords;
  needed: boolean;
  required: boolean;
}

/** A column beside the canonical ones whose values the format knows. */
export interface KnownColumn {
  name: string;
  cell: number;
  /** Whether the format can have such a value. */
  holds(bytes: Buffer, start: number, end: number): boolean;
  code: "type" | "code-unknown";
  expected: string;
}

export interface ColumnPlan {
  numbers: readonly NumberColumn[];
  texts: readonly TextColumn[];
  known: readonly KnownColumn[];
  /** Cells of the attributes, in the order of their names. */
  attributes: Int32Array;
  attributeNames: readonly string[];
  /** A record without a value in all of these cells is no loan; null: every record is one. */
  loanCells: Int32Array | null;
  /** Of a masked balance; -1 when the format masks none or the column is not there. */
  ageCell: number;
  /** Days of the columns in which day and month could be swapped. */
  days: readonly { name: string; range: DayRange }[];
}
