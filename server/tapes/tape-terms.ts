import type { RateUnit } from "./formats/tape-format.ts";
import type { LoanField } from "./source-loan.ts";
import type { TapeMapping } from "./tape-mapping.ts";
import type { CheckSettings } from "./tape-problem.ts";

/** The amounts of a row that a deal's rules name. */
export type Flow =
  | "principal"
  | "interest"
  | "fees"
  | "otherAdjustment"
  | "chargeOff"
  | "recovery"
  | "liquidationProceeds";

export type DateFormat = "YYYY-MM-DD" | "MM-DD-YYYY" | "MM/DD/YYYY";
export type MonthFormat = "YYYY-MM" | "MM/YYYY";

/** How the columns of a deal's CSV tape are read. */
export interface CsvTerms {
  delimiter: string;
  /** Canonical field -> name in the header. loanId, periodEnd and endingBalance are needed. */
  columns: Partial<Record<LoanField, string>>;
  dates: DateFormat;
  months: MonthFormat;
  /** Spellings of "not reported" beside the empty cell. */
  missing: readonly string[];
}

/**
 * What a deal says about its tapes. No balance rule holds across issuers even inside one schema, so
 * the rules are terms of the deal and never defaults.
 */
export interface TapeTerms {
  /** Id of a format, or "mapped". */
  format: string;
  /** What every loan id of this pool begins with, e.g. the trust's CIK number. */
  loanIdPrefix: string;
  rateUnit: RateUnit;
  /** Of servicing fees; as the rates when not said. */
  feeUnit?: RateUnit;
  /** Severities of checks where the deal has its own. */
  checks?: CheckSettings;
  /** ending = beginning - the subtracted flows + the added ones, to within the tolerance. */
  rollForward: { subtract: readonly Flow[]; add: readonly Flow[]; toleranceCents: bigint };
  /** The flows, each with its sign, that are the period's available funds. */
  availableFunds: readonly Flow[];
  /** A loan further past due than this that still has a balance is refused (promise F5). */
  chargeOffAgeDays: number;
  csv: CsvTerms | null;
  /** Of a mapped tape. */
  mapping?: TapeMapping | null;
}

/** Which month of which deal a tape must be of. */
export interface TapePeriod {
  /** 0 is the cut-off tape, of which only closing balances are read. */
  ordinal: number;
  /** First and last day, YYYY-MM-DD. */
  begin: string;
  end: string;
}
