/**
 * LendingClub's loan file: one row a loan as of the download, amounts since origination. Above the header
 * stands "Notes offered by Prospectus", at the end (and, in joined files, inside) the total funded.
 */
import { shareOfNames } from "./head-names.ts";
import type { TapeFormat } from "./tape-format.ts";

const NEEDED = ["id", "funded_amnt", "out_prncp", "total_rec_prncp", "loan_status", "issue_d"];

const HEADER = { kind: "find", names: NEEDED, least: NEEDED.length } as const;

/** Days are the first of the range in the words; loans outside the credit policy have words of their own. */
export const LENDINGCLUB_STATUSES: NonNullable<TapeFormat["statuses"]> = {
  Issued: { status: "current" },
  Current: { status: "current" },
  // 1 to 15 days late, and still as good as current for the platform.
  "In Grace Period": { status: "current", daysPastDue: 1 },
  "Late (16-30 days)": { status: "delinquent", daysPastDue: 16 },
  "Late (31-120 days)": { status: "delinquent", daysPastDue: 31 },
  Default: { status: "defaulted", daysPastDue: 121 },
  "Charged Off": { status: "charged off" },
  "Fully Paid": { status: "prepaid or matured" },
  "Does not meet the credit policy. Status:Charged Off": { status: "charged off" },
  "Does not meet the credit policy. Status:Fully Paid": { status: "prepaid or matured" },
};

export const LENDINGCLUB_LOANS: TapeFormat = {
  id: "lendingclub-loans",
  title: "LendingClub loan file (LoanStats)",
  assetClass: "consumer loan",
  source: "LendingClub download data, LoanStats files and LCDataDictionary",
  framings: [
    { kind: "delimited", delimiter: ",", header: HEADER },
    { kind: "workbook", header: HEADER },
  ],
  recognise: ({ kind, rows }) => (kind !== "xml" && shareOfNames(rows, NEEDED) === 1 ? 1 : 0),
  fields: {
    loanId: "id",
    originalBalance: "funded_amnt",
    endingBalance: "out_prncp",
    principal: { column: "total_rec_prncp", over: "cumulative" },
    interest: { column: "total_rec_int", over: "cumulative" },
    // The platform computes late and collection fees to parts of a cent.
    fees: { column: "total_rec_late_fee", over: "cumulative", rounds: true },
    recovery: {
      sum: ["recoveries", "-collection_recovery_fee"],
      over: "cumulative",
      rounds: true,
    },
    chargeOff: {
      sum: ["funded_amnt", "-total_rec_prncp", "-out_prncp"],
      over: "cumulative",
      when: {
        column: "loan_status",
        values: ["Charged Off", "Does not meet the credit policy. Status:Charged Off"],
      },
    },
    // Less the recoveries it is the sum of principal, interest and late fees.
    totalPaid: { sum: ["total_pymnt", "-recoveries"], over: "cumulative", rounds: true },
    interestRate: "int_rate",
    originalTerm: { column: "term", codes: { "36 months": 36, "60 months": 60 } },
    creditScore: { column: ["last_fico_range_low", "fico_range_low"], missing: ["0"] },
    origination: { column: "issue_d", dates: ["Mon-YYYY"] },
    statusCode: "loan_status",
    region: "addr_state",
  },
  rates: "percent",
  missing: ["n/a"],
  dates: ["Mon-YYYY"],
  statuses: LENDINGCLUB_STATUSES,
  personal: ["member_id", "emp_title", "url", "desc", "title"],
  // Titles, section lines and "Total amount funded in policy code 1: ..." stand in the id's column. An id
  // that a spreadsheet made a number of is still one, and refused as such.
  idPattern: /^\d/,
  differenced: true,
};
