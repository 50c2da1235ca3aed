/** A public tape format as data. One file under formats/ declares one; formats.ts lists them. */
import type { AssetClass, CanonicalField, LoanStatus } from "../canonical-fields.ts";
import type { Framing } from "../framing/framer.ts";
import type { DatePattern, RateUnit } from "../tape-words.ts";

export type { DatePattern, RateUnit };

/**
 * A value that counts only where another column says so, else it is 0: where it has one of these values,
 * or, without them, an amount other than 0.
 */
export interface When {
  column: string;
  values?: readonly string[];
}

/** A column with what is special about it. */
export interface ColumnReading {
  /** The name in the file; of several the first one that has a value in the row. */
  column: string | readonly string[];
  /** "cumulative": since origination, the month's flow is the difference to the tape before. */
  over?: "month" | "cumulative";
  /** Only where it is not the deal's own unit of rates. */
  unit?: RateUnit;
  /**
   * In which patterns a date may stand; more than one only where the format allows it. A month where a
   * day is asked for is its first day (periodBegin) or its last (periodEnd).
   */
  dates?: readonly DatePattern[];
  /** Years of two digits below this are of this century. */
  pivot?: number;
  /**
   * The column is a date from which the days run (a next due date): days past due are the days from it
   * to the period's end, at least 0.
   */
  since?: true;
  /**
   * Value in the file -> canonical value (days past due, a status, a flag, a number). Of a flag whose
   * codes are all true any other value says false.
   */
  codes?: Readonly<Record<string, number | string | boolean>>;
  /** Values other than `codes` are read as a number times this (Fannie's months late: 30). */
  times?: number;
  /** Spellings of "not reported" in this column, beside those of the format. */
  missing?: readonly string[];
  /** The column that says "false" where the amount is negative (`Sgn` of an ISO 20022 message). */
  sign?: string;
  /** Of several amounts in a cell, joined with "; " (several collaterals): their sum. */
  several?: "sum";
  when?: When;
  /** Cents without a decimal sign whose last character carries the sign (0000500000A is 50,000.01). */
  zoned?: boolean;
  /** Rounds to the cent what issuers state unrounded (scheduled amounts); else `decimals` refuses. */
  rounds?: boolean;
  /** A row without it is refused (`missing`). Always so for loanId, and endingBalance unless derived. */
  required?: boolean;
}

/** Several columns of one kind added up; "-name" takes a column off. Absent ones count as 0. */
export interface SumReading {
  sum: readonly string[];
  over?: "month" | "cumulative";
  when?: When;
  /** Below 0 it is 0. */
  neverNegative?: boolean;
  rounds?: boolean;
}

export type Reading = string | ColumnReading | SumReading;

/**
 * One row a loan: the plain columns are those of its first month, and columns with a number at the end
 * (`BAL1`, `BAL2`, ...) those of so many months later.
 */
export interface UnfoldedMonths {
  /** The column with the last day of the first month, and its pattern. */
  monthColumn: string;
  pattern: DatePattern;
  /** Column of the first month -> what its columns of later months are called before their number. */
  later: Readonly<Record<string, string>>;
  /** What a later month begins with: this column is that one of the month before. */
  begins: Readonly<Record<string, string>>;
  /** The column (of `later`) that has a value in every month in which the loan is there. */
  present: string;
  /** Columns of the first month that say nothing of a later one. */
  firstOnly: readonly string[];
}

/** What is known of a file before its format is. */
export interface FileHead {
  kind: "xml" | "text" | "workbook";
  /** Up to 64 KB, decoded; of a workbook the first rows, cells separated by tabs. */
  text: string;
  /** Root element and its namespace, and the names of the elements below it in this text. */
  xml: { root: string; namespace: string; elements: ReadonlySet<string> } | null;
  /** The first 30 records as cells, split at the likeliest delimiter; empty for XML. */
  rows: readonly (readonly string[])[];
  /** The likeliest delimiter of a text. */
  delimiter: string | null;
}

export interface TapeFormat {
  /** Stable: stored with each tape. */
  id: string;
  title: string;
  assetClass: AssetClass;
  /** Where the layout is published: document, version, section. */
  source: string;
  /** Several where the same layout comes as text and as workbook; the head decides. */
  framings: readonly Framing[];
  /** 0: not this format; 1: no doubt. From the content alone. */
  recognise(head: FileHead): number;
  fields: Partial<Record<CanonicalField, Reading>>;
  /** The unit of rates when the format fixes it; else the deal says. A rate with a % sign is percent. */
  rates?: RateUnit;
  /** Amounts and rates have a decimal comma, and full stops for thousands. */
  decimalComma?: boolean;
  /** Spellings of "not reported" beside the empty cell; "ND4-*" stands for all that begin so. */
  missing: readonly string[];
  /** Patterns of dates where a column does not say its own. */
  dates: readonly DatePattern[];
  /**
   * terminationCode -> status, null for a code that ends nothing (a curtailment). Several codes in a cell
   * are separated by "; " or written as a list (`['1', '2']`), here and in codeLists.
   */
  terminations?: Readonly<Record<string, LoanStatus | null>>;
  /** statusCode -> status and, where the code says it, days past due (the lowest of its bucket). */
  statuses?: Readonly<Record<string, { status: LoanStatus; daysPastDue?: number }>>;
  /**
   * Other names of columns -> the name that this declaration uses (ESMA: field name -> field code). The
   * file's header is read through it first.
   */
  otherNames?: Readonly<Record<string, string>>;
  /** Every column of the layout: others are noted as unknown; without it every column is as good. */
  columns?: readonly string[];
  /** Values that a column may have; others are a note (`code-unknown`), kept as they are. */
  codeLists?: Readonly<Record<string, readonly string[]>>;
  /** Types of further columns, for `type` notes: the schema's own words. */
  types?: Readonly<Record<string, "decimal" | "integer" | "boolean" | "day" | "month">>;
  /** Names of columns that hold personal data and are dropped as the file is read. */
  personal?: readonly string[];
  /** A record without a value in any of these columns is no loan (a property, a note): counted, skipped. */
  loanRecords?: readonly string[];
  /** What a loan id looks like; a record whose id does not is a total, a section or a note. */
  idPattern?: RegExp;
  /** The id column of records that are the file's own totals: sums are compared with what was read. */
  totals?: { idPattern: RegExp };
  /** No row states what was there before: opening balance and flows come from the tape before. */
  differenced?: boolean;
  /** The file has the rows of many months: those of other periods are counted and skipped. */
  history?: boolean;
  /**
   * Its periods end on a day of the deal's last month that no calendar knows (determination and
   * distribution dates of mortgage trusts): the day stays beside the row.
   */
  endsWithinMonth?: boolean;
  /**
   * A row may say neither what is owed nor that the loan has ended: it is read as 0.00, and the problem
   * `zero-balance-without-code` asks for the reason. Else such a row is refused (`missing`).
   */
  unstatedBalance?: boolean;
  /** Balances of 0.00 with no code up to this age are masked, not paid off. */
  masked?: { ageColumn: string; upToAge: number };
  /** Further months of a loan stand in further columns of its row. */
  unfolds?: UnfoldedMonths;
  /**
   * Recognised, but no loan months: why, and what to send instead. Such a file is refused with it
   * (`format-undeclared`).
   */
  refused?: string;
}
