/**
 * "Standard File Layout - Scheduled/Scheduled" of pooling and servicing agreements: the servicer's
 * monthly remittance file to the master servicer, text or workbook with a header.
 */
import { shareOfNames } from "./head-names.ts";
import type { TapeFormat } from "./tape-format.ts";

const COLUMNS = [
  "SER_INVESTOR_NBR",
  "LOAN_NBR",
  "SERVICER_LOAN_NBR",
  "BORROWER_NAME",
  "SCHED_PAY_AMT",
  "NOTE_INT_RATE",
  "NET_INT_RATE",
  "SERV_FEE_RATE",
  "SERV_FEE_AMT",
  "NEW_PAY_AMT",
  "NEW_LOAN_RATE",
  "ARM_INDEX_RATE",
  "ACTL_BEG_PRIN_BAL",
  "ACTL_END_PRIN_BAL",
  "BORR_NEXT_PAY_DUE_DATE",
  "SERV_CURT_AMT_1",
  "SERV_CURT_DATE_1",
  "CURT_ADJ_AMT_1",
  "SERV_CURT_AMT_2",
  "SERV_CURT_DATE_2",
  "CURT_ADJ_AMT_2",
  "SERV_CURT_AMT_3",
  "SERV_CURT_DATE_3",
  "CURT_ADJ_AMT_3",
  "PIF_AMT",
  "PIF_DATE",
  "ACTION_CODE",
  "INT_ADJ_AMT",
  "SOLDIER_SAILOR_ADJ_AMT",
  "NON_ADV_LOAN_AMT",
  "LOAN_LOSS_AMT",
  "SCHED_BEG_PRIN_BAL",
  "SCHED_END_PRIN_BAL",
  "SCHED_PRIN_AMT",
  "SCHED_NET_INT",
  "ACTL_PRIN_AMT",
  "ACTL_NET_INT",
  "PREPAY_PENALTY_AMT",
  "PREPAY_PENALTY_WAIVED",
  "MOD_DATE",
  "MOD_TYPE",
  "DELINQ_P&I_ADVANCE_AMT",
  "BREACH_FLAG",
];

const NEEDED = ["LOAN_NBR", "SCHED_BEG_PRIN_BAL", "SCHED_END_PRIN_BAL", "SCHED_PRIN_AMT"];

const HEADER = { kind: "find", names: COLUMNS, least: 8 } as const;

/**
 * The trust is paid as scheduled, so the scheduled balances count. Curtailments (SERV_CURT_AMT) and
 * payoffs (PIF_AMT) come on top of the scheduled principal; CURT_ADJ_AMT is interest on a curtailment.
 */
export const PSA_SCHEDULED: TapeFormat = {
  id: "psa-scheduled",
  title: "Pooling and servicing agreement, scheduled/scheduled remittance file",
  assetClass: "residential mortgage",
  source: "Exhibit of pooling and servicing agreements: Standard File Layout - Scheduled/Scheduled",
  framings: [
    { kind: "delimited", delimiter: "auto", header: HEADER },
    { kind: "workbook", header: HEADER },
  ],
  recognise: ({ kind, rows }) => (kind !== "xml" && shareOfNames(rows, NEEDED) === 1 ? 0.95 : 0),
  columns: COLUMNS,
  personal: ["BORROWER_NAME"],
  fields: {
    loanId: "LOAN_NBR",
    beginningBalance: "SCHED_BEG_PRIN_BAL",
    endingBalance: "SCHED_END_PRIN_BAL",
    scheduledPrincipal: "SCHED_PRIN_AMT",
    principal: {
      sum: ["SCHED_PRIN_AMT", "SERV_CURT_AMT_1", "SERV_CURT_AMT_2", "SERV_CURT_AMT_3", "PIF_AMT"],
    },
    prepaidPrincipal: {
      sum: ["SERV_CURT_AMT_1", "SERV_CURT_AMT_2", "SERV_CURT_AMT_3", "PIF_AMT"],
    },
    interest: { sum: ["SCHED_NET_INT", "SERV_FEE_AMT"] },
    fees: "PREPAY_PENALTY_AMT",
    chargeOff: "LOAN_LOSS_AMT",
    servicerAdvance: "DELINQ_P&I_ADVANCE_AMT",
    interestRate: "NOTE_INT_RATE",
    servicingFeeRate: "SERV_FEE_RATE",
    daysPastDue: { column: "BORR_NEXT_PAY_DUE_DATE", since: true },
    // 70: real estate owned, not yet sold.
    repossessed: { column: "ACTION_CODE", codes: { "70": true } },
    terminationCode: "ACTION_CODE",
    statusCode: "ACTION_CODE",
  },
  missing: [],
  dates: ["MM/DD/YYYY", "YYYY-MM-DD"],
  // 12 and 15: relief, bankruptcy or litigation; 20: referred; 30: foreclosure; 70: owned. They stay.
  terminations: {
    "00": null,
    "12": null,
    "15": null,
    "20": null,
    "30": null,
    "60": "prepaid or matured",
    "63": "repurchased",
    "65": "repurchased",
    "70": null,
  },
  statuses: {
    "00": { status: "current" },
    "12": { status: "current" },
    "15": { status: "current" },
    "20": { status: "current" },
    "30": { status: "defaulted" },
    "60": { status: "current" },
    "63": { status: "current" },
    "65": { status: "current" },
    "70": { status: "repossessed" },
  },
};
