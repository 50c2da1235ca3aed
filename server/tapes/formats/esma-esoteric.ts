/** ESMA annex 9, esoteric: what its formats (text and message) are made of. */
import type { EsmaAnnex } from "./esma-annex.ts";
import { ESMA_ESOTERIC_FIELDS } from "./esma-esoteric-fields.ts";

export const ESMA_ESOTERIC: EsmaAnnex = {
  id: "esma-esoteric",
  title: "annex 9, esoteric",
  assetClass: "esoteric",
  element: "EstrcLn",
  fields: ESMA_ESOTERIC_FIELDS,
  uses: {
    newId: "New Underlying Exposure Identifier",
    originalId: "Original Underlying Exposure Identifier",
    cutOff: "Data Cut-Off Date",
    originalBalance: "Original Principal Balance",
    currentBalance: "Current Principal Balance",
    interestRate: "Current Interest Rate",
    origination: "Origination Date",
    maturity: "Issuance And Maturity Details Maturity Date",
    originalTerm: null,
    daysInArrears: "Number Of Days In Arrears",
    daysMayBeMissing: true,
    accountStatus: "Account Status",
    defaultAmount: "Gross Default",
    recoveries: "Cumulative Recoveries",
    prepayments: "Cumulative Prepayment",
    valuation: "Current Information Valuation Amount",
    region: "Territorial Unit Classification",
  },
};
