/**
 * SEC Form ABS-EE, exhibit 102, commercial mortgages: assets elements for loans and, where a loan has
 * several properties, further ones for each property (`3-001`), which hold no balance.
 */
import { ABSEE_CMBS_ELEMENTS, ABSEE_CMBS_REPEATABLE } from "./absee-cmbs-elements.ts";
import { describeExhibit } from "./absee-exhibit.ts";
import { CMBS_LIQUIDATIONS, CMBS_PAYMENT_STATUSES } from "./cmbs-codes.ts";
import type { TapeFormat } from "./tape-format.ts";

/**
 * Balances are the scheduled ones: advances make the investors' cash follow the schedule. They roll
 * forward by all principal, the other adjustments and, in the month of a liquidation, the realised loss.
 */
export const ABSEE_CMBS_XML: TapeFormat = {
  id: "absee-cmbs-xml",
  title: "SEC Form ABS-EE, exhibit 102: commercial mortgages",
  assetClass: "commercial mortgage",
  source:
    "Schedule AL item 2 (17 CFR 229.1125); EDGAR ABS XML Technical Specification, " +
    "eis_ABS_CMBSAssetData.xsd",
  ...describeExhibit({
    schema: "cmbs",
    elements: ABSEE_CMBS_ELEMENTS,
    repeatable: ABSEE_CMBS_REPEATABLE,
    nested: ["property"],
  }),
  loanRecords: [
    "reportPeriodBeginningScheduleLoanBalanceAmount",
    "reportPeriodEndScheduledLoanBalanceAmount",
    "reportPeriodEndActualBalanceAmount",
  ],
  fields: {
    loanId: "assetNumber",
    // From one determination date to the next; the deal counts in months.
    periodEnd: "reportingPeriodEndDate",
    originalBalance: "originalLoanAmount",
    beginningBalance: "reportPeriodBeginningScheduleLoanBalanceAmount",
    endingBalance: "reportPeriodEndScheduledLoanBalanceAmount",
    scheduledPrincipal: "scheduledPrincipalAmount",
    principal: { sum: ["scheduledPrincipalAmount", "unscheduledPrincipalCollectedAmount"] },
    prepaidPrincipal: "unscheduledPrincipalCollectedAmount",
    // What is due and advanced, not the borrower's cash.
    interest: "scheduledInterestAmount",
    fees: "prepaymentPremiumYieldMaintenanceReceivedAmount",
    otherAdjustment: "otherPrincipalAdjustmentAmount",
    chargeOff: "realizedLossToTrustAmount",
    // Of a disposed loan the unscheduled principal is what its sale brought.
    liquidationProceeds: {
      column: "unscheduledPrincipalCollectedAmount",
      when: { column: "liquidationPrepaymentCode", values: ["3"] },
    },
    repurchase: "repurchaseAmount",
    servicerAdvance: {
      sum: [
        "totalPrincipalInterestAdvancedOutstandingAmount",
        "totalTaxesInsuranceAdvancesOutstandingAmount",
        "otherExpensesAdvancedOutstandingAmount",
      ],
    },
    collateralValue: {
      column: ["property/valuationSecuritizationAmount", "valuationSecuritizationAmount"],
      several: "sum",
    },
    interestRate: "reportPeriodInterestRatePercentage",
    servicingFeeRate: "servicerTrusteeFeeRatePercentage",
    originalTerm: "originalTermLoanNumber",
    origination: "originationDate",
    firstPayment: "firstLoanPaymentDueDate",
    maturity: { column: ["postModificationMaturityDate", "maturityDate"] },
    modified: "reportPeriodModificationIndicator",
    terminationCode: "liquidationPrepaymentCode",
    statusCode: "paymentStatusLoanCode",
    region: { column: ["property/propertyState", "propertyState"] },
  },
  endsWithinMonth: true,
  terminations: CMBS_LIQUIDATIONS,
  statuses: CMBS_PAYMENT_STATUSES,
};
