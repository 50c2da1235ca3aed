import { NUMBER_AT } from "../loan-row.ts";
import type { RowCheck } from "./row-check.ts";
import { centsText } from "./value-text.ts";

const ENDING_AT = NUMBER_AT.endingBalance;
const ORIGINAL_AT = NUMBER_AT.originalBalance;

export const checkOriginalBalance: RowCheck = ({ numbers }) => {
  const ending = numbers[ENDING_AT] as number;
  const original = numbers[ORIGINAL_AT] as number;
  if (!(original > 0) || ending <= original) return null;
  return {
    field: "endingBalance",
    code: "above-original-balance",
    value: centsText(ending),
    expected: `at most the original ${centsText(original)}`,
  };
};
