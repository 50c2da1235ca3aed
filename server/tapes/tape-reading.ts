/** Where each canonical field stands in a format, and how its text is to be read. */
import { ABSEE_AUTO_LOAN_NAMES } from "./formats/absee-auto-loan-elements.ts";
import type { LoanField } from "./source-loan.ts";
import type { DateFormat, MonthFormat, TapeTerms } from "./tape-terms.ts";

export interface TapeReading {
  /** Name in the file of each canonical field that the format has. */
  names: Partial<Record<LoanField, string>>;
  rateUnit: "fraction" | "percent";
  dates: DateFormat;
  months: MonthFormat;
  missing: ReadonlySet<string>;
}

/** The reading of a deal's tapes. */
export function tapeReading(terms: TapeTerms): TapeReading {
  if (terms.csv === null) {
    return {
      names: ABSEE_AUTO_LOAN_NAMES,
      rateUnit: terms.rateUnit as TapeReading["rateUnit"],
      dates: "MM-DD-YYYY",
      months: "MM/YYYY",
      missing: new Set([""]),
    };
  }
  return {
    names: terms.csv.columns,
    rateUnit: terms.rateUnit as TapeReading["rateUnit"],
    dates: terms.csv.dates,
    months: terms.csv.months,
    missing: new Set(["", ...terms.csv.missing]),
  };
}
