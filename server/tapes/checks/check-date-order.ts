import { NUMBER_AT } from "../loan-row.ts";
import type { RowCheck } from "./row-check.ts";
import { dayText, monthText } from "./value-text.ts";

const ORIGINATION_AT = NUMBER_AT.origination;
const FIRST_AT = NUMBER_AT.firstPayment;
const MATURITY_AT = NUMBER_AT.maturity;

/** A loan is made before it is reported. */
export const checkOrigination: RowCheck = (row, { period }) => {
  const origination = row.numbers[ORIGINATION_AT] as number;
  if (!(origination > period.endMonth)) return null;
  const expected = `not after ${dayText(period.end)}`;
  return { field: "origination", code: "date-order", value: monthText(origination), expected };
};

/** Origination, first payment, maturity. */
export const checkDateOrder: RowCheck = ({ numbers }) => {
  const origination = numbers[ORIGINATION_AT] as number;
  const maturity = numbers[MATURITY_AT] as number;
  const first = numbers[FIRST_AT] as number;
  const wrong = { code: "date-order" } as const;
  if (origination > maturity) {
    const expected = `not after maturity ${monthText(maturity)}`;
    return { ...wrong, field: "origination", value: monthText(origination), expected };
  }
  if (origination > first) {
    const expected = `not before origination ${monthText(origination)}`;
    return { ...wrong, field: "firstPayment", value: monthText(first), expected };
  }
  if (first > maturity) {
    const expected = `not after maturity ${monthText(maturity)}`;
    return { ...wrong, field: "firstPayment", value: monthText(first), expected };
  }
  return null;
};
