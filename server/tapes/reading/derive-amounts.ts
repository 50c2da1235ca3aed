/** What a row says without stating it. */
import { LOAN_STATUSES } from "../canonical-fields.ts";
import { NUMBER_AT } from "../loan-row.ts";
import type { LoanRow } from "../loan-row.ts";

const PREPAID_AT = NUMBER_AT.prepaidPrincipal;
const PRINCIPAL_AT = NUMBER_AT.principal;
const SCHEDULED_AT = NUMBER_AT.scheduledPrincipal;
const REMAINING_AT = NUMBER_AT.remainingTerm;
const MATURITY_AT = NUMBER_AT.maturity;
const PAID_OFF = LOAN_STATUSES.indexOf("prepaid or matured");

/**
 * Principal above the schedule. Several issuers state a schedule of 0: what was prepaid is not known
 * then, unless the loan was paid off before it matured.
 */
export function derivePrepaid({ numbers, status }: LoanRow, periodMonth: number): void {
  const principal = numbers[PRINCIPAL_AT] as number;
  if (!Number.isNaN(numbers[PREPAID_AT]) || Number.isNaN(principal)) return;
  const scheduled = numbers[SCHEDULED_AT] as number;
  if (scheduled > 0) numbers[PREPAID_AT] = Math.max(0, principal - scheduled);
  else if (status === PAID_OFF && (numbers[MATURITY_AT] as number) > periodMonth) {
    numbers[PREPAID_AT] = principal;
  }
}

/** Months from the period's end to maturity. */
export function deriveRemainingTerm({ numbers }: LoanRow, periodMonth: number): void {
  if (!Number.isNaN(numbers[REMAINING_AT])) return;
  numbers[REMAINING_AT] = (numbers[MATURITY_AT] as number) - periodMonth;
}
