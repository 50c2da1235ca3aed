/** How a deal's own files are read, as its `mapping` section says it; `tapes` gives it its meaning. */
import type { AssetClass, CanonicalField, LoanStatus } from "../tapes/canonical-fields.ts";
import type { DatePattern, RateUnit } from "../tapes/tape-words.ts";

/** A condition on another column: one of these values, or any amount. */
export interface MappedWhen {
  column: string;
  values?: string[];
}

/** A column with what is special about it. */
export interface MappedColumn {
  column: string[];
  over?: "month" | "cumulative";
  unit?: RateUnit;
  dates?: DatePattern[];
  pivot?: number;
  since?: true;
  codes?: Record<string, number | string | boolean>;
  times?: number;
  missing?: string[];
  sign?: string;
  several?: "sum";
  when?: MappedWhen;
  zoned?: boolean;
  rounds?: boolean;
  required?: boolean;
}

/** Columns added up; "-name" takes one off. */
export interface MappedSum {
  sum: string[];
  over?: "month" | "cumulative";
  when?: MappedWhen;
  rounds?: boolean;
  neverNegative?: boolean;
}

export const MAPPING_DELIMITERS = [",", "|", ";", "\t", "auto"] as const;
export const MAPPING_ENCODINGS = ["utf-8", "windows-1252"] as const;
export const MAPPING_HEADERS = ["first", "find", "none"] as const;

export interface MappingSection {
  assetClass: AssetClass;
  delimiter: (typeof MAPPING_DELIMITERS)[number];
  encoding: (typeof MAPPING_ENCODINGS)[number];
  header: (typeof MAPPING_HEADERS)[number];
  /** Of the columns in their order, where there is no header. */
  names: string[];
  sheet: string | null;
  columns: Partial<Record<CanonicalField, string | MappedColumn | MappedSum>>;
  dates: DatePattern[];
  months: DatePattern[];
  missing: string[];
  decimalComma: boolean;
  terminations: Record<string, LoanStatus | null>;
  statuses: Record<string, { status: LoanStatus; daysPastDue?: number }>;
  loanIds: string | null;
  totals: string | null;
  personal: string[];
  differenced: boolean;
  history: boolean;
}
