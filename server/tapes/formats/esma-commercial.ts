/** ESMA annex 3, commercial real estate: what its formats (text and message) are made of. */
import type { EsmaAnnex } from "./esma-annex.ts";
import { ESMA_COMMERCIAL_FIELDS } from "./esma-commercial-fields.ts";

export const ESMA_COMMERCIAL: EsmaAnnex = {
  id: "esma-commercial",
  title: "annex 3, commercial real estate",
  assetClass: "commercial mortgage",
  element: "ComrclRealEsttLn",
  fields: ESMA_COMMERCIAL_FIELDS,
  uses: {
    newId: "CREL5",
    originalId: "CREL4",
    cutOff: "CREL6",
    originalBalance: "CREL24",
    currentBalance: "CREL23",
    interestRate: "CREL110",
    origination: "CREL15",
    maturity: "CREL18",
    originalTerm: "CREL19",
    daysInArrears: "CREL130",
    accountStatus: "CREL136",
    defaultAmount: "CREL132",
    recoveries: "CREL141",
    // Unscheduled Principal Collections (CREL98) are of the period and need the periods between.
    prepayments: null,
    valuation: "CREC15",
    region: "CREL12",
  },
};
