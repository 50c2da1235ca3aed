/**
 * CREFC Investor Reporting Package, Loan Setup File: what each loan was at contribution, S1 to S95, as
 * CSV or workbook, with its names above or without. As a tape it is the pool at its cut-off.
 */
import { shareOfNames } from "./head-names.ts";
import type { TapeFormat } from "./tape-format.ts";

const COLUMNS = [
  "Transaction Id",
  "Group Id",
  "Loan Id",
  "Prospectus Loan Id",
  "Original Note Amount",
  "Original Term Of Loan",
  "Original Amortization Term",
  "Original Note Rate",
  "Original Payment Rate",
  "First Loan Payment Due Date",
  "Grace Days Allowed",
  "Interest Only (Y/N)",
  "Balloon (Y/N)",
  "Interest Rate Type",
  "Interest Accrual Method",
  "Interest in Arrears",
  "Payment Type Code",
  "Prepayment Lock-out End Date",
  "Yield Maintenance End Date",
  "Prepayment Premium End Date",
  "Prepayment Terms Description",
  "ARM Index Code",
  "First Rate Adjustment Date",
  "First Payment Adjustment Date",
  "ARM Margin",
  "Lifetime Rate Cap",
  "Lifetime Rate Floor",
  "Periodic Rate Increase Limit",
  "Periodic Rate Decrease Limit",
  "Periodic Pay Adjustment Max-%",
  "Periodic Pay Adjustment Max-$",
  "Payment Frequency",
  "Rate Reset Frequency",
  "Pay Reset Frequency",
  "Rounding Code",
  "Rounding Increment",
  "Index Look Back in Days",
  "Negative Amortization Allowed (Y/N)",
  "Max Neg Allowed (% of Orig Bal)",
  "Maximum Negate Allowed ($)",
  "Remaining Term At Contribution",
  "Remaining Amort Term At Contribution",
  "Maturity Date At Contribution",
  "Scheduled Principal Balance At Contribution",
  "Note Rate At Contribution",
  "Servicer and Trustee Fee Rate",
  "Fee Rate / Strip Rate 1",
  "Fee Rate / Strip Rate 2",
  "Fee Rate / Strip Rate 3",
  "Fee Rate / Strip Rate 4",
  "Fee Rate / Strip Rate 5",
  "Net Rate At Contribution",
  "Periodic P&I Payment At Contribution",
  "# of Properties at Contribution",
  "Property Name",
  "Property Address",
  "Property City",
  "Property State",
  "Property Zip Code",
  "Property County",
  "Property Type Code",
  "Net Rentable Square Feet At Contribution",
  "# of Units/Beds/Rooms At Contribution",
  "Year Built",
  "NOI At Contribution",
  "DSCR (NOI) At Contribution",
  "Appraisal Value At Contribution",
  "Appraisal Date At Contribution",
  "Physical Occupancy At Contribution",
  "Revenue At Contribution",
  "Operating Expenses At Contribution",
  "Contribution Financials As Of Date",
  "Recourse (Y/N)",
  "EMPTY FIELD S74",
  "Cross-Collateralized Loan Grouping",
  "Collection Of Escrows (Y/N)",
  "Collection of Other Reserves (Y/N)",
  "Lien Position At Contribution",
  "Hyper Amortizing Begin Date",
  "Defeasance Option Start Date",
  "EMPTY FIELD S81",
  "Last Setup Change Date",
  "NCF At Contribution",
  "DSCR (NCF) at Contribution",
  "DSCR Indicator at Contribution",
  "Loan Contributor to Securitization",
  "Credit Tenant Lease",
  "Financial Information Submission Penalties",
  "Additional Financing Indicator",
  "Loan Structure Code",
  "Origination Date",
  "Original Interest Only Term",
  "Underwriting Indicator",
  "Servicing Advance Methodology",
  "Valuation Source at Contribution",
];

const NEEDED = ["Loan Id", "Original Note Amount", "Scheduled Principal Balance At Contribution"];

const AMOUNT = /^\d+(\.\d+)?$/;
const DAY = /^(19|20)\d\d(0[1-9]|1[0-2])\d\d$/;
const NAME = /[A-Za-z]/;

const WITH_NAMES = { kind: "find", names: COLUMNS, least: 20 } as const;
const WITHOUT = { kind: "none", columns: COLUMNS } as const;

export const CREFC_LOAN_SETUP: TapeFormat = {
  id: "crefc-loan-setup",
  title: "CREFC Loan Setup File",
  assetClass: "commercial mortgage",
  source: "CREFC Investor Reporting Package 8.0, Loan Setup File",
  framings: [
    { kind: "delimited", delimiter: "auto", header: WITH_NAMES },
    { kind: "workbook", header: WITH_NAMES },
    { kind: "delimited", delimiter: "auto", header: WITHOUT },
    { kind: "workbook", header: WITHOUT },
  ],
  recognise: ({ kind, rows }) => {
    const [row] = rows;
    if (kind === "xml" || row === undefined) return 0;
    if (shareOfNames(rows, NEEDED) === 1) return 0.95;
    if (row.length < 50 || row.length > COLUMNS.length) return 0;
    const [transaction = "", , loan = "", , note = ""] = row;
    const fits = NAME.test(transaction) && loan !== "" && AMOUNT.test(note) && !DAY.test(note);
    return fits && DAY.test(row[9] ?? "") && AMOUNT.test(row[43] ?? "") ? 0.9 : 0;
  },
  fields: {
    loanId: "Loan Id",
    originalBalance: "Original Note Amount",
    endingBalance: "Scheduled Principal Balance At Contribution",
    collateralValue: "Appraisal Value At Contribution",
    interestRate: "Note Rate At Contribution",
    servicingFeeRate: "Servicer and Trustee Fee Rate",
    originalTerm: "Original Term Of Loan",
    remainingTerm: "Remaining Term At Contribution",
    firstPayment: "First Loan Payment Due Date",
    origination: "Origination Date",
    maturity: "Maturity Date At Contribution",
    region: "Property State",
  },
  rates: "fraction",
  missing: [],
  dates: ["YYYYMMDD", "YYYY-MM-DD"],
};
