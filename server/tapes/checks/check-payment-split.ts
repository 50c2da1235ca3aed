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
  const principal = numbers[PRINCIPAL_AT] as number;
  const interest = numbers[INTEREST_AT] as number;
  const fees = numbers[FEES_AT] as number;
  // A tape that splits nothing cannot be wrong about it; beside a part that it states, the others are 0.
  if (principal !== principal && interest !== interest && fees !== fees) return null;
  const parts = (principal || 0) + (interest || 0) + (fees || 0);
  if (total === parts) return null;
  const expected = `${centsText(parts)}, the principal, interest and fees of the row`;
  return { field: "totalPaid", code: "payment-split", value: centsText(total), expected };
};
