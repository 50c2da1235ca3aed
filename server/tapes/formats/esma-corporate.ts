/** ESMA annex 4, corporate: what its formats (text and message) are made of. */
import type { EsmaAnnex } from "./esma-annex.ts";
import { ESMA_CORPORATE_FIELDS } from "./esma-corporate-fields.ts";

export const ESMA_CORPORATE: EsmaAnnex = {
  id: "esma-corporate",
  title: "annex 4, corporate",
  assetClass: "small business loan",
  element: "CorpLn",
  fields: ESMA_CORPORATE_FIELDS,
  uses: {
    newId: "New Underlying Exposure Identifier",
    originalId: "Original Underlying Exposure Identifier",
    cutOff: "Data Cut-Off Date",
    originalBalance: "Original Principal Balance",
    currentBalance: "Current Principal Balance",
    interestRate: "Current Rate",
    origination: "Origination Date",
    maturity: "Issuance And Maturity Details Maturity Date",
    originalTerm: null,
    daysInArrears: "Number Of Days In Arrears",
    accountStatus: "Account Status",
    defaultAmount: "Gross Default",
    recoveries: "Cumulative Recoveries",
    prepayments: "Prepayment Details Cumulative Amount",
    valuation: "Current Information Valuation Amount",
    region: "Territorial Unit Classification",
  },
};
