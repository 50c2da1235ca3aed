/** Words for tapes that the deal file uses too. */

/** Ids of the formats in formats.ts that have loan months, in their order there. */
export const TAPE_FORMAT_IDS = [
  "absee-auto-loan-xml",
  "esma-residential-csv",
  "esma-residential-xml",
  "esma-commercial-csv",
  "esma-commercial-xml",
  "esma-automobile-csv",
  "esma-automobile-xml",
  "esma-corporate-xml",
  "esma-consumer-xml",
  "esma-card-xml",
  "esma-leasing-xml",
  "esma-esoteric-xml",
  "lendingclub-loans",
  "lendingclub-payments",
  "prosper-loans",
  "sba-7a-loans",
  "bondora-loans",
  "absee-auto-lease-xml",
  "absee-rmbs-xml",
  "absee-cmbs-xml",
  "absee-debt-securities-xml",
  "absee-auto-loan-table",
  "absee-auto-lease-table",
  "absee-rmbs-table",
  "absee-cmbs-table",
  "absee-debt-securities-table",
  "crefc-loan-periodic-update",
  "fannie-mae-performance",
  "freddie-mac-performance",
  "freddie-mac-origination",
  "psa-scheduled",
  "crefc-loan-setup",
  "absee-auto-loan-wide",
] as const;

/** Of a deal whose servicer describes his files himself. */
export const MAPPED = "mapped";

export const RATE_UNITS = [
  "fraction",
  "percent",
  "basis points",
  "fraction a month",
  "percent a month",
] as const;
export type RateUnit = (typeof RATE_UNITS)[number];

/** A date or month as it is written; "serial": a workbook's count of days. */
export const DATE_PATTERNS = [
  "YYYY-MM-DD",
  "MM-DD-YYYY",
  "MM/DD/YYYY",
  "DD/MM/YYYY",
  "DD.MM.YYYY",
  "YYYYMMDD",
  "MM/DD/YY",
  "DD-Mon-YY",
  "YYYY-MM",
  "MM/YYYY",
  "YYYYMM",
  "MMYYYY",
  "Mon-YYYY",
  "MonYYYY",
  "Mon-YY",
  "ISO time",
  "serial",
  "serial 1904",
] as const;
export type DatePattern = (typeof DATE_PATTERNS)[number];
