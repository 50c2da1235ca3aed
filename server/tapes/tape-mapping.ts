/** How a servicer's own files are read: made once a deal, versioned with it. */
import type { AssetClass, CanonicalField, LoanStatus } from "./canonical-fields.ts";
import type { DatePattern, Reading } from "./formats/tape-format.ts";

export interface TapeMapping {
  assetClass: AssetClass;
  delimiter: "," | "|" | ";" | "\t" | "auto";
  encoding: "utf-8" | "windows-1252";
  /** On the first line; found below titles; none, then `names` are the columns in their order. */
  header: "first" | "find" | "none";
  names: readonly string[];
  /** Of a workbook; the first that has the header when not said. */
  sheet: string | null;
  /** Canonical field -> name in the header, or how its column is read. */
  columns: Readonly<Partial<Record<CanonicalField, Reading>>>;
  /** Patterns of days, and of columns that hold a month. */
  dates: readonly DatePattern[];
  months: readonly DatePattern[];
  /** Spellings of "not reported" beside the empty cell. */
  missing: readonly string[];
  decimalComma: boolean;
  /** Termination codes; those of the ABS-EE auto loan schema when there are none. "*": any other. */
  terminations: Readonly<Record<string, LoanStatus | null>>;
  statuses: Readonly<Record<string, { status: LoanStatus; daysPastDue?: number }>>;
  /** What an id looks like, "#" for a digit and "*" for anything: other records are no loans. */
  loanIds: string | null;
  /** The same of the file's own totals, which are compared with what was read. */
  totals: string | null;
  /** Columns with personal data, dropped as the file is read. */
  personal: readonly string[];
  /** No opening balances and flows: they come from the tape before. */
  differenced: boolean;
  /** Rows of many months. */
  history: boolean;
}
