/**
 * Small Business Administration, 7(a) loans: one row a loan as of the release, the charge-off since
 * origination. No row says what is outstanding but by its status, unless the release has BalanceGross.
 */
import { shareOfNames } from "./head-names.ts";
import type { TapeFormat } from "./tape-format.ts";

const NEEDED = ["LoanNr_ChkDgt", "MIS_Status", "ChgOffPrinGr", "DisbursementGross", "GrAppv"];

const HEADER = { kind: "find", names: NEEDED, least: NEEDED.length } as const;

export const SBA_7A_LOANS: TapeFormat = {
  id: "sba-7a-loans",
  title: "SBA 7(a) loans (SBAnational)",
  assetClass: "small business loan",
  source: "SBA loan data released under FOIA, SBAnational layout of 27 columns",
  framings: [
    { kind: "delimited", delimiter: ",", header: HEADER },
    { kind: "workbook", header: HEADER },
  ],
  recognise: ({ kind, rows }) => (kind !== "xml" && shareOfNames(rows, NEEDED) === 1 ? 1 : 0),
  fields: {
    loanId: "LoanNr_ChkDgt",
    originalBalance: "DisbursementGross",
    // Without BalanceGross: what is paid in full or charged off has no balance; the rest is not said.
    endingBalance: { column: ["BalanceGross", "MIS_Status"], codes: { "P I F": 0, CHGOFF: 0 } },
    chargeOff: { column: "ChgOffPrinGr", over: "cumulative" },
    originalTerm: "Term",
    // One file has 2/28/1997 in one column and 24-Jun-91 in another; other releases 28-Feb-97 in all.
    origination: { column: ["DisbursementDate", "ApprovalDate"], pivot: 30 },
    statusCode: "MIS_Status",
    region: "State",
  },
  missing: ["NA"],
  dates: ["MM/DD/YYYY", "DD-Mon-YY"],
  statuses: {
    "P I F": { status: "prepaid or matured" },
    CHGOFF: { status: "charged off" },
  },
  codeLists: { RevLineCr: ["Y", "N"], LowDoc: ["Y", "N"], UrbanRural: ["0", "1", "2"] },
  // The business is often a person.
  personal: ["Name"],
  differenced: true,
  unstatedBalance: true,
};
