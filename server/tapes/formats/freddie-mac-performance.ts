/** Freddie Mac Single-Family Loan-Level Dataset, monthly performance: pipes, no header. */
import { FREDDIE_MAC_PERFORMANCE_FIELDS } from "./freddie-mac-fields.ts";
import { FREDDIE_MAC_LOAN_ID } from "./freddie-mac-origination.ts";
import { pipeFramings } from "./pipe-framings.ts";
import type { TapeFormat } from "./tape-format.ts";

const WIDTHS = [30, 31, 32, 35];

const MONTH = /^(19|20)\d\d(0[1-9]|1[0-2])$/;

/**
 * Balances are rounded to thousands in the first six months. No row says where the loan began the month;
 * what a payoff paid stands in "Zero Balance Removal UPB".
 */
export const FREDDIE_MAC_PERFORMANCE: TapeFormat = {
  id: "freddie-mac-performance",
  title: "Freddie Mac Single-Family Loan-Level Dataset, monthly performance",
  assetClass: "residential mortgage",
  source: "Freddie Mac, Single-Family Loan-Level Dataset: general user guide, file layout",
  framings: pipeFramings(FREDDIE_MAC_PERFORMANCE_FIELDS, WIDTHS),
  recognise: ({ delimiter, rows }) => {
    const [row] = rows;
    if (delimiter !== "|" || row === undefined || !WIDTHS.includes(row.length)) return 0;
    return FREDDIE_MAC_LOAN_ID.test(row[0] ?? "") && MONTH.test(row[1] ?? "") ? 1 : 0;
  },
  fields: {
    loanId: "Loan Sequence Number",
    periodEnd: { column: "Monthly Reporting Period", dates: ["YYYYMM"] },
    endingBalance: "Current Actual UPB",
    // A loss stands as a negative amount.
    chargeOff: { sum: ["-Actual Loss Calculation"], neverNegative: true },
    recovery: { sum: ["MI Recoveries", "Non MI Recoveries"] },
    // C: covers the loan; U: unknown.
    liquidationProceeds: { column: "Net Sales Proceeds", missing: ["C", "U"] },
    servicerAdvance: "Delinquent Accrued Interest",
    interestRate: "Current Interest Rate",
    remainingTerm: "Remaining Months to Legal Maturity",
    // In months; RA (R before 2019) stands for a property acquired by foreclosure, the last bucket.
    daysPastDue: {
      column: "Current Loan Delinquency Status",
      times: 30,
      codes: { RA: 120, R: 120 },
      missing: ["XX"],
    },
    repossessed: { column: "Current Loan Delinquency Status", codes: { RA: true, R: true } },
    modified: { column: "Modification Flag", codes: { Y: true } },
    terminationCode: "Zero Balance Code",
  },
  rates: "percent",
  missing: [],
  dates: ["YYYYMM"],
  terminations: {
    "01": "prepaid or matured",
    "02": "liquidated",
    "03": "liquidated",
    "06": "repurchased",
    "09": "liquidated",
    "15": "liquidated",
    "16": "liquidated",
    "96": "servicing transfer",
  },
  differenced: true,
  history: true,
};
