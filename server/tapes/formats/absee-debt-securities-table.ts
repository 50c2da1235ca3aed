/** SEC Form ABS-EE, debt securities, as a table. */
import { ABSEE_DEBT_SECURITIES_XML } from "./absee-debt-securities-xml.ts";
import { describeExtract } from "./absee-extract.ts";

export const ABSEE_DEBT_SECURITIES_TABLE = describeExtract({
  id: "absee-debt-securities-table",
  title: "SEC Form ABS-EE debt securities as CSV or workbook",
  exhibit: ABSEE_DEBT_SECURITIES_XML,
  needs: [
    "assetNumber",
    "reportPeriodEndDate",
    "originalSecurityAmount",
    "endReportingPeriodActualBalanceAmount",
  ],
});
