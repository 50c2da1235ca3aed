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
import { BONDORA_LOANS } from "./bondora-loans.ts";
import { CREFC_LOAN_PERIODIC_UPDATE } from "./crefc-loan-periodic-update.ts";
import { CREFC_LOAN_SETUP } from "./crefc-loan-setup.ts";
import { CREFC_REPORT } from "./crefc-report.ts";
import { ESMA_AUTOMOBILE_CSV } from "./esma-automobile-csv.ts";
import { ESMA_AUTOMOBILE_XML } from "./esma-automobile-xml.ts";
import { ESMA_CARD_XML } from "./esma-card-xml.ts";
import { ESMA_COMMERCIAL_CSV } from "./esma-commercial-csv.ts";
import { ESMA_COMMERCIAL_XML } from "./esma-commercial-xml.ts";
import { ESMA_CONSUMER_XML } from "./esma-consumer-xml.ts";
import { ESMA_CORPORATE_XML } from "./esma-corporate-xml.ts";
import { ESMA_ESOTERIC_XML } from "./esma-esoteric-xml.ts";
import { ESMA_LEASING_XML } from "./esma-leasing-xml.ts";
import { ESMA_RESIDENTIAL_CSV } from "./esma-residential-csv.ts";
import { ESMA_RESIDENTIAL_XML } from "./esma-residential-xml.ts";
import { ESMA_TRANSPOSED } from "./esma-transposed.ts";
import { FANNIE_MAE_PERFORMANCE } from "./fannie-mae-performance.ts";
import { FREDDIE_MAC_ORIGINATION } from "./freddie-mac-origination.ts";
import { FREDDIE_MAC_PERFORMANCE } from "./freddie-mac-performance.ts";
import { LENDINGCLUB_LOANS } from "./lendingclub-loans.ts";
import { LENDINGCLUB_PAYMENTS } from "./lendingclub-payments.ts";
import { PROSPER_LOANS } from "./prosper-loans.ts";
import { PSA_SCHEDULED } from "./psa-scheduled.ts";
import { SBA_7A_LOANS } from "./sba-7a-loans.ts";
import type { TapeFormat } from "./tape-format.ts";

export const FORMATS: readonly TapeFormat[] = [
  ABSEE_AUTO_LOAN_XML,
  ESMA_RESIDENTIAL_CSV,
  ESMA_RESIDENTIAL_XML,
  ESMA_COMMERCIAL_CSV,
  ESMA_COMMERCIAL_XML,
  ESMA_AUTOMOBILE_CSV,
  ESMA_AUTOMOBILE_XML,
  ESMA_CORPORATE_XML,
  ESMA_CONSUMER_XML,
  ESMA_CARD_XML,
  ESMA_LEASING_XML,
  ESMA_ESOTERIC_XML,
  LENDINGCLUB_LOANS,
  LENDINGCLUB_PAYMENTS,
  PROSPER_LOANS,
  SBA_7A_LOANS,
  BONDORA_LOANS,
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
  ESMA_TRANSPOSED,
];
