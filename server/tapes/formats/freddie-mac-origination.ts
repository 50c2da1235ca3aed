/**
 * Freddie Mac Single-Family Loan-Level Dataset, origination file: what does not change of each loan. As
 * a tape it is the pool at its cut-off: the balance is the original one and there is no period in it.
 */
import { FREDDIE_MAC_ORIGINATION_FIELDS } from "./freddie-mac-fields.ts";
import { pipeFramings } from "./pipe-framings.ts";
import type { TapeFormat } from "./tape-format.ts";

const WIDTHS = [31, 32];

/** Product (fixed or adjustable), year and quarter of origination, number. */
export const FREDDIE_MAC_LOAN_ID = /^[A-Z]\d\dQ[1-4]\d{7}$/;

const ID_COLUMN = FREDDIE_MAC_ORIGINATION_FIELDS.indexOf("Loan Sequence Number");

export const FREDDIE_MAC_ORIGINATION: TapeFormat = {
  id: "freddie-mac-origination",
  title: "Freddie Mac Single-Family Loan-Level Dataset, origination",
  assetClass: "residential mortgage",
  source: "Freddie Mac, Single-Family Loan-Level Dataset: general user guide, file layout",
  framings: pipeFramings(FREDDIE_MAC_ORIGINATION_FIELDS, WIDTHS),
  recognise: ({ delimiter, rows }) => {
    const [row] = rows;
    if (delimiter !== "|" || row === undefined || !WIDTHS.includes(row.length)) return 0;
    return FREDDIE_MAC_LOAN_ID.test(row[ID_COLUMN] ?? "") ? 1 : 0;
  },
  fields: {
    loanId: "Loan Sequence Number",
    originalBalance: "Original UPB",
    endingBalance: "Original UPB",
    interestRate: "Original Interest Rate",
    originalTerm: "Original Loan Term",
    remainingTerm: "Original Loan Term",
    creditScore: { column: "Credit Score", missing: ["9999"] },
    firstPayment: "First Payment Date",
    maturity: "Maturity Date",
    region: "Property State",
  },
  rates: "percent",
  missing: [],
  dates: ["YYYYMM"],
  codeLists: {
    "First Time Homebuyer Flag": ["Y", "N", "9"],
    "Occupancy Status": ["P", "I", "S", "9"],
    Channel: ["R", "B", "C", "T", "9"],
    "Property Type": ["CO", "PU", "MH", "SF", "CP", "99"],
    "Loan Purpose": ["P", "C", "N", "R", "9"],
  },
};
