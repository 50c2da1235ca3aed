/** SEC Form ABS-EE, exhibit 102, auto leases: one assets element a lease, flat children. */
import {
  ABSEE_AUTO_LEASE_ELEMENTS,
  ABSEE_AUTO_LEASE_REPEATABLE,
} from "./absee-auto-lease-elements.ts";
import { describeExhibit, monthOf } from "./absee-exhibit.ts";
import type { TapeFormat } from "./tape-format.ts";

/**
 * The balance of a lease is its securitisation value: the rentals and the residual that are still to
 * come, discounted. Payments are not split into principal and interest, so no rule rolls it forward.
 */
export const ABSEE_AUTO_LEASE_XML: TapeFormat = {
  id: "absee-auto-lease-xml",
  title: "SEC Form ABS-EE, exhibit 102: auto leases",
  assetClass: "auto lease",
  source:
    "Schedule AL item 4 (17 CFR 229.1125); EDGAR ABS XML Technical Specification, " +
    "eis_ABS_AutoLeaseAssetData.xsd",
  ...describeExhibit({
    schema: "autolease",
    elements: ABSEE_AUTO_LEASE_ELEMENTS,
    repeatable: ABSEE_AUTO_LEASE_REPEATABLE,
  }),
  fields: {
    loanId: "assetNumber",
    periodBegin: "reportingPeriodBeginDate",
    periodEnd: "reportingPeriodEndDate",
    originalBalance: "acquisitionCost",
    // Present values are stated with up to 8 decimals.
    beginningBalance: { column: "reportingPeriodSecuritizationValueAmount", rounds: true },
    endingBalance: {
      column: [
        "reportingPeriodEndActualSecuritizationAmount",
        "reportingPeriodEndingActualBalanceAmount",
      ],
      rounds: true,
    },
    principal: "totalActualAmountPaid",
    fees: { sum: ["actualOtherCollectedAmount", "excessFeeAmount"] },
    chargeOff: "chargedOffAmount",
    liquidationProceeds: "liquidationProceedsAmount",
    repurchase: "repurchaseAmount",
    servicerAdvance: { column: "servicerAdvancedAmount", rounds: true },
    collateralValue: { column: "vehicleValueAmount", rounds: true },
    interestRate: "securitizationDiscountRate",
    servicingFeeRate: "servicingFeePercentage",
    originalTerm: "originalLeaseTermNumber",
    remainingTerm: "remainingTermNumber",
    daysPastDue: "currentDelinquencyStatus",
    creditScore: { column: "lesseeCreditScore", missing: ["0", "NONE"] },
    origination: monthOf("originationDate"),
    firstPayment: monthOf("originalFirstPaymentDate"),
    maturity: monthOf("scheduledTerminationDate"),
    repossessed: { column: "terminationIndicator", codes: { "3": true } },
    modified: "reportingPeriodModificationIndicator",
    terminationCode: "zeroBalanceCode",
    region: "lesseeGeographicLocation",
  },
  terminations: {
    "1": "prepaid or matured",
    "2": "repurchased",
    "3": "charged off",
    "4": "servicing transfer",
    "99": "unavailable",
  },
};
