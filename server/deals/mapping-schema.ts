/** The JSON Schema of a mapping, from the tables that its reader uses. */
import { ASSET_CLASSES, CANONICAL_FIELDS, LOAN_STATUSES } from "../tapes/canonical-fields.ts";
import { DATE_PATTERNS, RATE_UNITS } from "../tapes/tape-words.ts";
import { MAPPING_DELIMITERS, MAPPING_ENCODINGS, MAPPING_HEADERS } from "./mapping-section.ts";
import { COLUMN_KEYS, SUM_KEYS, WHEN_KEYS } from "./read-mapped-column.ts";
import { MAPPING_KEYS, STATUS_KEYS } from "./read-mapping-section.ts";
import * as value from "./schema-values.ts";
import type { JsonSchema } from "./schema-values.ts";

const { list, oneOf, scalar, section, whole, words, yesOrNo } = value;

const scalars = list(scalar);
const patterns = oneOf(words(DATE_PATTERNS), list(words(DATE_PATTERNS)));
const overs = words(["month", "cumulative"]);
const condition = section(WHEN_KEYS, { column: scalar, values: scalars });

const column = section(COLUMN_KEYS, {
  column: oneOf(scalar, scalars),
  over: overs,
  unit: words(RATE_UNITS),
  dates: patterns,
  pivot: whole(0, 99),
  since: yesOrNo,
  codes: {
    type: "object",
    additionalProperties: { type: ["string", "number", "boolean"] },
  },
  times: whole(1, 1_000),
  missing: scalars,
  sign: scalar,
  several: words(["sum"]),
  when: condition,
  zoned: yesOrNo,
  rounds: yesOrNo,
  required: yesOrNo,
});

const sum = section(SUM_KEYS, {
  sum: scalars,
  over: overs,
  when: condition,
  rounds: yesOrNo,
  neverNegative: yesOrNo,
});

const byCode = (values: JsonSchema): JsonSchema => ({
  type: "object",
  additionalProperties: values,
});

export function mappingSchema(): JsonSchema {
  return section(MAPPING_KEYS, {
    columns: {
      type: "object",
      propertyNames: words(Object.keys(CANONICAL_FIELDS)),
      additionalProperties: oneOf(scalar, column, sum),
    },
    assetClass: words(ASSET_CLASSES),
    delimiter: words(MAPPING_DELIMITERS),
    encoding: words(MAPPING_ENCODINGS),
    header: words(MAPPING_HEADERS),
    names: scalars,
    sheet: scalar,
    dates: patterns,
    months: patterns,
    missing: scalars,
    decimalComma: yesOrNo,
    terminations: byCode(words([...LOAN_STATUSES, "none"])),
    statuses: byCode(
      oneOf(
        words(LOAN_STATUSES),
        section(STATUS_KEYS, { status: words(LOAN_STATUSES), daysPastDue: whole(0, 9_999) }),
      ),
    ),
    loanIds: scalar,
    totals: scalar,
    personal: scalars,
    differenced: yesOrNo,
    history: yesOrNo,
  });
}
