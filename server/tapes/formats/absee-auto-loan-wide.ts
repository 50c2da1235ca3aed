/**
 * SEC Form ABS-EE auto loans with the months side by side, as research extracts have them: one row a loan,
 * the elements of its first month, then BAL1, PRC1, PMT1, REC1, REP1 of the month after it, BAL2 ...
 */
import { ABSEE_AUTO_LOAN_TABLE } from "./absee-auto-loan-table.ts";
import { shareOfNames } from "./head-names.ts";
import type { TapeFormat } from "./tape-format.ts";

const NEEDED = ["assetNumber", "reportingPeriodActualEndBalanceAmount", "BAL1", "PRC1", "REC1"];

// What was paid in all is not split: there is no interest of the later months.
const { totalPaid: _, ...fields } = ABSEE_AUTO_LOAN_TABLE.fields;

/** Of a later month there is no schedule, no rate and no delinquency. */
export const ABSEE_AUTO_LOAN_WIDE: TapeFormat = {
  ...ABSEE_AUTO_LOAN_TABLE,
  id: "absee-auto-loan-wide",
  title: "SEC Form ABS-EE auto loans, one row a loan with its months side by side",
  framings: [{ kind: "delimited", delimiter: "auto", header: { kind: "first" } }],
  recognise: ({ kind, rows }) =>
    kind !== "xml" && shareOfNames(rows.slice(0, 1), NEEDED) === 1 ? 0.95 : 0,
  fields,
  // As some of the extracts spell the elements.
  otherNames: {
    obligorEmployementVerificationCode: "obligorEmploymentVerificationCode",
    reportingPeriodModicationIndicator: "reportingPeriodModificationIndicator",
    otherAssessedUncollectedServierFeeAmount: "otherAssessedUncollectedServicerFeeAmount",
    scheduleInterestAmount: "scheduledInterestAmount",
    otherPrincipalAdjustedAmount: "otherPrincipalAdjustmentAmount",
    actualInterestCollectAmount: "actualInterestCollectedAmount",
  },
  unfolds: {
    monthColumn: "reportingPeriodEndingDate",
    pattern: "MM-DD-YYYY",
    present: "reportingPeriodActualEndBalanceAmount",
    later: {
      reportingPeriodActualEndBalanceAmount: "BAL",
      actualPrincipalCollectedAmount: "PRC",
      totalActualAmountPaid: "PMT",
      recoveredAmount: "REC",
      repossessedProceedsAmount: "REP",
    },
    begins: {
      reportingPeriodBeginningLoanBalanceAmount: "reportingPeriodActualEndBalanceAmount",
    },
    firstOnly: [
      "reportingPeriodBeginningDate",
      "remainingTermToMaturityNumber",
      "reportingPeriodModificationIndicator",
      "reportingPeriodModicationIndicator",
      "nextReportingPeriodPaymentAmountDue",
      "nextInterestRatePercentage",
      "otherAssessedUncollectedServicerFeeAmount",
      "otherAssessedUncollectedServierFeeAmount",
      "scheduledInterestAmount",
      "scheduleInterestAmount",
      "scheduledPrincipalAmount",
      "otherPrincipalAdjustmentAmount",
      "otherPrincipalAdjustedAmount",
      "reportingPeriodScheduledPaymentAmount",
      "actualInterestCollectedAmount",
      "actualInterestCollectAmount",
      "actualOtherCollectedAmount",
      "servicerAdvancedAmount",
      "interestPaidThroughDate",
      "currentDelinquencyStatus",
      "repossessedIndicator",
      "assetSubjectDemandIndicator",
      "chargedoffPrincipalAmount",
      "paymentExtendedNumber",
    ],
  },
};
