/**
 * CREFC Investor Reporting Package, Loan Periodic Update File: columns L1 to L150 without a header, as
 * CSV or workbook, one row a loan.
 */
import { CMBS_LIQUIDATIONS, CMBS_PAYMENT_STATUSES } from "./cmbs-codes.ts";
import type { TapeFormat } from "./tape-format.ts";

/** By field number, as the package's reports cross-refer to them. */
const COLUMNS = Array.from({ length: 150 }, (_, at) => `L${at + 1}`);

const DAY = /^(19|20)\d\d(0[1-9]|1[0-2])\d\d$/;
const AMOUNT = /^-?\d+(\.\d+)?$/;
const NAME = /[A-Za-z]/;

/** Least number of columns that a row needs to be told from any other table. */
const LEAST_COLUMNS = 40;

/**
 * Balances are the scheduled ones (L36 has the actual one): L6 - L24 - L27 - L28 = L7, and in the month
 * of a liquidation less the realised loss. L25 = L23 + L24.
 */
export const CREFC_LOAN_PERIODIC_UPDATE: TapeFormat = {
  id: "crefc-loan-periodic-update",
  title: "CREFC Loan Periodic Update File",
  assetClass: "commercial mortgage",
  source: "CREFC Investor Reporting Package 8.0, Loan Periodic Update File",
  framings: [
    { kind: "delimited", delimiter: "auto", header: { kind: "none", columns: COLUMNS } },
    { kind: "workbook", header: { kind: "none", columns: COLUMNS } },
  ],
  recognise: ({ kind, rows }) => {
    const [row] = rows;
    if (kind === "xml" || row === undefined) return 0;
    if (row.length < LEAST_COLUMNS || row.length > COLUMNS.length) return 0;
    const [transaction = "", , loan = "", , paidOn = "", begin = "", end = ""] = row;
    const fits = NAME.test(transaction) && loan !== "" && DAY.test(paidOn);
    return fits && AMOUNT.test(begin) && AMOUNT.test(end) ? 0.9 : 0;
  },
  fields: {
    // Loan id of the servicer; L4 is the prospectus id, the asset number of the exhibits.
    loanId: "L3",
    // The distribution date.
    periodEnd: "L5",
    beginningBalance: "L6",
    endingBalance: "L7",
    scheduledPrincipal: "L24",
    principal: { sum: ["L24", "L27"] },
    prepaidPrincipal: "L27",
    interest: "L23",
    fees: "L30",
    otherAdjustment: "L28",
    chargeOff: "L47",
    liquidationProceeds: "L45",
    servicerAdvance: { sum: ["L37", "L38", "L39"] },
    collateralValue: "L75",
    interestRate: "L10",
    servicingFeeRate: "L12",
    maturity: "L11",
    terminationCode: "L32",
    statusCode: "L40",
  },
  rates: "fraction",
  missing: [],
  dates: ["YYYYMMDD", "YYYY-MM-DD"],
  endsWithinMonth: true,
  terminations: CMBS_LIQUIDATIONS,
  // Since release 8.0; Schedule AL merges it into 3.
  statuses: { ...CMBS_PAYMENT_STATUSES, "6": { status: "delinquent", daysPastDue: 121 } },
};
