/** A loan month between its object and its row in loan_months, one table for both directions. */
import type { Selectable } from "kysely";
import type { LoanMonthsTable } from "../db/tables.ts";
import type { LoanMonth } from "./loan-month.ts";

/** Columns in the order of COPY, each with the name of its value. */
const COLUMNS = [
  ["loan_id", "loanId"],
  ["line", "line"],
  ["beginning_balance_cents", "beginningBalanceCents"],
  ["ending_balance_cents", "endingBalanceCents"],
  ["original_balance_cents", "originalBalanceCents"],
  ["scheduled_principal_cents", "scheduledPrincipalCents"],
  ["principal_cents", "principalCents"],
  ["interest_cents", "interestCents"],
  ["fees_cents", "feesCents"],
  ["other_adjustment_cents", "otherAdjustmentCents"],
  ["charge_off_cents", "chargeOffCents"],
  ["recovery_cents", "recoveryCents"],
  ["liquidation_proceeds_cents", "liquidationProceedsCents"],
  ["interest_rate_wad", "interestRateWad"],
  ["original_term_months", "originalTermMonths"],
  ["remaining_term_months", "remainingTermMonths"],
  ["days_past_due", "daysPastDue"],
  ["delinquency_bucket", "delinquencyBucket"],
  ["status", "status"],
  ["zero_balance_code", "zeroBalanceCode"],
  ["origination_month", "originationMonth"],
  ["maturity_month", "maturityMonth"],
  ["credit_score", "creditScore"],
  ["region", "region"],
] as const satisfies readonly (readonly [keyof LoanMonthsTable, keyof LoanMonth])[];

export const LOAN_MONTH_COLUMNS = COLUMNS.map(([column]) => column);

export type LoanMonthRow = Pick<Selectable<LoanMonthsTable>, (typeof COLUMNS)[number][0]>;

/** The values of a loan month in the order of LOAN_MONTH_COLUMNS. */
export function loanMonthValues(loan: LoanMonth): (string | number | bigint | null)[] {
  return COLUMNS.map(([, name]) => loan[name]);
}

/** A row of the table as a loan month. */
export function toLoanMonth(row: LoanMonthRow): LoanMonth {
  return Object.fromEntries(
    COLUMNS.map(([column, name]) => [name, row[column]]),
  ) as unknown as LoanMonth;
}
