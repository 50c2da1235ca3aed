import type { LoanRow } from "../loan-row.ts";
import { NUMBER_AT } from "../loan-row.ts";
import type { TapeTerms } from "../tape-terms.ts";
import type { RowCheck } from "./row-check.ts";
import { centsText } from "./words.ts";

const BEGINNING_AT = NUMBER_AT.beginningBalance;
const ENDING_AT = NUMBER_AT.endingBalance;

/** The closing balance, in cents, that the deal's roll-forward rule gives. */
export function rolledCents(row: LoanRow, { rollForward }: TapeTerms): number {
  let cents = row.amount("beginningBalance");
  for (const flow of rollForward.subtract) cents -= row.amount(flow);
  for (const flow of rollForward.add) cents += row.amount(flow);
  return cents;
}

/** A loan that enters the pool: nothing at the opening, a balance at the close. */
function isAddition({ numbers }: LoanRow): boolean {
  return !((numbers[BEGINNING_AT] as number) > 0) && (numbers[ENDING_AT] as number) > 0;
}

/** No rule holds across issuers, so it is a term of the deal. */
export const checkRollForward: RowCheck = (row, { terms, period, differenced }) => {
  if (differenced || row.masked || isAddition(row)) return null;
  const ending = row.numbers[ENDING_AT] as number;
  const expected = rolledCents(row, terms);
  if (Math.abs(ending - expected) <= Number(terms.rollForward.toleranceCents)) return null;
  return {
    field: "endingBalance",
    code: "roll-forward",
    // Of the cut-off tape only the closing balances are read.
    ...(period.ordinal === 0 ? { severity: "note" } : {}),
    value: centsText(ending),
    expected: centsText(expected),
  };
};

export const checkAddition: RowCheck = (row, { differenced }) => {
  if (differenced || !isAddition(row)) return null;
  return {
    field: "beginningBalance",
    code: "addition",
    value: centsText(row.numbers[ENDING_AT] as number),
    expected: "a balance at the opening, or a reason for the addition",
  };
};
