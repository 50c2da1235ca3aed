/**
 * The codes of commercial mortgages that Schedule AL took over from the CREFC Investor Reporting
 * Package (data dictionary, legends "Payment Status of Loan" and "Liquidation/Prepayment Code").
 */
import type { TapeFormat } from "./tape-format.ts";

/** Bucket codes: the days are the least of the bucket. */
export const CMBS_PAYMENT_STATUSES = {
  A: { status: "current", daysPastDue: 0 },
  "0": { status: "current", daysPastDue: 0 },
  B: { status: "delinquent", daysPastDue: 1 },
  "1": { status: "delinquent", daysPastDue: 30 },
  "2": { status: "delinquent", daysPastDue: 60 },
  "3": { status: "delinquent", daysPastDue: 90 },
  // Balloons past their maturity: still paying, or not.
  "4": { status: "current", daysPastDue: 0 },
  "5": { status: "defaulted", daysPastDue: 90 },
} as const satisfies NonNullable<TapeFormat["statuses"]>;

/** 1, 10 and 11 are curtailments: the loan stays. */
export const CMBS_LIQUIDATIONS = {
  "1": null,
  "2": "prepaid or matured",
  "3": "liquidated",
  "4": "repurchased",
  "5": "prepaid or matured",
  "6": "liquidated",
  "7": "liquidated",
  "8": "prepaid or matured",
  "9": "prepaid or matured",
  "10": null,
  "11": null,
} as const satisfies NonNullable<TapeFormat["terminations"]>;
