/** What a pool can be cut by: the canonical words, what follows from them, and any attribute of the tape. */
import type { FieldKind } from "../tapes/canonical-fields.ts";

/** How the bounds of a field are written and its values are shown. */
export type BandKind = FieldKind | "ratio";

export interface StratificationField {
  name: string;
  kind: BandKind;
  /** Column of loan_months, or a name of what is worked out from some. */
  source:
    | { column: string }
    | { derived: "loanAge" | "loanToValue" | "originationQuarter" }
    | { attribute: string };
}

const COLUMNS: Readonly<Record<string, [column: string, kind: BandKind]>> = {
  originalBalance: ["original_balance_cents", "money"],
  beginningBalance: ["beginning_balance_cents", "money"],
  endingBalance: ["ending_balance_cents", "money"],
  scheduledPrincipal: ["scheduled_principal_cents", "money"],
  principal: ["principal_cents", "money"],
  prepaidPrincipal: ["prepaid_principal_cents", "money"],
  interest: ["interest_cents", "money"],
  fees: ["fees_cents", "money"],
  otherAdjustment: ["other_adjustment_cents", "money"],
  chargeOff: ["charge_off_cents", "money"],
  recovery: ["recovery_cents", "money"],
  liquidationProceeds: ["liquidation_proceeds_cents", "money"],
  repurchase: ["repurchase_cents", "money"],
  servicerAdvance: ["servicer_advance_cents", "money"],
  collateralValue: ["collateral_value_cents", "money"],
  interestRate: ["interest_rate_wad", "rate"],
  servicingFeeRate: ["servicing_fee_rate_wad", "rate"],
  originalTerm: ["original_term_months", "integer"],
  remainingTerm: ["remaining_term_months", "integer"],
  daysPastDue: ["days_past_due", "integer"],
  creditScore: ["credit_score", "integer"],
  origination: ["origination_month", "month"],
  maturity: ["maturity_month", "month"],
  repossessed: ["repossessed", "flag"],
  modified: ["modified", "flag"],
  terminationCode: ["termination_code", "text"],
  region: ["region", "text"],
  status: ["status", "text"],
  delinquencyBucket: ["delinquency_bucket", "text"],
};

const DERIVED = {
  loanAge: "integer",
  loanToValue: "ratio",
  originationQuarter: "text",
} as const satisfies Record<string, BandKind>;

const isDerived = (name: string): name is keyof typeof DERIVED => Object.hasOwn(DERIVED, name);

/** Every name but the tape's own attributes. */
export const STRATIFICATION_NAMES = [...Object.keys(COLUMNS), ...Object.keys(DERIVED)];

/** The field of a name: a canonical one first, then a column of the tape; null when there is neither. */
export function findStratificationField(
  name: string,
  attributes: readonly string[],
): StratificationField | null {
  const known = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined;
  if (known !== undefined) return { name, kind: known[1], source: { column: known[0] } };
  if (isDerived(name)) return { name, kind: DERIVED[name], source: { derived: name } };
  return attributes.includes(name) ? { name, kind: "text", source: { attribute: name } } : null;
}

/** Bands of the fields that every report cuts by, as they would be asked for. */
const USUAL_BANDS: Readonly<Record<string, string>> = {
  originalBalance: "5000,10000,15000,20000,25000,30000,40000,50000,100000,250000,500000",
  endingBalance: "5000,10000,15000,20000,25000,30000,40000,50000,100000,250000,500000",
  interestRate: "2,4,6,8,10,12,15,18,21,25",
  originalTerm: "13,25,37,49,61,73,85,121,181,241,361",
  remainingTerm: "13,25,37,49,61,73,85,121,181,241,361",
  loanAge: "7,13,25,37,49,61",
  daysPastDue: "1,30,60,90,120",
  creditScore: "500,550,600,650,700,750,800",
  loanToValue: "60,70,80,90,100,110,120,130",
};

/** The bands as asked for, or the field's usual ones; empty text: each value by itself. */
export function bandsOf(field: StratificationField, asked: string | undefined): string {
  const usual = Object.hasOwn(USUAL_BANDS, field.name) ? USUAL_BANDS[field.name] : undefined;
  return asked ?? usual ?? "";
}
