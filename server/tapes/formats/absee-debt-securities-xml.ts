/** SEC Form ABS-EE, exhibit 102, debt securities (of a resecuritisation): one assets element each. */
import {
  ABSEE_DEBT_SECURITIES_ELEMENTS,
  ABSEE_DEBT_SECURITIES_REPEATABLE,
} from "./absee-debt-securities-elements.ts";
import { describeExhibit, monthOf } from "./absee-exhibit.ts";
import type { TapeFormat } from "./tape-format.ts";

export const ABSEE_DEBT_SECURITIES_XML: TapeFormat = {
  id: "absee-debt-securities-xml",
  title: "SEC Form ABS-EE, exhibit 102: debt securities",
  assetClass: "debt security",
  source:
    "Schedule AL item 5 (17 CFR 229.1125); EDGAR ABS XML Technical Specification, " +
    "eis_ABS_DebtSecuritiesAssetData.xsd",
  ...describeExhibit({
    schema: "debtsecurities",
    elements: ABSEE_DEBT_SECURITIES_ELEMENTS,
    repeatable: ABSEE_DEBT_SECURITIES_REPEATABLE,
  }),
  fields: {
    loanId: "assetNumber",
    // As the trust reports whose security it is; the deal counts in months.
    periodEnd: "reportPeriodEndDate",
    originalBalance: "originalSecurityAmount",
    beginningBalance: "reportPeriodBeginningAssetBalanceAmount",
    endingBalance: "endReportingPeriodActualBalanceAmount",
    scheduledPrincipal: { column: "scheduledPrincipalAmount", rounds: true },
    principal: "actualPrincipalCollectedAmount",
    // The dollar amount, whatever the schema calls it.
    interest: "actualInterestCollectionPercentage",
    fees: "actualOtherCollectionAmount",
    totalPaid: "totalActualPaidAmount",
    otherAdjustment: "otherPrincipalAdjustmentAmount",
    repurchase: "repurchaseAmount",
    interestRate: "reportPeriodInterestRatePercentage",
    servicingFeeRate: "servicingFeePercentage",
    originalTerm: "originalSecurityTermNumber",
    remainingTerm: "remainingTermToMaturityNumber",
    daysPastDue: { column: ["paymentPastDueDaysNumber", "currentDelinquentStatusNumber"] },
    origination: monthOf("originalIssuanceDate"),
    firstPayment: monthOf("firstPaymentDate"),
    maturity: monthOf("securityMaturityDate"),
    modified: "assetModifiedIndicator",
    terminationCode: "zeroBalanceCode",
  },
  endsWithinMonth: true,
  terminations: {
    "1": "prepaid or matured",
    "2": "repurchased",
    "98": "unavailable",
    "99": "unavailable",
  },
};
