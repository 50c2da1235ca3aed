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
import { ESMA_AUTOMOBILE } from "./esma-automobile.ts";
import { ESMA_CARD } from "./esma-card.ts";
import { ESMA_COMMERCIAL } from "./esma-commercial.ts";
import { ESMA_CONSUMER } from "./esma-consumer.ts";
import { ESMA_CORPORATE } from "./esma-corporate.ts";
import { buildEsmaCsv } from "./esma-csv.ts";
import { ESMA_ESOTERIC } from "./esma-esoteric.ts";
import { ESMA_LEASING } from "./esma-leasing.ts";
import { ESMA_RESIDENTIAL } from "./esma-residential.ts";
import { ESMA_TRANSPOSED } from "./esma-transposed.ts";
import { buildEsmaXml } from "./esma-xml.ts";
import { FANNIE_MAE_PERFORMANCE } from "./fannie-mae-performance.ts";
import { FREDDIE_MAC_ORIGINATION } from "./freddie-mac-origination.ts";
import { FREDDIE_MAC_PERFORMANCE } from "./freddie-mac-performance.ts";
import { LENDINGCLUB_LOANS } from "./lendingclub-loans.ts";
import { LENDINGCLUB_PAYMENTS } from "./lendingclub-payments.ts";
import { PROSPER_LOANS } from "./prosper-loans.ts";
import { PSA_SCHEDULED } from "./psa-scheduled.ts";
import { SBA_7A_LOANS } from "./sba-7a-loans.ts";
import type { TapeFormat } from "./tape-format.ts";

/** Annexes whose field codes are published: they come as text and workbook, too. */
const ESMA_WITH_CODES = [ESMA_RESIDENTIAL, ESMA_COMMERCIAL, ESMA_AUTOMOBILE];

/** Annexes that are read as the message alone. */
const ESMA_MESSAGES = [ESMA_CORPORATE, ESMA_CONSUMER, ESMA_CARD, ESMA_LEASING, ESMA_ESOTERIC];

export const FORMATS: readonly TapeFormat[] = [
  ABSEE_AUTO_LOAN_XML,
  ...ESMA_WITH_CODES.flatMap((annex) => [buildEsmaCsv(annex), buildEsmaXml(annex)]),
  ...ESMA_MESSAGES.map((annex) => buildEsmaXml(annex)),
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
