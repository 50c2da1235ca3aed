/** Where each canonical field stands in a format, and how its text is to be read. */
import type { LoanField } from "./loan-month.ts";
import type { DateFormat, MonthFormat, TapeTerms } from "./tape-terms.ts";

export interface TapeReading {
  /** Name in the file of each canonical field that the format has. */
  names: Partial<Record<LoanField, string>>;
  rateUnit: "fraction" | "percent";
  dates: DateFormat;
  months: MonthFormat;
  missing: ReadonlySet<string>;
}

/** ABS-EE auto loan elements (Schedule AL item 3). */
const ABSEE_AUTO_LOAN_NAMES: Record<LoanField, string> = {
  loanId: "assetNumber",
  periodBegin: "reportingPeriodBeginningDate",
  periodEnd: "reportingPeriodEndingDate",
  originalBalance: "originalLoanAmount",
  beginningBalance: "reportingPeriodBeginningLoanBalanceAmount",
  endingBalance: "reportingPeriodActualEndBalanceAmount",
  scheduledPrincipal: "scheduledPrincipalAmount",
  principal: "actualPrincipalCollectedAmount",
  interest: "actualInterestCollectedAmount",
  fees: "actualOtherCollectedAmount",
  otherAdjustment: "otherPrincipalAdjustmentAmount",
  chargeOff: "chargedoffPrincipalAmount",
  recovery: "recoveredAmount",
  liquidationProceeds: "repossessedProceedsAmount",
  interestRate: "reportingPeriodInterestRatePercentage",
  originalTerm: "originalLoanTerm",
  remainingTerm: "remainingTermToMaturityNumber",
  daysPastDue: "currentDelinquencyStatus",
  zeroBalanceCode: "zeroBalanceCode",
  repossessed: "repossessedIndicator",
  origination: "originationDate",
  maturity: "loanMaturityDate",
  creditScore: "obligorCreditScore",
  region: "obligorGeographicLocation",
};

/** The reading of a deal's tapes. */
export function tapeReading(terms: TapeTerms): TapeReading {
  if (terms.csv === null) {
    return {
      names: ABSEE_AUTO_LOAN_NAMES,
      rateUnit: terms.rateUnit,
      dates: "MM-DD-YYYY",
      months: "MM/YYYY",
      missing: new Set([""]),
    };
  }
  return {
    names: terms.csv.columns,
    rateUnit: terms.rateUnit,
    dates: terms.csv.dates,
    months: terms.csv.months,
    missing: new Set(["", ...terms.csv.missing]),
  };
}
