import { NUMBER_AT } from "../loan-row.ts";
import type { RowCheck } from "./row-check.ts";
import { centsText } from "./value-text.ts";

const TOTAL_AT = NUMBER_AT.totalPaid;
const PRINCIPAL_AT = NUMBER_AT.principal;
const INTEREST_AT = NUMBER_AT.interest;
const FEES_AT = NUMBER_AT.fees;

/** What the borrower paid is principal, interest and other charges: not so in one row of ten of some issuers. */
export const checkPaymentSplit: RowCheck = ({ numbers }) => {
  const total = numbers[TOTAL_AT] as number;
  if (total !== total) return null;
  // What the tape does not say is 0.
  const parts =
    ((numbers[PRINCIPAL_AT] as number) || 0) +
    ((numbers[INTEREST_AT] as number) || 0) +
    ((numbers[FEES_AT] as number) || 0);
  if (total === parts) return null;
  const expected = `${centsText(parts)}, the principal, interest and fees of the row`;
  return { field: "totalPaid", code: "payment-split", value: centsText(total), expected };
};
