/** SEC Form ABS-EE, auto loans, as a table: extracts of filings and servicers' workbooks. */
import { ABSEE_AUTO_LOAN_XML } from "./absee-auto-loan-xml.ts";
import { describeExtract } from "./absee-extract.ts";

export const ABSEE_AUTO_LOAN_TABLE = describeExtract({
  id: "absee-auto-loan-table",
  title: "SEC Form ABS-EE auto loans as CSV or workbook",
  exhibit: ABSEE_AUTO_LOAN_XML,
  needs: [
    "assetNumber",
    "reportingPeriodEndingDate",
    "reportingPeriodActualEndBalanceAmount",
    "actualPrincipalCollectedAmount",
    "obligorCreditScore",
  ],
  // One row a loan: absee-auto-loan-wide.
  without: ["BAL1"],
});
