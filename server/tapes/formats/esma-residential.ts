/** ESMA annex 2, residential real estate: what its formats (text and message) are made of. */
import type { EsmaAnnex } from "./esma-annex.ts";
import { ESMA_RESIDENTIAL_FIELDS } from "./esma-residential-fields.ts";

export const ESMA_RESIDENTIAL: EsmaAnnex = {
  id: "esma-residential",
  title: "annex 2, residential real estate",
  assetClass: "residential mortgage",
  element: "ResdtlRealEsttLn",
  fields: ESMA_RESIDENTIAL_FIELDS,
  uses: {
    newId: "RREL3",
    originalId: "RREL2",
    cutOff: "RREL6",
    originalBalance: "RREL29",
    currentBalance: "RREL30",
    interestRate: "RREL43",
    origination: "RREL23",
    maturity: "RREL24",
    originalTerm: "RREL25",
    daysInArrears: "RREL68",
    accountStatus: "RREL69",
    defaultAmount: "RREL71",
    recoveries: "RREL74",
    prepayments: "RREL64",
    valuation: "RREC13",
    region: "RREL11",
  },
};
