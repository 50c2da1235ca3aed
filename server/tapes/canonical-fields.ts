/**
 * The words that every format is translated into: one loan in one month. What each word means and which
 * column of which format it is stands in the format's file (formats/).
 */

/**
 * How a field is kept. In the path of an upload every number is an exact integer in a double:
 * money in cents (at most MOST_CENTS, so that sums of a row stay exact), a rate in units of 1e-12
 * (0.1245 -> 124,500,000,000), an integer as it is, a day as an epoch day, a month as a month number
 * (year * 12 + month - 1); NaN where the tape does not say. Texts and codes stay bytes.
 */
export type FieldKind = "money" | "rate" | "integer" | "day" | "month" | "flag" | "text";

export const CANONICAL_FIELDS = {
  /** As in the file, text whatever it looks like; with the deal it is the key. */
  loanId: "text",
  /** First and last day of what the row reports. */
  periodBegin: "day",
  periodEnd: "day",
  originalBalance: "money",
  beginningBalance: "money",
  endingBalance: "money",
  scheduledPrincipal: "money",
  principal: "money",
  /** Part of `principal` above the schedule, where the format states it. */
  prepaidPrincipal: "money",
  interest: "money",
  fees: "money",
  /** Subtracted by most roll-forward rules: a negative value adds to the balance. */
  otherAdjustment: "money",
  chargeOff: "money",
  recovery: "money",
  liquidationProceeds: "money",
  repurchase: "money",
  servicerAdvance: "money",
  collateralValue: "money",
  /** All that the borrower paid, where the format states it beside its parts: checked, an attribute. */
  totalPaid: "money",
  /** A year. */
  interestRate: "rate",
  servicingFeeRate: "rate",
  originalTerm: "integer",
  remainingTerm: "integer",
  daysPastDue: "integer",
  creditScore: "integer",
  origination: "month",
  /** Of the loan's own schedule: checked, kept as an attribute. */
  firstPayment: "month",
  maturity: "month",
  /** Foreclosed or repossessed, and not yet sold. */
  repossessed: "flag",
  modified: "flag",
  /** Why the balance is zero, as the format codes it. */
  terminationCode: "text",
  /** The format's own word for how the loan stands; read through the format's status codes. */
  statusCode: "text",
  /** Of the balance, by ISO 4217: checked against the deal's. */
  currency: "text",
  region: "text",
} as const satisfies Readonly<Record<string, FieldKind>>;

export type CanonicalField = keyof typeof CANONICAL_FIELDS;

/** Amounts above this are refused (`amount-too-large`): 5 trillion. Sixteen of them add up exactly. */
export const MOST_CENTS = 500_000_000_000_000;

/** Units of a rate in the upload's path: 1e12 is 100 %. */
export const RATE_UNIT = 1_000_000_000_000;

/**
 * Fields that some formats state since origination instead of for the month. They are kept as read
 * beside the month's flow, which is the difference to the tape before.
 */
export const CUMULATIVE_FIELDS = [
  "principal",
  "prepaidPrincipal",
  "interest",
  "fees",
  "chargeOff",
  "recovery",
  "liquidationProceeds",
] as const satisfies readonly CanonicalField[];

export type CumulativeField = (typeof CUMULATIVE_FIELDS)[number];

export const DELINQUENCY_BUCKETS = ["current", "1-29", "30-59", "60-89", "90-119", "120+"] as const;
export type DelinquencyBucket = (typeof DELINQUENCY_BUCKETS)[number];

/** How a loan stands, in the order in which it is decided: terminated first, current last. */
export const LOAN_STATUSES = [
  "charged off",
  "repurchased",
  "liquidated",
  "servicing transfer",
  "prepaid or matured",
  "unavailable",
  "repossessed",
  "defaulted",
  "delinquent",
  "current",
] as const;
export type LoanStatus = (typeof LOAN_STATUSES)[number];

/** The statuses after which a loan has no balance. */
export const TERMINATED_STATUSES: readonly LoanStatus[] = LOAN_STATUSES.slice(0, 6);

export const ASSET_CLASSES = [
  "auto loan",
  "auto lease",
  "residential mortgage",
  "commercial mortgage",
  "debt security",
  "consumer loan",
  "small business loan",
  "trade receivable",
  "credit card",
  "student loan",
  "equipment",
  "esoteric",
] as const;
export type AssetClass = (typeof ASSET_CLASSES)[number];

/** The bucket of a number of days past due; a payment in advance (negative) is current. */
export function bucketOfDays(daysPastDue: number): number {
  if (!(daysPastDue > 0)) return 0;
  if (daysPastDue < 30) return 1;
  if (daysPastDue < 60) return 2;
  if (daysPastDue < 90) return 3;
  return daysPastDue < 120 ? 4 : 5;
}
