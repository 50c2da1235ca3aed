import { TEXT_AT } from "../loan-row.ts";
import type { RowCheck } from "./row-check.ts";

const CURRENCY_AT = TEXT_AT.currency;

/** Amounts are never exchanged: a deal is in one currency, and so is its tape. */
export const checkCurrency: RowCheck = (row, { terms }) => {
  const start = row.textStart[CURRENCY_AT] as number;
  const { currency } = terms;
  if (start < 0 || currency === null) return null;
  const length = (row.textEnd[CURRENCY_AT] as number) - start;
  let same = length === currency.length ? 0 : -1;
  while (same >= 0 && same < length && row.bytes[start + same] === currency.charCodeAt(same)) {
    same += 1;
  }
  if (same === length) return null;
  return {
    field: "currency",
    code: "currency",
    value: row.text("currency") ?? "",
    expected: `${currency}, the deal's currency`,
  };
};
