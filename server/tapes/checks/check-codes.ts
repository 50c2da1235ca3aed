/**
 * What can be wrong with a tape: every code, when it is found and how grave it is by default. `refuse`
 * stops the tape, `reason` must be accepted with a reason before the period closes, `note` is for the
 * reader. In the order in which the checks run.
 */
export const SEVERITIES = ["refuse", "reason", "note"] as const;
export type ProblemSeverity = (typeof SEVERITIES)[number];

export interface CheckCode {
  severity: ProblemSeverity;
  /** One sentence: what it means. */
  means: string;
  /** A deal may set another severity, or leave the check out. Faults that leave nothing to read stay. */
  setting: boolean;
}

const fixed = (means: string): CheckCode => ({ severity: "refuse", means, setting: false });
const refuse = (means: string): CheckCode => ({ severity: "refuse", means, setting: true });
const reason = (means: string): CheckCode => ({ severity: "reason", means, setting: true });
const note = (means: string): CheckCode => ({ severity: "note", means, setting: true });

export const CHECK_CODES = {
  // Decoding and framing
  archive: fixed("the gzip, zip or workbook cannot be unpacked"),
  "archive-too-large": fixed("the unpacked file would be larger than allowed"),
  encoding: fixed("a byte that is no text in the declared encoding"),
  "byte-order-mark": note("a byte order mark, dropped"),
  "mixed-line-ends": note("lines end in several ways"),
  "format-unknown": fixed("no known format"),
  "format-undeclared": fixed("another format than the deal declares"),
  doctype: fixed("a document type or an entity"),
  malformed: fixed("the file ends too early or is not well-formed"),
  "element-too-long": fixed("a text or record too long for any tape"),
  namespace: fixed("another namespace than the format's"),
  "root-element": fixed("another root element than the format's"),
  "unexpected-element": fixed("an element where none may stand"),
  "unknown-element": note("an element that the format does not have"),
  "repeated-element": refuse("an element twice in one record"),
  // Header and column count
  header: fixed("no usable header, or a needed column is not in it"),
  "unknown-column": note("a column that the format does not have; kept"),
  "missing-column": note("a column of the format that the file does not have"),
  "field-count": fixed("more or fewer cells than columns"),
  "title-rows": note("rows above the header, skipped"),
  "blank-rows": note("blank rows, skipped"),
  "records-skipped": note("records that are no loans of the period, counted and skipped"),
  "totals-row": note("a totals row that agrees with the rows"),
  "totals-row-differs": refuse("a totals row that does not agree with the rows"),
  // Ids
  "loan-id-shape": refuse("an id that is none of this pool"),
  "loan-id-formula": note("an id behind a formula, read from the formula's text"),
  "loan-id-number": refuse("ids that were saved as numbers and lost their form"),
  "loan-id-precision": refuse("ids that lost their last digits"),
  "loan-repeated": refuse("a loan twice with different values"),
  "loan-repeated-same": note("an exact copy of a row, dropped"),
  // Types and code lists
  missing: fixed("a needed value is missing"),
  type: refuse("a value that is not of the column's type"),
  decimals: refuse("an amount with parts of a cent"),
  "float-noise": note("more than 8 decimals: the file passed through a float; rounded"),
  "amount-style": note("an amount with currency signs, blanks or thousands marks, read without"),
  currency: refuse("an amount in another currency than the deal's"),
  "amount-too-large": refuse("an amount above 5 trillion"),
  "control-character": refuse("a control character in a value"),
  "error-cell": refuse("an error value of a workbook"),
  "code-unknown": note("a code outside the format's list, kept as it is"),
  "termination-unknown": refuse("a termination code outside the format's list"),
  "date-destroyed": refuse("dates that were damaged before the file was written"),
  "date-style": refuse("a date in another style than the column's"),
  "date-ambiguous": reason("no day above 12 in the column: day and month may be swapped"),
  // Units by distribution
  "rate-range": refuse("a rate outside 0 to 100 %"),
  "rate-unit": refuse("rates moved by a factor near 100 or 12: another unit"),
  "fee-unit": reason("servicing fee rates moved by a factor near 100 or 12: another unit"),
  // Dates and signs
  period: refuse("a row of another period"),
  "period-length": reason("a period of another length than the deal's"),
  "date-order": refuse("origination, first payment, maturity and period out of order"),
  sign: refuse("an amount with an impossible sign"),
  "sign-reversal": note("a negative flow: a reversal"),
  // Row arithmetic
  "roll-forward": refuse("the balance does not follow from the row by the deal's rule"),
  "payment-split": note("the total paid is not the sum of its parts"),
  "above-original-balance": note("a balance above the original one"),
  "balance-masked": note("a balance of 0 that the format masks in the first months"),
  addition: reason("a loan that enters the pool"),
  "small-residual": note("cents left on a loan that has ended"),
  "terminated-with-balance": refuse("a loan that has ended and has a balance"),
  "zero-balance-without-code": reason("a loan that ends without a code"),
  "recovery-after-zero-balance": note("a recovery on a loan that ended before"),
  "past-charge-off-age": refuse("a loan that should have been charged off"),
  // Against the tape before
  "chain-broken": refuse("a loan does not begin where it ended"),
  "cumulative-fell": reason("an amount since origination that is less than before"),
  "loan-vanished": refuse("a loan with a balance is not in the tape any more"),
  "vanished-without-code": reason("a loan without a balance left without a code"),
  "loan-returned": note("a loan that was away comes back"),
  "status-skipped": reason("a delinquency bucket more than one step worse than before"),
  reinstated: reason("a loan that had ended has a balance again"),
  "terms-changed": reason("original balance or origination differ from the tape before"),
  // Totals
  "control-total": refuse("a sum differs from the control total given with the upload"),
  "cut-off-balance": refuse("the pool's balance is not the deal's cut-off balance"),
  "cut-off-loans": refuse("the pool's number of loans is not the deal's"),
  "row-count": note("rows are not those of last month less the ended plus the added"),
  "too-many-reasons": fixed("more rows need a reason than can be listed"),
  "more-notes": note("more notes than are listed"),
} as const satisfies Readonly<Record<string, CheckCode>>;

export type ProblemCode = keyof typeof CHECK_CODES;

/** What a deal says about checks: another severity, or not at all. */
export type CheckSettings = Partial<Record<ProblemCode, ProblemSeverity | "ignore">>;
