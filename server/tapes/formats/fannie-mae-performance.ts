/**
 * Fannie Mae Single-Family Loan Performance file, and the loan-level files of Connecticut Avenue
 * Securities, which fill the first field with their pool's id: pipes, no header, all months of a loan.
 */
import { FANNIE_MAE_FIELDS } from "./fannie-mae-fields.ts";
import { pipeFramings } from "./pipe-framings.ts";
import type { TapeFormat } from "./tape-format.ts";

const WIDTHS = [108, 110, 113];

const LOAN_ID = /^\d{8,14}$/;
const MONTH = /^(0[1-9]|1[0-2])(19|20)\d\d$/;

/**
 * No row says where the loan began the month or what interest was paid: flows come from the tape before.
 * In the first six months the balance is masked as 0.00. The row of a payoff has a balance of 0.00, the
 * status XX and no rate; what was paid off stands in "UPB at the Time of Removal".
 */
export const FANNIE_MAE_PERFORMANCE: TapeFormat = {
  id: "fannie-mae-performance",
  title: "Fannie Mae Single-Family Loan Performance and Connecticut Avenue Securities",
  assetClass: "residential mortgage",
  source: "Fannie Mae, Single-Family Loan Performance Dataset: file layout and glossary",
  framings: pipeFramings(FANNIE_MAE_FIELDS, WIDTHS),
  recognise: ({ delimiter, rows }) => {
    const [row] = rows;
    if (delimiter !== "|" || row === undefined || !WIDTHS.includes(row.length)) return 0;
    return LOAN_ID.test(row[1] ?? "") && MONTH.test(row[2] ?? "") ? 1 : 0;
  },
  fields: {
    loanId: "Loan Identifier",
    periodEnd: { column: "Monthly Reporting Period", dates: ["MMYYYY"] },
    originalBalance: "Original UPB",
    endingBalance: "Current Actual UPB",
    chargeOff: "Foreclosure Principal Write-off Amount",
    recovery: { sum: ["Credit Enhancement Proceeds", "Other Foreclosure Proceeds"] },
    liquidationProceeds: "Net Sales Proceeds",
    repurchase: "Repurchase Make Whole Proceeds",
    servicerAdvance: "Delinquent Accrued Interest",
    interestRate: "Current Interest Rate",
    originalTerm: "Original Loan Term",
    remainingTerm: {
      column: ["Remaining Months to Maturity", "Remaining Months to Legal Maturity"],
    },
    // In months: 00, 01, ... 99; XX where it is not known, always so in the row of a payoff.
    daysPastDue: { column: "Current Loan Delinquency Status", times: 30, missing: ["XX"] },
    creditScore: "Borrower Credit Score at Origination",
    firstPayment: "First Payment Date",
    origination: "Origination Date",
    maturity: "Maturity Date",
    modified: { column: "Modification Flag", codes: { Y: true } },
    terminationCode: "Zero Balance Code",
    region: "Property State",
  },
  rates: "percent",
  missing: [],
  dates: ["MMYYYY"],
  terminations: {
    "01": "prepaid or matured",
    "02": "liquidated",
    "03": "liquidated",
    "06": "repurchased",
    "09": "liquidated",
    "15": "liquidated",
    "16": "liquidated",
    "96": "servicing transfer",
    // Credit events of a CAS pool: delinquency, and others.
    "97": "charged off",
    "98": "charged off",
  },
  codeLists: {
    Channel: ["R", "C", "B", "T"],
    "Loan Purpose": ["C", "R", "P", "U"],
    "Property Type": ["CO", "CP", "PU", "MH", "SF"],
    "Occupancy Status": ["P", "S", "I", "U"],
    "Amortization Type": ["FRM", "ARM"],
  },
  differenced: true,
  history: true,
  masked: { ageColumn: "Loan Age", upToAge: 6 },
};
