/** How a loan stands: from its codes, its amounts and its days past due. */
import { bucketOfDays, LOAN_STATUSES, TERMINATED_STATUSES } from "../canonical-fields.ts";
import type { LoanStatus } from "../canonical-fields.ts";
import type { TapeFormat } from "../formats/tape-format.ts";
import { NUMBER_AT, TEXT_AT } from "../loan-row.ts";
import type { LoanRow } from "../loan-row.ts";
import { listedCodes } from "./listed-codes.ts";
import { WordTable } from "./word-table.ts";

const placeOf = (status: LoanStatus): number => LOAN_STATUSES.indexOf(status);
const CHARGED_OFF = placeOf("charged off");
const REPOSSESSED = placeOf("repossessed");
const DELINQUENT = placeOf("delinquent");
const CURRENT = placeOf("current");

const TERMINATION_AT = TEXT_AT.terminationCode;
const STATUS_AT = TEXT_AT.statusCode;
const DAYS_AT = NUMBER_AT.daysPastDue;
const REPOSSESSED_AT = NUMBER_AT.repossessed;
const CHARGE_OFF_AT = NUMBER_AT.chargeOff;
const ENDING_AT = NUMBER_AT.endingBalance;

/** Whether the loan has ended: its status is one after which there is no balance. */
export const isTerminated = (row: LoanRow): boolean => row.status < TERMINATED_STATUSES.length;

/** No code, or one that ends nothing; and a code that the format does not have. */
const NO_CODE = -1;
const UNKNOWN = -2;

/** Stands for every code that is not listed. */
const ANY_OTHER = "*";

export interface StatusFault {
  code: "termination-unknown" | "code-unknown";
  field: "terminationCode" | "statusCode";
  value: string;
  expected: string;
}

/** Sets status and bucket of a row; answers a code that the format does not have. */
export type DeriveStatus = (row: LoanRow) => StatusFault | null;

/**
 * The order: a termination code, then a charge-off that leaves nothing, then repossession or default,
 * then days past due. A status code of the format counts where it stands in that order.
 */
export function statusDeriver({ terminations = {}, statuses = {} }: TapeFormat): DeriveStatus {
  const ends = compileCodes(terminations);
  const statusByCode = Object.entries(statuses).map(
    ([code, { status }]) => [code, status] as const,
  );
  const said = compileCodes(Object.fromEntries(statusByCode));
  const days = Float64Array.from(
    Object.values(statuses),
    ({ daysPastDue }) => daysPastDue ?? Number.NaN,
  );
  const fault = (row: LoanRow, field: StatusFault["field"]): StatusFault => ({
    code: field === "terminationCode" ? "termination-unknown" : "code-unknown",
    field,
    value: row.text(field) ?? "",
    expected: `one of ${(field === "terminationCode" ? ends : said).words.join(", ")}`,
  });

  return (row) => {
    const { numbers } = row;
    const endCode = ends.find(row, TERMINATION_AT);
    const statusCode = said.find(row, STATUS_AT);
    const end = endCode >= 0 ? (ends.places[endCode] as number) : NO_CODE;
    const statesDays = !Number.isNaN(numbers[DAYS_AT]);
    if (!statesDays && statusCode >= 0) numbers[DAYS_AT] = days[statusCode] as number;
    const daysPastDue = numbers[DAYS_AT] as number;
    let status = statusCode >= 0 ? (said.places[statusCode] as number) : CURRENT;
    if (daysPastDue > 0 && (statesDays || statusCode < 0)) status = Math.min(status, DELINQUENT);
    if (numbers[REPOSSESSED_AT] === 1) status = Math.min(status, REPOSSESSED);
    if ((numbers[CHARGE_OFF_AT] as number) > 0 && numbers[ENDING_AT] === 0) {
      status = Math.min(status, CHARGED_OFF);
    }
    row.status = end >= 0 ? end : status;
    row.bucket = bucketOfDays(daysPastDue);
    // Late, and nobody says since when.
    if (row.bucket === 0 && row.status === DELINQUENT) row.bucket = 1;
    if (endCode === UNKNOWN) return fault(row, "terminationCode");
    return statusCode === UNKNOWN ? fault(row, "statusCode") : null;
  };
}

/** The codes of a format with the place of each one's status in LOAN_STATUSES; NO_CODE: it ends nothing. */
interface Codes {
  words: readonly string[];
  places: Int8Array;
  /** Number of the code in a row's text; of several the one whose status is decided first. */
  find(row: LoanRow, at: number): number;
}

function compileCodes(statuses: Readonly<Record<string, LoanStatus | null>>): Codes {
  const words = Object.keys(statuses);
  const table = new WordTable(words);
  const other = words.indexOf(ANY_OTHER);
  const places = Int8Array.from(Object.values(statuses), (status) =>
    status === null ? NO_CODE : placeOf(status),
  );
  return {
    words,
    places,
    find(row, at) {
      const start = row.textStart[at] as number;
      if (start < 0 || words.length === 0) return NO_CODE;
      const end = row.textEnd[at] as number;
      const found = table.find(row.bytes, start, end);
      if (found >= 0) return found;
      const listed = gravest(row.bytes.toString("utf8", start, end), words, places);
      return listed === UNKNOWN && other >= 0 ? other : listed;
    },
  };
}

/** Of several codes in a cell. A float's ".0" is none of the code. */
function gravest(text: string, words: readonly string[], places: Int8Array): number {
  let best = NO_CODE;
  for (const code of listedCodes(text)) {
    const number = words.findIndex((word) => word === code || `${word}.0` === code);
    if (number < 0) return UNKNOWN;
    const rank = (place: number): number => (place < 0 ? LOAN_STATUSES.length : place);
    const place = rank(places[number] as number);
    if (best < 0 || place < rank(places[best] as number)) best = number;
  }
  return best;
}
