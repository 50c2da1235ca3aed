/** Bondora's public loan data: one row a loan as of a day, amounts since origination. */
import { shareOfNames } from "./head-names.ts";
import type { TapeFormat } from "./tape-format.ts";

const NEEDED = [
  "LoanId",
  "ReportAsOfEOD",
  "PrincipalBalance",
  "PrincipalPaymentsMade",
  "InterestAndPenaltyPaymentsMade",
  "Status",
];

const HEADER = { kind: "find", names: NEEDED, least: NEEDED.length } as const;

export const BONDORA_LOANS: TapeFormat = {
  id: "bondora-loans",
  title: "Bondora loan dataset",
  assetClass: "consumer loan",
  source: "Bondora public reports, loan dataset",
  framings: [
    { kind: "delimited", delimiter: "auto", header: HEADER },
    { kind: "workbook", header: HEADER },
  ],
  recognise: ({ kind, rows }) => (kind !== "xml" && shareOfNames(rows, NEEDED) === 1 ? 1 : 0),
  fields: {
    loanId: "LoanId",
    periodEnd: "ReportAsOfEOD",
    originalBalance: "Amount",
    endingBalance: "PrincipalBalance",
    principal: { column: "PrincipalPaymentsMade", over: "cumulative" },
    interest: { column: "InterestAndPenaltyPaymentsMade", over: "cumulative" },
    chargeOff: { column: "PrincipalWriteOffs", over: "cumulative" },
    recovery: { sum: ["PrincipalRecovery", "InterestRecovery"], over: "cumulative" },
    interestRate: "Interest",
    originalTerm: "LoanDuration",
    daysPastDue: "CurrentDebtDaysPrimary",
    origination: { column: ["LoanDate", "ListedOnUTC"] },
    firstPayment: "FirstPaymentDate",
    maturity: { column: ["MaturityDate_Last", "MaturityDate_Original"] },
    modified: "Restructured",
    statusCode: "Status",
    region: "Country",
  },
  rates: "percent",
  missing: ["NULL", "NA"],
  dates: ["YYYY-MM-DD", "ISO time"],
  statuses: {
    Current: { status: "current" },
    Late: { status: "delinquent" },
    Repaid: { status: "prepaid or matured" },
  },
  personal: ["UserName", "DateOfBirth", "City", "PartyId"],
  differenced: true,
};
