/** SEC Form ABS-EE, commercial mortgages, as a table. */
import { ABSEE_CMBS_XML } from "./absee-cmbs-xml.ts";
import { describeExtract } from "./absee-extract.ts";

export const ABSEE_CMBS_TABLE = describeExtract({
  id: "absee-cmbs-table",
  title: "SEC Form ABS-EE commercial mortgages as CSV or workbook",
  exhibit: ABSEE_CMBS_XML,
  needs: [
    "assetNumber",
    "reportingPeriodEndDate",
    "reportPeriodBeginningScheduleLoanBalanceAmount",
    "reportPeriodEndScheduledLoanBalanceAmount",
  ],
});
