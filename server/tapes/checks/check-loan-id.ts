import { TEXT_AT } from "../loan-row.ts";
import type { RowCheck } from "./row-check.ts";

const ID_AT = TEXT_AT.loanId;
const LONGEST_ID = 64;

/** Every id of a pool begins alike. */
export const checkLoanId: RowCheck = (row, { terms }) => {
  const start = row.textStart[ID_AT] as number;
  const length = (row.textEnd[ID_AT] as number) - start;
  const prefix = terms.loanIdPrefix;
  if (length > prefix.length && length <= LONGEST_ID) {
    let i = 0;
    while (i < prefix.length && row.bytes[start + i] === prefix.charCodeAt(i)) i += 1;
    if (i === prefix.length) return null;
  }
  const id = row.text("loanId") ?? "";
  if (id.startsWith(prefix) && id.length > prefix.length && id.length <= LONGEST_ID) return null;
  const expected = `an id that begins with "${prefix}", of at most ${LONGEST_ID} characters`;
  return { field: "loanId", code: "loan-id-shape", value: id, expected };
};
