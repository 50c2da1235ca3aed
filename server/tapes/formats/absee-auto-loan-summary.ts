/**
 * Tables that research makes of the exhibits, one row a loan with hundreds of columns of its first, last,
 * least and greatest values (`originalLoanAmountLocCurrent`): they say nothing of a month.
 */
import { shareOfNames } from "./head-names.ts";
import type { TapeFormat } from "./tape-format.ts";

const NEEDED = [
  "reportingPeriodEndingDateRLocCurrent",
  "reportingPeriodActualEndBalanceAmountLocCurrent",
];

const HEADER = { kind: "find", names: NEEDED, least: NEEDED.length } as const;

export const ABSEE_AUTO_LOAN_SUMMARY: TapeFormat = {
  id: "absee-auto-loan-summary",
  title: "Auto loans summed up over their life",
  assetClass: "auto loan",
  source: "Derived from SEC Form ABS-EE, exhibit 102",
  framings: [
    { kind: "delimited", delimiter: "auto", header: HEADER },
    { kind: "workbook", header: HEADER },
  ],
  recognise: ({ kind, rows }) => (kind !== "xml" && shareOfNames(rows, NEEDED) === 1 ? 1 : 0),
  fields: {},
  missing: [],
  dates: [],
  refused:
    "the loans month by month: the exhibit 102 or the transaction table that this was made of",
};
