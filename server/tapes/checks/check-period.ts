import { NUMBER_AT } from "../loan-row.ts";
import type { RowCheck } from "./row-check.ts";
import { dayText } from "./value-text.ts";

const BEGIN_AT = NUMBER_AT.periodBegin;
const END_AT = NUMBER_AT.periodEnd;

/** A row is of the period that the tape is uploaded for. */
export const checkPeriod: RowCheck = (row, { period }) => {
  const end = row.numbers[END_AT] as number;
  if (end === period.end) return null;
  const expected = dayText(period.end);
  return { field: "periodEnd", code: "period", value: dayText(end), expected };
};

/** A first exhibit may span two months: the file's dates hold, and somebody says that it is right. */
export const checkPeriodLength: RowCheck = (row, { period }) => {
  const begin = row.numbers[BEGIN_AT] as number;
  if (begin !== begin || begin === period.begin) return null;
  const expected = `${dayText(period.begin)}, the first day of the deal's period`;
  return { field: "periodBegin", code: "period-length", value: dayText(begin), expected };
};
