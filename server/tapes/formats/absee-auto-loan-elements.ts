/**
 * The 72 elements of an auto loan in SEC Form ABS-EE, exhibit 102 (Schedule AL item 3, 17 CFR
 * 229.1125; schema eis_ABS_AutoLoanAssetData.xsd), by type.
 */

import type { LoanField } from "../source-loan.ts";
import type { SchemaElements } from "./absee-schema.ts";

const codes = (...list: string[]): string[] => list;

export const ABSEE_AUTO_LOAN_ELEMENTS: SchemaElements = {
  assetTypeNumber: "text",
  assetNumber: "text",
  reportingPeriodBeginningDate: "day",
  reportingPeriodEndingDate: "day",
  originatorName: "text",
  originationDate: "month",
  originalLoanAmount: "decimal",
  originalLoanTerm: "integer",
  loanMaturityDate: "month",
  originalInterestRatePercentage: "decimal",
  interestCalculationTypeCode: codes("1", "98"),
  originalInterestRateTypeCode: codes("1", "2", "98"),
  originalInterestOnlyTermNumber: "integer",
  originalFirstPaymentDate: "month",
  underwritingIndicator: "boolean",
  gracePeriodNumber: "integer",
  paymentTypeCode: codes("1", "2", "3", "4", "98"),
  subvented: codes("0", "1", "2", "98"),
  vehicleManufacturerName: "text",
  vehicleModelName: "text",
  vehicleNewUsedCode: codes("1", "2"),
  vehicleModelYear: "text",
  vehicleTypeCode: codes("1", "2", "3", "4", "98", "99"),
  vehicleValueAmount: "decimal",
  vehicleValueSourceCode: codes("1", "2", "3", "98"),
  obligorCreditScoreType: "text",
  obligorCreditScore: "text",
  obligorIncomeVerificationLevelCode: codes("1", "2", "3", "4", "5"),
  obligorEmploymentVerificationCode: codes("1", "2", "3"),
  coObligorIndicator: "boolean",
  paymentToIncomePercentage: "decimal",
  obligorGeographicLocation: "text",
  assetAddedIndicator: "boolean",
  remainingTermToMaturityNumber: "integer",
  reportingPeriodModificationIndicator: "boolean",
  servicingAdvanceMethodCode: codes("1", "2", "3", "4", "99"),
  reportingPeriodBeginningLoanBalanceAmount: "decimal",
  nextReportingPeriodPaymentAmountDue: "decimal",
  reportingPeriodInterestRatePercentage: "decimal",
  nextInterestRatePercentage: "decimal",
  servicingFeePercentage: "decimal",
  servicingFlatFeeAmount: "decimal",
  otherServicerFeeRetainedByServicer: "decimal",
  otherAssessedUncollectedServicerFeeAmount: "decimal",
  scheduledInterestAmount: "decimal",
  scheduledPrincipalAmount: "decimal",
  otherPrincipalAdjustmentAmount: "decimal",
  reportingPeriodActualEndBalanceAmount: "decimal",
  reportingPeriodScheduledPaymentAmount: "decimal",
  totalActualAmountPaid: "decimal",
  actualInterestCollectedAmount: "decimal",
  actualPrincipalCollectedAmount: "decimal",
  actualOtherCollectedAmount: "decimal",
  servicerAdvancedAmount: "decimal",
  interestPaidThroughDate: "day",
  zeroBalanceEffectiveDate: "month",
  zeroBalanceCode: codes("1", "2", "3", "4", "5", "99"),
  currentDelinquencyStatus: "integer",
  primaryLoanServicerName: "text",
  mostRecentServicingTransferReceivedDate: "month",
  assetSubjectDemandIndicator: "boolean",
  assetSubjectDemandStatusCode: codes("0", "1", "2", "3", "4", "98"),
  repurchaseAmount: "decimal",
  demandResolutionDate: "day",
  repurchaserName: "text",
  repurchaseReplacementReasonCode: codes("1", "2", "3", "4", "5", "98", "99"),
  chargedoffPrincipalAmount: "decimal",
  recoveredAmount: "decimal",
  modificationTypeCode: codes("1", "2", "3", "4", "98"),
  paymentExtendedNumber: "integer",
  repossessedIndicator: "boolean",
  repossessedProceedsAmount: "decimal",
};

/** The only elements that may stand more than once in an asset (maxOccurs unbounded). */
export const REPEATABLE_ELEMENTS: ReadonlySet<string> = new Set([
  "subvented",
  "zeroBalanceCode",
  "repurchaseReplacementReasonCode",
  "modificationTypeCode",
]);

/** The elements that a loan month is made of. */
export const ABSEE_AUTO_LOAN_NAMES: Record<LoanField, string> = {
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

const READ_ELEMENTS: ReadonlySet<string> = new Set(Object.values(ABSEE_AUTO_LOAN_NAMES));

const PATTERNS = {
  decimal: { pattern: /^[+-]?\d{1,12}(\.\d{0,8})?$/, expected: "at most 12 digits and 8 decimals" },
  integer: { pattern: /^[+-]?\d{1,8}$/, expected: "a whole number" },
  boolean: { pattern: /^(true|false)$/, expected: "true or false" },
  day: { pattern: /^\d{1,2}-\d{1,2}-\d{4}$/, expected: "a date as MM-DD-YYYY" },
  month: { pattern: /^\d{2}\/\d{4}$/, expected: "a month as MM/YYYY" },
} as const;

/**
 * What the schema says against the text of an element that no loan month is made of (those are read
 * strictly anyway); null when nothing. Issuers do write codes outside the lists: kept as a note.
 */
export function elementFault(
  name: string,
  text: string,
): { code: "type" | "code-unknown"; expected: string } | null {
  const type = ABSEE_AUTO_LOAN_ELEMENTS[name];
  if (type === undefined || type === "text" || text === "" || READ_ELEMENTS.has(name)) return null;
  if (typeof type === "object") {
    return type.includes(text)
      ? null
      : { code: "code-unknown", expected: `one of ${type.join(", ")}` };
  }
  const { pattern, expected } = PATTERNS[type];
  return pattern.test(text) ? null : { code: "type", expected };
}
