/** The columns of loan_months: their order in a tape's row text, and a row as a loan month. */
import type { Selectable } from "kysely";
import type { LoanMonthsTable } from "../db/tables.ts";
import type { CanonicalField } from "./canonical-fields.ts";
import type { LoanMonth } from "./loan-month.ts";

/**
 * Columns of a row's text, in its order (that of migration 0017), each with the name of its value and
 * the canonical field that fills it; null where the value comes from elsewhere.
 */
export const LINE_FIELDS = [
  ["line", "line", null],
  ["loan_id", "loanId", "loanId"],
  ["original_balance_cents", "originalBalanceCents", "originalBalance"],
  ["beginning_balance_cents", "beginningBalanceCents", "beginningBalance"],
  ["ending_balance_cents", "endingBalanceCents", "endingBalance"],
  ["scheduled_principal_cents", "scheduledPrincipalCents", "scheduledPrincipal"],
  ["principal_cents", "principalCents", "principal"],
  ["prepaid_principal_cents", "prepaidPrincipalCents", "prepaidPrincipal"],
  ["interest_cents", "interestCents", "interest"],
  ["fees_cents", "feesCents", "fees"],
  ["other_adjustment_cents", "otherAdjustmentCents", "otherAdjustment"],
  ["charge_off_cents", "chargeOffCents", "chargeOff"],
  ["recovery_cents", "recoveryCents", "recovery"],
  ["liquidation_proceeds_cents", "liquidationProceedsCents", "liquidationProceeds"],
  ["repurchase_cents", "repurchaseCents", "repurchase"],
  ["servicer_advance_cents", "servicerAdvanceCents", "servicerAdvance"],
  ["collateral_value_cents", "collateralValueCents", "collateralValue"],
  ["interest_rate_wad", "interestRateWad", "interestRate"],
  ["servicing_fee_rate_wad", "servicingFeeRateWad", "servicingFeeRate"],
  ["original_term_months", "originalTermMonths", "originalTerm"],
  ["remaining_term_months", "remainingTermMonths", "remainingTerm"],
  ["days_past_due", "daysPastDue", "daysPastDue"],
  ["credit_score", "creditScore", "creditScore"],
  ["origination_month", "originationMonth", "origination"],
  ["maturity_month", "maturityMonth", "maturity"],
  ["repossessed", "repossessed", "repossessed"],
  ["modified", "modified", "modified"],
  ["delinquency_bucket", "delinquencyBucket", null],
  ["status", "status", null],
  ["termination_code", "terminationCode", "terminationCode"],
  ["region", "region", "region"],
  ["cumulative_cents", "cumulativeCents", null],
  ["attributes", "attributes", null],
] as const satisfies readonly (readonly [
  keyof LoanMonthsTable,
  keyof LoanMonth,
  CanonicalField | null,
])[];

/** Names of the columns of a row's text. */
export const LINE_COLUMNS: readonly string[] = LINE_FIELDS.map(([column]) => column);

/** The names that a tape's root covers: columns of a row's text, then those inside its attributes. */
export function treeColumns(attributeNames: readonly string[]): string[] {
  return [...LINE_COLUMNS, ...attributeNames];
}

export type LoanMonthRow = Pick<
  Selectable<LoanMonthsTable>,
  "position" | (typeof LINE_FIELDS)[number][0]
>;

/** A row of the table as a loan month. */
export function toLoanMonth(row: LoanMonthRow): LoanMonth {
  const values = LINE_FIELDS.map(([column, name]) => [name, row[column]] as const);
  return Object.fromEntries([["position", row.position], ...values]) as unknown as LoanMonth;
}
