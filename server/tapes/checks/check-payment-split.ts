import { NUMBER_AT } from "../loan-row.ts";
import type { RowCheck } from "./row-check.ts";
import { centsText } from "./words.ts";

const TOTAL_AT = NUMBER_AT.totalPaid;

/** What the borrower paid is principal, interest and other charges: not so in one row of ten of some issuers. */
export const checkPaymentSplit: RowCheck = (row) => {
  const total = row.numbers[TOTAL_AT] as number;
  if (total !== total) return null;
  const parts = row.amount("principal") + row.amount("interest") + row.amount("fees");
  if (total === parts) return null;
  const expected = `${centsText(parts)}, the principal, interest and fees of the row`;
  return { field: "totalPaid", code: "payment-split", value: centsText(total), expected };
};
