/** What a check of one row is made of. */
import type { CanonicalField, CumulativeField } from "../canonical-fields.ts";
import type { LoanRow } from "../loan-row.ts";
import type { TapeTerms } from "../tape-terms.ts";
import type { ProblemCode, ProblemSeverity } from "./check-codes.ts";

/** What is the same for all rows of a tape. */
export interface RowRules {
  terms: TapeTerms;
  /** The deal's roll-forward: places of the flows in LoanRow.numbers. */
  roll: { subtract: Int32Array; add: Int32Array; toleranceCents: number };
  period: {
    /** 0 is the cut-off tape, of which only closing balances are read. */
    ordinal: number;
    /** Epoch days. */
    begin: number;
    end: number;
    /** Month number of the end. */
    endMonth: number;
  };
  /** The format states no opening balance and no flows: they come from the tape before. */
  differenced: boolean;
  /** Fields that the file states since origination. */
  cumulative: ReadonlySet<CumulativeField>;
}

/** A problem without its place, which is the row's. */
export interface Finding {
  field: CanonicalField;
  code: ProblemCode;
  /** Where this case is less grave, or graver, than the code in general; the deal's setting comes first. */
  severity?: ProblemSeverity;
  value: string;
  expected: string;
}

/** Makes nothing but its answer, and that only when something is wrong. */
export type RowCheck = (row: LoanRow, rules: RowRules) => Finding | null;
