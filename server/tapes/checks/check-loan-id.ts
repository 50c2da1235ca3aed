import { TEXT_AT } from "../loan-row.ts";
import type { RowCheck } from "./row-check.ts";

const ID_AT = TEXT_AT.loanId;
const LONGEST_ID = 64;
const BLANK = 0x20;
const LAST_PLAIN = 0x7e;

/** What a reader cannot see: two loans that differ in it alone would be one loan to everybody. */
const UNSEEN = /^\s|\s$|[^\P{Z} ]|[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u;

/** Every id of a pool begins alike, and looks like no other one. */
export const checkLoanId: RowCheck = (row, { terms }) => {
  const start = row.textStart[ID_AT] as number;
  const end = row.textEnd[ID_AT] as number;
  const prefix = terms.loanIdPrefix;
  if (end - start > prefix.length && end - start <= LONGEST_ID && isPlain(row.bytes, start, end)) {
    let i = 0;
    while (i < prefix.length && row.bytes[start + i] === prefix.charCodeAt(i)) i += 1;
    if (i === prefix.length) return null;
  }
  const id = row.text("loanId") ?? "";
  const isSeen = !UNSEEN.test(id) && id === id.normalize("NFC");
  const fits = id.length > prefix.length && id.length <= LONGEST_ID;
  if (id.startsWith(prefix) && fits && isSeen) return null;
  const expected = isSeen
    ? `an id that begins with "${prefix}", of at most ${LONGEST_ID} characters`
    : "an id without blanks at its ends and characters that cannot be seen, accents composed";
  return { field: "loanId", code: "loan-id-shape", value: id, expected };
};

/** Letters of ASCII, with blanks only inside. */
function isPlain(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] === BLANK || bytes[end - 1] === BLANK) return false;
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i] as number;
    if (byte < BLANK || byte > LAST_PLAIN) return false;
  }
  return true;
}
