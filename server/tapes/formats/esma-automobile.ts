/** ESMA annex 5, automobile: what its formats (text and message) are made of. */
import type { EsmaAnnex } from "./esma-annex.ts";
import { ESMA_AUTOMOBILE_FIELDS } from "./esma-automobile-fields.ts";

export const ESMA_AUTOMOBILE: EsmaAnnex = {
  id: "esma-automobile",
  title: "annex 5, automobile",
  assetClass: "auto loan",
  element: "AutomblLn",
  fields: ESMA_AUTOMOBILE_FIELDS,
  uses: {
    newId: "AUTL3",
    originalId: "AUTL2",
    cutOff: "AUTL6",
    originalBalance: "AUTL29",
    currentBalance: "AUTL30",
    interestRate: "AUTL40",
    origination: "AUTL24",
    maturity: "AUTL25",
    originalTerm: "AUTL26",
    daysInArrears: "AUTL69",
    accountStatus: "AUTL70",
    defaultAmount: "AUTL72",
    recoveries: "AUTL76",
    prepayments: "AUTL52",
    valuation: "AUTL60",
    region: "AUTL10",
  },
};
