import { NUMBER_AT } from "../loan-row.ts";
import type { RowCheck } from "./row-check.ts";

const ENDING_AT = NUMBER_AT.endingBalance;
const DAYS_AT = NUMBER_AT.daysPastDue;

/** A loan that should have been written off carries no balance any more (promise F5). */
export const checkChargeOffAge: RowCheck = ({ numbers }, { terms }) => {
  const days = numbers[DAYS_AT] as number;
  if (!(days > terms.chargeOffAgeDays) || !((numbers[ENDING_AT] as number) > 0)) return null;
  return {
    field: "daysPastDue",
    code: "past-charge-off-age",
    value: String(days),
    expected: `charged off after ${terms.chargeOffAgeDays} days past due`,
  };
};
