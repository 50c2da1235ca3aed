import type { LoanRow } from "../loan-row.ts";
import { NUMBER_AT } from "../loan-row.ts";
import { isTerminated } from "../reading/derive-status.ts";
import type { RowCheck } from "./row-check.ts";
import { centsText } from "./value-text.ts";

const BEGINNING_AT = NUMBER_AT.beginningBalance;
const ENDING_AT = NUMBER_AT.endingBalance;

/** Cents that issuers leave on a loan that was paid off: at most one unit of the currency. */
const SMALL_RESIDUAL_CENTS = 100;

/** What a loan that has ended is said to have ended by. */
function endOf(row: LoanRow): string {
  const code = row.text("terminationCode");
  return code === null ? "status of a loan that has ended" : `zero balance code ${code}`;
}

export const checkTerminatedBalance: RowCheck = (row) => {
  const ending = row.numbers[ENDING_AT] as number;
  if (!(ending > 0) || !isTerminated(row)) return null;
  const found = { field: "endingBalance", value: centsText(ending) } as const;
  const expected = `0.00, as the loan has the ${endOf(row)}`;
  if (ending <= SMALL_RESIDUAL_CENTS) return { ...found, code: "small-residual", expected };
  return { ...found, code: "terminated-with-balance", expected };
};

/** A snapshot has no opening balance: a loan in it either is owed something or has ended. */
export const checkZeroBalance: RowCheck = (row, { differenced }) => {
  const beginning = row.numbers[BEGINNING_AT] as number;
  const wasOwed = beginning > 0 || (differenced && Number.isNaN(beginning));
  if (!wasOwed || row.numbers[ENDING_AT] !== 0 || row.masked || isTerminated(row)) return null;
  return {
    field: "terminationCode",
    code: "zero-balance-without-code",
    value: "0.00",
    expected: "a zero balance code",
  };
};

/** In the first months some agencies show a balance of 0. */
export const checkMaskedBalance: RowCheck = (row) => {
  if (!row.masked) return null;
  const expected = "a balance: the format masks it in the first months";
  return { field: "endingBalance", code: "balance-masked", value: "0.00", expected };
};

/** Terminated is not final for recoveries. */
export const checkLateRecovery: RowCheck = (row, { cumulative }) => {
  const { numbers } = row;
  if (numbers[ENDING_AT] !== 0 || (numbers[BEGINNING_AT] as number) > 0) return null;
  const recovery = cumulative.has("recovery") ? 0 : row.amount("recovery");
  const proceeds = cumulative.has("liquidationProceeds") ? 0 : row.amount("liquidationProceeds");
  if (recovery === 0 && proceeds === 0) return null;
  return {
    field: "recovery",
    code: "recovery-after-zero-balance",
    value: centsText(recovery + proceeds),
    expected: "recoveries of a loan that was written off before",
  };
};
