/** SEC Form ABS-EE, exhibit 102, residential mortgages: one assets element a loan, flat children. */
import { describeExhibit, monthOf } from "./absee-exhibit.ts";
import { ABSEE_RMBS_ELEMENTS, ABSEE_RMBS_REPEATABLE } from "./absee-rmbs-elements.ts";
import type { TapeFormat } from "./tape-format.ts";

export const ABSEE_RMBS_XML: TapeFormat = {
  id: "absee-rmbs-xml",
  title: "SEC Form ABS-EE, exhibit 102: residential mortgages",
  assetClass: "residential mortgage",
  source:
    "Schedule AL item 1 (17 CFR 229.1125); EDGAR ABS XML Technical Specification, " +
    "eis_ABS_RMBSAssetData.xsd",
  ...describeExhibit({
    schema: "rmbs",
    elements: ABSEE_RMBS_ELEMENTS,
    repeatable: ABSEE_RMBS_REPEATABLE,
  }),
  fields: {
    loanId: "assetNumber",
    // Due periods need not be months of the calendar; the deal counts in months.
    periodEnd: "reportPeriodEndDate",
    originalBalance: "originalLoanAmount",
    beginningBalance: "reportingPeriodBeginningLoanBalanceAmount",
    endingBalance: "reportingPeriodEndActualBalanceAmount",
    scheduledPrincipal: { column: "scheduledPrincipalAmount", rounds: true },
    principal: "actualPrincipalCollectedAmount",
    prepaidPrincipal: "paidFullAmount",
    totalPaid: "totalActualPaidAmount",
    interest: "actualInterestCollectedAmount",
    fees: "actualOtherCollectedAmount",
    otherAdjustment: "otherPrincipalAdjustmentAmount",
    chargeOff: "chargeOffPrincipalAmount",
    recovery: {
      sum: [
        "recoveryDeferredPrincipalReportingPeriodAmount",
        "mortgageInsuranceClaimPaidAmount",
        "subsequentRecoveryAmount",
      ],
    },
    liquidationProceeds: { column: ["grossLiquidationProceedsAmount", "netSalesProceedsAmount"] },
    repurchase: "repurchaseAmount",
    servicerAdvance: {
      sum: [
        "servicerAdvancedCumulativePrincipalAmount",
        "servicerAdvanceCumulativeInterestAmount",
        "servicerAdvanceCumulativeTaxesInsuranceAmount",
        "servicerAdvanceCumulativeCorporateAmount",
      ],
    },
    collateralValue: { column: "mostRecentPropertyValueAmount", rounds: true },
    interestRate: "reportingPeriodInterestRatePercentage",
    servicingFeeRate: "servicingFeePercentage",
    originalTerm: "originalAmortizationTermNumber",
    remainingTerm: "remainingTermToMaturityNumber",
    daysPastDue: { column: "nextPaymentDueDate", since: true },
    // Texts of up to 30 characters.
    creditScore: {
      column: ["mostRecentObligorCreditScoreNumber", "originalObligorCreditScoreNumber"],
      missing: ["0", "NONE"],
    },
    maturity: monthOf(["postModificationMaturityDate", "originalLoanMaturityDate"]),
    // A property acquired by foreclosure and not yet sold or conveyed.
    repossessed: { column: "reportingActionCode", codes: { "70": true, "72": true } },
    modified: "modificationIndicatorReportingPeriod",
    terminationCode: "zeroBalanceCode",
    region: "geographicalLocation",
  },
  endsWithinMonth: true,
  terminations: {
    "1": "prepaid or matured",
    "2": "liquidated",
    "3": "liquidated",
    "4": "liquidated",
    "5": "liquidated",
    "6": "repurchased",
    "7": "charged off",
    "8": "liquidated",
    "9": "servicing transfer",
    "10": "liquidated",
    "99": "unavailable",
  },
};
