import type { LoanRow } from "../loan-row.ts";
import { NUMBER_AT } from "../loan-row.ts";
import type { RowCheck, RowRules } from "./row-check.ts";
import { centsText } from "./value-text.ts";

const BEGINNING_AT = NUMBER_AT.beginningBalance;
const ENDING_AT = NUMBER_AT.endingBalance;

/** The closing balance, in cents, that the deal's rule gives; what the tape does not say is 0. */
function rolledCents({ numbers }: LoanRow, { subtract, add }: RowRules["roll"]): number {
  let cents = (numbers[BEGINNING_AT] as number) || 0;
  for (let i = 0; i < subtract.length; i += 1) {
    cents -= (numbers[subtract[i] as number] as number) || 0;
  }
  for (let i = 0; i < add.length; i += 1) cents += (numbers[add[i] as number] as number) || 0;
  return cents;
}

/** A loan that enters the pool: nothing at the opening, a balance at the close. */
function isAddition({ numbers }: LoanRow): boolean {
  return !((numbers[BEGINNING_AT] as number) > 0) && (numbers[ENDING_AT] as number) > 0;
}

/** No rule holds across issuers, so it is a term of the deal. */
export const checkRollForward: RowCheck = (row, { roll, period, differenced }) => {
  if (differenced || row.masked || isAddition(row)) return null;
  const ending = row.numbers[ENDING_AT] as number;
  const expected = rolledCents(row, roll);
  if (Math.abs(ending - expected) <= roll.toleranceCents) return null;
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
