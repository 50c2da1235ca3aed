/** Mappings as servicers would make them for files that the market has in no one public layout. */
import type { TapeMapping } from "../../../../server/tapes/tape-mapping.ts";

const PLAIN: Omit<TapeMapping, "assetClass" | "columns"> = {
  delimiter: ",",
  encoding: "utf-8",
  header: "first",
  names: [],
  sheet: null,
  dates: ["YYYY-MM-DD"],
  months: [],
  missing: [],
  decimalComma: false,
  terminations: {},
  statuses: {},
  loanIds: null,
  totals: null,
  personal: [],
  differenced: false,
  history: false,
};

/** A mortgage servicing workbook: titles, header on row 3 with units in the names, a totals row. */
export const SERVICING_WORKBOOK: TapeMapping = {
  ...PLAIN,
  assetClass: "residential mortgage",
  header: "find",
  columns: {
    loanId: "Loan ID",
    origination: "Orig Date",
    originalBalance: "Original Bal ($)",
    endingBalance: "Current UPB ($)",
    interestRate: { column: "Rate", unit: "fraction" },
    servicingFeeRate: { column: "Net Serv Fee", unit: "fraction" },
    remainingTerm: "Rem Term",
    maturity: "Maturity",
    statusCode: "Status",
  },
  statuses: {
    Current: { status: "current" },
    "30 DPD": { status: "delinquent", daysPastDue: 30 },
    "60 DPD": { status: "delinquent", daysPastDue: 60 },
    "60+ DPD": { status: "delinquent", daysPastDue: 60 },
    "90+ DPD": { status: "delinquent", daysPastDue: 90 },
    "Paid in Full": { status: "prepaid or matured" },
  },
  loanIds: "MSR######",
  totals: "TOTALS*",
  differenced: true,
};

/** A private student loan workbook in accounting format, its used range far larger than the loans. */
export const STUDENT_WORKBOOK: TapeMapping = {
  ...PLAIN,
  assetClass: "student loan",
  header: "first",
  columns: {
    loanId: "Loan System ID",
    originalBalance: "Original Principal Balance",
    endingBalance: "Principal Balance",
    origination: "First Disbursement Date",
    // Day 0 of the workbook's count stands for none.
    maturity: { column: "Maturity Date", missing: ["1899-12-31"] },
    interestRate: { column: "Current Interest Rate", unit: "fraction" },
    daysPastDue: "Days Late",
    creditScore: { column: ["Borrower FICO", "Co-Borrower FICO"], missing: ["0"] },
    originalTerm: "Original Repayment Period (Months)",
    statusCode: "Loan Status",
  },
  statuses: {
    Repayment: { status: "current" },
    "Interest Only": { status: "current" },
    Restructured: { status: "current" },
    Collection: { status: "defaulted" },
    Accelerated: { status: "defaulted" },
    "Paid In Full": { status: "prepaid or matured" },
  },
  differenced: true,
};

/** A ledger of invoices: the balance falls in one step, when the invoice is settled. */
export const RECEIVABLES_LEDGER: TapeMapping = {
  ...PLAIN,
  assetClass: "trade receivable",
  columns: {
    loanId: "invoiceNumber",
    originalBalance: "InvoiceAmount",
    endingBalance: { column: "InvoiceAmount", when: { column: "SettledDate", values: [""] } },
    daysPastDue: {
      column: "DueDate",
      since: true,
      when: { column: "SettledDate", values: [""] },
    },
    origination: "InvoiceDate",
    maturity: "DueDate",
    terminationCode: "SettledDate",
    region: "countryCode",
  },
  dates: ["MM/DD/YYYY"],
  terminations: { "*": "prepaid or matured" },
  personal: ["customerID"],
  differenced: true,
};

/**
 * Card accounts with six months side by side, of which the newest is read. What an account has to its
 * credit is no receivable. Purchases are what the balance rose by beside the payments: the tape before says.
 */
export const CARD_ACCOUNTS: TapeMapping = {
  ...PLAIN,
  assetClass: "credit card",
  columns: {
    loanId: "ID",
    endingBalance: { sum: ["BILL_AMT1"], neverNegative: true },
    principal: "PAY_AMT1",
    daysPastDue: { column: "PAY_0", codes: { "-2": 0, "-1": 0 }, times: 30 },
  },
  personal: ["SEX", "EDUCATION", "MARRIAGE", "AGE"],
  differenced: true,
};

/** A platform's daily tape to its bank: a row a loan, as of the end of the day before. */
export const DAILY_PLATFORM_TAPE: TapeMapping = {
  ...PLAIN,
  assetClass: "consumer loan",
  columns: {
    loanId: "MplAcctID",
    periodEnd: "DataDate",
    originalBalance: "OriginalLoanAmount",
    beginningBalance: "BeginningPrincipal",
    endingBalance: "EndingPrincipal",
    principal: "PrincipalPaid",
    interest: "InterestPaid",
    fees: { sum: ["LateFeePaid", "OtherFeePaid"] },
    chargeOff: "ChargeOffPrincipal",
    recovery: { column: "CumulativeRecoveries", over: "cumulative" },
    interestRate: { column: "InterestRate", unit: "percent" },
    daysPastDue: "DaysPastDue",
    maturity: "MaturityDate",
    statusCode: "LoanStatus",
  },
  statuses: {
    CURRENT: { status: "current" },
    PASTDUE: { status: "delinquent" },
    PAIDOFF: { status: "prepaid or matured" },
    CHARGEDOFF: { status: "charged off" },
  },
  personal: ["BorrowerName"],
};

/** A British lender's extract: ESMA's words, pounds in the cells, days first, states in words. */
export const LENDER_EXTRACT: TapeMapping = {
  ...PLAIN,
  assetClass: "residential mortgage",
  columns: {
    loanId: "Loan Identifier",
    periodEnd: "Data Cut-Off Date",
    originalBalance: "Original Principal Balance",
    endingBalance: "Current Principal Balance GBP",
    interestRate: { column: "Current Interest Rate", unit: "percent" },
    origination: "Origination Dt",
    maturity: "Maturity DATE",
    collateralValue: "Current Valuation Amount",
    daysPastDue: "Number of Days in Arrears",
    region: "Region",
    statusCode: "Account Status",
  },
  dates: ["DD/MM/YYYY"],
  statuses: {
    Active: { status: "current" },
    Redeemed: { status: "prepaid or matured" },
  },
  personal: ["Post Code", "Borrower Age (Youngest)"],
  differenced: true,
};
