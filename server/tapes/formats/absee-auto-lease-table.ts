/** SEC Form ABS-EE, auto leases, as a table. */
import { ABSEE_AUTO_LEASE_XML } from "./absee-auto-lease-xml.ts";
import { describeExtract } from "./absee-extract.ts";

export const ABSEE_AUTO_LEASE_TABLE = describeExtract({
  id: "absee-auto-lease-table",
  title: "SEC Form ABS-EE auto leases as CSV or workbook",
  exhibit: ABSEE_AUTO_LEASE_XML,
  needs: [
    "assetNumber",
    "reportingPeriodEndDate",
    "acquisitionCost",
    "reportingPeriodEndActualSecuritizationAmount",
  ],
});
