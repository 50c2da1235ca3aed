/**
 * The supplemental reports of the CREFC Investor Reporting Package: titles, a row of field numbers, a row
 * of references to the data files (`L7`, `L3, S3, D3`), sections and totals. Loans of other trusts stand
 * among those of the deal, so a report is no tape.
 */
import type { TapeFormat } from "./tape-format.ts";

const REFERENCE = /^[LSDCB]\d{1,3}(, ?[LSDCB]\d{1,3})*$/;
const LEAST_REFERENCES = 5;

export const CREFC_REPORT: TapeFormat = {
  id: "crefc-report",
  title: "CREFC supplemental report",
  assetClass: "commercial mortgage",
  source: "CREFC Investor Reporting Package 8.0, supplemental reports",
  framings: [{ kind: "workbook", header: { kind: "first" } }],
  recognise: ({ rows }) =>
    rows.some((row) => row.filter((cell) => REFERENCE.test(cell)).length >= LEAST_REFERENCES)
      ? 1
      : 0,
  fields: {},
  missing: [],
  dates: [],
  refused: "a data file: the Loan Periodic Update File of the month",
};
