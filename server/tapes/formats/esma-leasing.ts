/** ESMA annex 8, leasing: what its formats (text and message) are made of. */
import type { EsmaAnnex } from "./esma-annex.ts";
import { ESMA_LEASING_FIELDS } from "./esma-leasing-fields.ts";

export const ESMA_LEASING: EsmaAnnex = {
  id: "esma-leasing",
  title: "annex 8, leasing",
  assetClass: "equipment",
  element: "LeasgLn",
  fields: ESMA_LEASING_FIELDS,
  uses: {
    newId: "New Underlying Exposure Identifier",
    originalId: "Original Underlying Exposure Identifier",
    cutOff: "Data Cut-Off Date",
    originalBalance: "Original Principal Balance",
    currentBalance: "Current Principal Balance",
    interestRate: "Current Rate",
    origination: "Origination Date",
    maturity: "Issuance And Maturity Details Maturity Date",
    originalTerm: "Original Term",
    daysInArrears: "Number Of Days In Arrears",
    accountStatus: "Account Status",
    defaultAmount: "Gross Default",
    recoveries: "Cumulative Recoveries",
    prepayments: "Prepayment Details Cumulative Amount",
    valuation: "Current Information Valuation Amount",
    region: "Territorial Unit Classification",
  },
};
