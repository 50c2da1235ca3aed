import { checkChargeOffAge } from "./check-charge-off-age.ts";
import { checkCurrency } from "./check-currency.ts";
import { checkDateOrder, checkOrigination } from "./check-date-order.ts";
import { checkLoanId } from "./check-loan-id.ts";
import { checkOriginalBalance } from "./check-original-balance.ts";
import { checkPaymentSplit } from "./check-payment-split.ts";
import { checkPeriod, checkPeriodLength } from "./check-period.ts";
import { checkAddition, checkRollForward } from "./check-roll-forward.ts";
import type { RowCheck } from "./row-check.ts";
import { SIGN_CHECKS } from "./check-signs.ts";
import {
  checkLateRecovery,
  checkMaskedBalance,
  checkTerminatedBalance,
  checkZeroBalance,
} from "./check-termination.ts";

/** What must hold of every row, in the order in which it is told. */
export const ROW_CHECKS: readonly RowCheck[] = [
  checkLoanId,
  checkCurrency,
  checkPeriod,
  checkPeriodLength,
  checkOrigination,
  checkDateOrder,
  ...SIGN_CHECKS,
  checkRollForward,
  checkPaymentSplit,
  checkOriginalBalance,
  checkMaskedBalance,
  checkAddition,
  checkTerminatedBalance,
  checkZeroBalance,
  checkLateRecovery,
  checkChargeOffAge,
];
