import type { CanonicalField } from "../canonical-fields.ts";
import { NUMBER_AT } from "../loan-row.ts";
import type { Finding, RowCheck } from "./row-check.ts";
import { centsText } from "./value-text.ts";

/** Never negative in any tape. */
const BALANCES: readonly CanonicalField[] = [
  "originalBalance",
  "beginningBalance",
  "endingBalance",
  "collateralValue",
];

/** Real tapes have them negative now and then: a reversal. */
const FLOWS: readonly CanonicalField[] = [
  "interest",
  "chargeOff",
  "recovery",
  "liquidationProceeds",
  "repurchase",
];

function signCheck(field: CanonicalField, wrong: Pick<Finding, "code" | "severity">): RowCheck {
  const at = NUMBER_AT[field];
  return ({ numbers }) => {
    const cents = numbers[at] as number;
    if (!(cents < 0)) return null;
    return { ...wrong, field, value: centsText(cents), expected: "0 or more" };
  };
}

/**
 * Principal is never negative in 11,216 measured rows: a reversed payment is an adjustment there, so a
 * negative one wants a reason.
 */
export const SIGN_CHECKS: readonly RowCheck[] = [
  ...BALANCES.map((field) => signCheck(field, { code: "sign" })),
  signCheck("principal", { code: "sign", severity: "reason" }),
  ...FLOWS.map((field) => signCheck(field, { code: "sign-reversal" })),
];
