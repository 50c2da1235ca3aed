/** SEC Form ABS-EE, exhibit 102, auto loans: one assets element a loan, flat children. */
import { ABSEE_AUTO_LOAN_ELEMENTS, REPEATABLE_ELEMENTS } from "./absee-auto-loan-elements.ts";
import { describeElements } from "./absee-schema.ts";
import type { TapeFormat } from "./tape-format.ts";

const NAMESPACE = "http://www.sec.gov/edgar/document/absee/autoloan/assetdata";

export const ABSEE_AUTO_LOAN_XML: TapeFormat = {
  id: "absee-auto-loan-xml",
  title: "SEC Form ABS-EE, exhibit 102: auto loans",
  assetClass: "auto loan",
  source:
    "Schedule AL item 3 (17 CFR 229.1125); EDGAR ABS XML Technical Specification, " +
    "eis_ABS_AutoLoanAssetData.xsd",
  framings: [
    {
      kind: "xml",
      namespace: NAMESPACE,
      path: ["assetData", "assets"],
      repeatable: [...REPEATABLE_ELEMENTS],
    },
  ],
  recognise: ({ xml }) => (xml?.root === "assetData" && xml.namespace === NAMESPACE ? 1 : 0),
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
    origination: { column: "originationDate", dates: ["MM/YYYY"] },
    firstPayment: { column: "originalFirstPaymentDate", dates: ["MM/YYYY"] },
    maturity: { column: "loanMaturityDate", dates: ["MM/YYYY"] },
    repossessed: "repossessedIndicator",
    modified: "reportingPeriodModificationIndicator",
    terminationCode: "zeroBalanceCode",
    region: "obligorGeographicLocation",
  },
  missing: [],
  dates: ["MM-DD-YYYY"],
  terminations: {
    "1": "prepaid or matured",
    "2": "liquidated",
    "3": "repurchased",
    "4": "charged off",
    "5": "servicing transfer",
    "99": "unavailable",
  },
  ...describeElements(ABSEE_AUTO_LOAN_ELEMENTS),
};
