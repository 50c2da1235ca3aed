/** ESMA annex 7, credit card: what its formats (text and message) are made of. */
import type { EsmaAnnex } from "./esma-annex.ts";
import { ESMA_CARD_FIELDS } from "./esma-card-fields.ts";

export const ESMA_CARD: EsmaAnnex = {
  id: "esma-card",
  title: "annex 7, credit card",
  assetClass: "credit card",
  element: "CdtCardLn",
  fields: ESMA_CARD_FIELDS,
  uses: {
    newId: "New Underlying Exposure Identifier",
    originalId: "Original Underlying Exposure Identifier",
    cutOff: "Data Cut-Off Date",
    originalBalance: null,
    currentBalance: "Current Principal Balance",
    interestRate: "Current Rate",
    origination: "Origination Date",
    maturity: null,
    originalTerm: null,
    daysInArrears: "Number Of Days In Arrears",
    accountStatus: "Account Status",
    defaultAmount: "Gross Default",
    recoveries: "Cumulative Recoveries",
    prepayments: null,
    valuation: null,
    region: "Territorial Unit Classification",
  },
};
