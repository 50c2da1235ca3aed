/**
 * LendingClub's payment history: a row a loan and month, opening and closing balance and all flows, all
 * months in one file. The investors' file has the same columns with _INVESTORS behind the amounts.
 */
import { shareOfNames } from "./head-names.ts";
import { LENDINGCLUB_STATUSES } from "./lendingclub-loans.ts";
import type { TapeFormat } from "./tape-format.ts";

const NEEDED = ["LOAN_ID", "MONTH", "PERIOD_END_LSTAT", "MOB", "CO"];

const AMOUNTS = [
  "PBAL_BEG_PERIOD",
  "PBAL_END_PERIOD",
  "PRNCP_PAID",
  "INT_PAID",
  "FEE_PAID",
  "DUE_AMT",
  "RECEIVED_AMT",
  "COAMT",
  "PCO_RECOVERY",
  "PCO_COLLECTION_FEE",
];

export const LENDINGCLUB_PAYMENTS: TapeFormat = {
  id: "lendingclub-payments",
  title: "LendingClub payment history",
  assetClass: "consumer loan",
  source: "LendingClub additional statistics, payments made to date (PMTHIST)",
  framings: [
    { kind: "delimited", delimiter: ",", header: { kind: "find", names: NEEDED, least: 4 } },
  ],
  recognise: ({ kind, rows }) => (kind !== "xml" && shareOfNames(rows, NEEDED) === 1 ? 1 : 0),
  otherNames: Object.fromEntries(AMOUNTS.map((name) => [`${name}_INVESTORS`, name])),
  fields: {
    loanId: "LOAN_ID",
    periodBegin: "MONTH",
    periodEnd: "MONTH",
    beginningBalance: "PBAL_BEG_PERIOD",
    endingBalance: "PBAL_END_PERIOD",
    principal: "PRNCP_PAID",
    interest: "INT_PAID",
    fees: "FEE_PAID",
    chargeOff: "COAMT",
    recovery: { sum: ["PCO_RECOVERY", "-PCO_COLLECTION_FEE"], rounds: true },
    totalPaid: "RECEIVED_AMT",
    interestRate: "InterestRate",
    originalTerm: "term",
    origination: "IssuedDate",
    statusCode: "PERIOD_END_LSTAT",
    region: "State",
  },
  rates: "fraction",
  missing: ["NA"],
  dates: ["MonYYYY"],
  statuses: LENDINGCLUB_STATUSES,
  history: true,
};
