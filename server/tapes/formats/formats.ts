/** Every public format that is read without a mapping. New ones are added at the end. */
import { ABSEE_AUTO_LEASE_TABLE } from "./absee-auto-lease-table.ts";
import { ABSEE_AUTO_LEASE_XML } from "./absee-auto-lease-xml.ts";
import { ABSEE_AUTO_LOAN_SUMMARY } from "./absee-auto-loan-summary.ts";
import { ABSEE_AUTO_LOAN_TABLE } from "./absee-auto-loan-table.ts";
import { ABSEE_AUTO_LOAN_WIDE } from "./absee-auto-loan-wide.ts";
import { ABSEE_AUTO_LOAN_XML } from "./absee-auto-loan-xml.ts";
import { ABSEE_CMBS_TABLE } from "./absee-cmbs-table.ts";
import { ABSEE_CMBS_XML } from "./absee-cmbs-xml.ts";
import { ABSEE_DEBT_SECURITIES_TABLE } from "./absee-debt-securities-table.ts";
import { ABSEE_DEBT_SECURITIES_XML } from "./absee-debt-securities-xml.ts";
import { ABSEE_RMBS_TABLE } from "./absee-rmbs-table.ts";
import { ABSEE_RMBS_XML } from "./absee-rmbs-xml.ts";
import { CREFC_LOAN_SETUP } from "./crefc-loan-setup.ts";
import { CREFC_LOAN_PERIODIC_UPDATE } from "./crefc-loan-periodic-update.ts";
import { CREFC_REPORT } from "./crefc-report.ts";
import { FANNIE_MAE_PERFORMANCE } from "./fannie-mae-performance.ts";
import { FREDDIE_MAC_ORIGINATION } from "./freddie-mac-origination.ts";
import { FREDDIE_MAC_PERFORMANCE } from "./freddie-mac-performance.ts";
import { PSA_SCHEDULED } from "./psa-scheduled.ts";
import type { TapeFormat } from "./tape-format.ts";

export const FORMATS: readonly TapeFormat[] = [
  ABSEE_AUTO_LOAN_XML,
  ABSEE_AUTO_LEASE_XML,
  ABSEE_RMBS_XML,
  ABSEE_CMBS_XML,
  ABSEE_DEBT_SECURITIES_XML,
  ABSEE_AUTO_LOAN_TABLE,
  ABSEE_AUTO_LEASE_TABLE,
  ABSEE_RMBS_TABLE,
  ABSEE_CMBS_TABLE,
  ABSEE_DEBT_SECURITIES_TABLE,
  CREFC_LOAN_PERIODIC_UPDATE,
  FANNIE_MAE_PERFORMANCE,
  FREDDIE_MAC_PERFORMANCE,
  FREDDIE_MAC_ORIGINATION,
  PSA_SCHEDULED,
  CREFC_LOAN_SETUP,
  ABSEE_AUTO_LOAN_WIDE,
  ABSEE_AUTO_LOAN_SUMMARY,
  CREFC_REPORT,
];
