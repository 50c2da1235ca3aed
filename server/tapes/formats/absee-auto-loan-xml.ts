/** SEC Form ABS-EE, exhibit 102, auto loans: one assets element a loan, flat children. */
import {
  ABSEE_AUTO_LOAN_ELEMENTS,
  ABSEE_AUTO_LOAN_REPEATABLE,
} from "./absee-auto-loan-elements.ts";
import { describeExhibit, monthOf } from "./absee-exhibit.ts";
import type { TapeFormat } from "./tape-format.ts";

export const ABSEE_AUTO_LOAN_XML: TapeFormat = {
  id: "absee-auto-loan-xml",
  title: "SEC Form ABS-EE, exhibit 102: auto loans",
  assetClass: "auto loan",
  source:
    "Schedule AL item 3 (17 CFR 229.1125); EDGAR ABS XML Technical Specification, " +
    "eis_ABS_AutoLoanAssetData.xsd",
  ...describeExhibit({
    schema: "autoloan",
    elements: ABSEE_AUTO_LOAN_ELEMENTS,
    repeatable: ABSEE_AUTO_LOAN_REPEATABLE,
  }),
  fields: {
    loanId: "assetNumber",
    periodBegin: "reportingPeriodBeginningDate",
    periodEnd: "reportingPeriodEndingDate",
    originalBalance: "originalLoanAmount",
    beginningBalance: "reportingPeriodBeginningLoanBalanceAmount",
    endingBalance: "reportingPeriodActualEndBalanceAmount",
    // Stated with up to 8 decimals; no cash figure is made of them.
    scheduledPrincipal: { column: "scheduledPrincipalAmount", rounds: true },
    principal: "actualPrincipalCollectedAmount",
    interest: "actualInterestCollectedAmount",
    fees: "actualOtherCollectedAmount",
    otherAdjustment: "otherPrincipalAdjustmentAmount",
    chargeOff: "chargedoffPrincipalAmount",
    recovery: "recoveredAmount",
    liquidationProceeds: "repossessedProceedsAmount",
    repurchase: "repurchaseAmount",
    servicerAdvance: { column: "servicerAdvancedAmount", rounds: true },
    totalPaid: "totalActualAmountPaid",
    collateralValue: { column: "vehicleValueAmount", rounds: true },
    interestRate: "reportingPeriodInterestRatePercentage",
    servicingFeeRate: "servicingFeePercentage",
    originalTerm: "originalLoanTerm",
    remainingTerm: "remainingTermToMaturityNumber",
    daysPastDue: "currentDelinquencyStatus",
    // A text of up to 20 characters: issuers write 0, NONE and the like where there is none.
    creditScore: { column: "obligorCreditScore", missing: ["0", "NONE"] },
    origination: monthOf("originationDate"),
    firstPayment: monthOf("originalFirstPaymentDate"),
    maturity: monthOf("loanMaturityDate"),
    repossessed: "repossessedIndicator",
    modified: "reportingPeriodModificationIndicator",
    terminationCode: "zeroBalanceCode",
    region: "obligorGeographicLocation",
  },
  terminations: {
    "1": "prepaid or matured",
    "2": "liquidated",
    "3": "repurchased",
    "4": "charged off",
    "5": "servicing transfer",
    "99": "unavailable",
  },
};
