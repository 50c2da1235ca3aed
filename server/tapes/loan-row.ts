/** A row of a tape in canonical words, as it passes through an upload: read, checked, written, gone. */
import { CANONICAL_FIELDS } from "./canonical-fields.ts";
import type { CanonicalField } from "./canonical-fields.ts";

const NAMES = Object.keys(CANONICAL_FIELDS) as CanonicalField[];

/** Fields that are numbers, in the order of LoanRow.numbers. */
export const NUMBER_FIELDS = NAMES.filter((name) => CANONICAL_FIELDS[name] !== "text");
/** Fields that are text, in the order of LoanRow.textStart. */
export const TEXT_FIELDS = NAMES.filter((name) => CANONICAL_FIELDS[name] === "text");

function positions(names: readonly CanonicalField[]): Readonly<Record<CanonicalField, number>> {
  return Object.fromEntries(NAMES.map((name) => [name, names.indexOf(name)])) as Record<
    CanonicalField,
    number
  >;
}

/** Place of a field in LoanRow.numbers; -1 for a text. */
export const NUMBER_AT = positions(NUMBER_FIELDS);
/** Place of a field in LoanRow.textStart and textEnd; -1 for a number. */
export const TEXT_AT = positions(TEXT_FIELDS);

/** One object for all rows of a tape: whoever keeps something copies it. */
export class LoanRow {
  /** Line of the file. */
  line = 0;
  /** Exact integers in the units of canonical-fields.ts; flags 0 or 1; NaN: the tape does not say. */
  readonly numbers = new Float64Array(NUMBER_FIELDS.length);
  /** Text i is bytes[textStart[i], textEnd[i]); start -1: the tape does not say. */
  bytes: Buffer = Buffer.alloc(0);
  readonly textStart = new Int32Array(TEXT_FIELDS.length);
  readonly textEnd = new Int32Array(TEXT_FIELDS.length);
  /** Positions in LOAN_STATUSES and DELINQUENCY_BUCKETS. */
  status = 0;
  bucket = 0;
  /** The balance of 0 is one that the format masks: the loan has not ended. */
  masked = false;

  /** A number, or NaN. */
  number(field: CanonicalField): number {
    return this.numbers[NUMBER_AT[field]] ?? Number.NaN;
  }

  /** A number, 0 when the tape does not say. */
  amount(field: CanonicalField): number {
    const value = this.number(field);
    return Number.isNaN(value) ? 0 : value;
  }

  /** A text, or null: for messages and rare paths, it makes a string. */
  text(field: CanonicalField): string | null {
    const at = TEXT_AT[field];
    const start = this.textStart[at] ?? -1;
    return start < 0 ? null : this.bytes.toString("utf8", start, this.textEnd[at]);
  }
}
