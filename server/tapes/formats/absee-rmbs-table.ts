/** SEC Form ABS-EE, residential mortgages, as a table. */
import { describeExtract } from "./absee-extract.ts";
import { ABSEE_RMBS_XML } from "./absee-rmbs-xml.ts";

export const ABSEE_RMBS_TABLE = describeExtract({
  id: "absee-rmbs-table",
  title: "SEC Form ABS-EE residential mortgages as CSV or workbook",
  exhibit: ABSEE_RMBS_XML,
  needs: [
    "assetNumber",
    "reportPeriodEndDate",
    "reportingPeriodEndActualBalanceAmount",
    "nextPaymentDueDate",
  ],
});
