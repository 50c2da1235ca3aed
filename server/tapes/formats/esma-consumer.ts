/** ESMA annex 6, consumer: what its formats (text and message) are made of. */
import type { EsmaAnnex } from "./esma-annex.ts";
import { ESMA_CONSUMER_FIELDS } from "./esma-consumer-fields.ts";

export const ESMA_CONSUMER: EsmaAnnex = {
  id: "esma-consumer",
  title: "annex 6, consumer",
  assetClass: "consumer loan",
  element: "CsmrLn",
  fields: ESMA_CONSUMER_FIELDS,
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
    valuation: null,
    region: "Territorial Unit Classification",
  },
};
