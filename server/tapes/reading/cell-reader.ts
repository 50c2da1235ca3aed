/** One cell to one exact number: at once where it is written plainly, explained where it is not. */
import type { ProblemCode, ProblemSeverity } from "../checks/check-codes.ts";

/** What `read` answers when `explain` has to look at the cell. */
export const UNREADABLE = Number.POSITIVE_INFINITY;

/** No number is written longer: digits without end would cost more than their length. */
export const LONGEST_NUMBER = 255;

/** How a cell that is not written plainly is to be taken. */
export interface Explained {
  /** Null: it cannot be read, for the reason of `code`. */
  value: number | null;
  /** Null: nothing is wrong with it. With a value it is noted once a column. */
  code: ProblemCode | null;
  expected: string;
  /** Only where it is not the code's own. */
  severity?: ProblemSeverity;
}

export interface CellReader {
  /** Makes no string and no object. @returns UNREADABLE when it is not written plainly */
  read(bytes: Buffer, start: number, end: number): number;
  /** Of a cell that `read` did not take and that is no spelling of "not reported". */
  explain(text: string): Explained;
}

export const readAs = (value: number): Explained => ({ value, code: null, expected: "" });

export function noted(value: number, code: ProblemCode, expected: string): Explained {
  return { value, code, expected };
}

/** What a workbook leaves of a formula that failed. */
const ERROR_CELL = /^#(N\/A|REF!|DIV\/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$/;

export function refused(text: string, code: ProblemCode, expected: string): Explained {
  return { value: null, code: ERROR_CELL.test(text) ? "error-cell" : code, expected };
}
