/** Prosper's loan data: one row a loan as of the download; LP_ amounts are since origination. */
import { shareOfNames } from "./head-names.ts";
import type { TapeFormat } from "./tape-format.ts";

const NEEDED = [
  "LoanKey",
  "LoanStatus",
  "LoanOriginalAmount",
  "LP_CustomerPrincipalPayments",
  "LP_GrossPrincipalLoss",
  "LP_NetPrincipalLoss",
];

const HEADER = { kind: "find", names: NEEDED, least: NEEDED.length } as const;

export const PROSPER_LOANS: TapeFormat = {
  id: "prosper-loans",
  title: "Prosper loan data",
  assetClass: "consumer loan",
  source: "Prosper data export, prosperLoanData with its variable definitions (81 columns)",
  framings: [
    { kind: "delimited", delimiter: ",", header: HEADER },
    { kind: "workbook", header: HEADER },
  ],
  recognise: ({ kind, rows }) => (kind !== "xml" && shareOfNames(rows, NEEDED) === 1 ? 1 : 0),
  fields: {
    loanId: { column: ["LoanKey", "ListingKey"] },
    originalBalance: "LoanOriginalAmount",
    endingBalance: {
      sum: ["LoanOriginalAmount", "-LP_CustomerPrincipalPayments", "-LP_GrossPrincipalLoss"],
    },
    principal: { column: "LP_CustomerPrincipalPayments", over: "cumulative" },
    interest: { column: "LP_InterestandFees", over: "cumulative" },
    chargeOff: { column: "LP_GrossPrincipalLoss", over: "cumulative" },
    // Net loss is gross loss less the principal recovered. LP_ServiceFees and LP_CollectionFees are what
    // the holder pays (negative): no collections, kept as attributes.
    recovery: {
      sum: ["LP_GrossPrincipalLoss", "-LP_NetPrincipalLoss", "LP_NonPrincipalRecoverypayments"],
      over: "cumulative",
    },
    totalPaid: { column: "LP_CustomerPayments", over: "cumulative" },
    interestRate: "BorrowerRate",
    originalTerm: "Term",
    daysPastDue: "LoanCurrentDaysDelinquent",
    creditScore: { column: "CreditScoreRangeLower", missing: ["0"] },
    origination: { column: "LoanOriginationDate", dates: ["ISO time", "YYYY-MM-DD"] },
    statusCode: "LoanStatus",
    region: "BorrowerState",
  },
  rates: "fraction",
  missing: ["NA", "Not available"],
  dates: ["ISO time", "YYYY-MM-DD"],
  statuses: {
    Current: { status: "current" },
    FinalPaymentInProgress: { status: "current" },
    "Past Due (1-15 days)": { status: "delinquent", daysPastDue: 1 },
    "Past Due (16-30 days)": { status: "delinquent", daysPastDue: 16 },
    "Past Due (31-60 days)": { status: "delinquent", daysPastDue: 31 },
    "Past Due (61-90 days)": { status: "delinquent", daysPastDue: 61 },
    "Past Due (91-120 days)": { status: "delinquent", daysPastDue: 91 },
    "Past Due (>120 days)": { status: "delinquent", daysPastDue: 121 },
    // Bankrupt, deceased or fraudulent: written off like the other, only sooner.
    Defaulted: { status: "charged off" },
    Chargedoff: { status: "charged off" },
    Completed: { status: "prepaid or matured" },
    Cancelled: { status: "prepaid or matured" },
  },
  personal: ["MemberKey", "ListingNumber", "GroupKey", "Occupation"],
  differenced: true,
};
