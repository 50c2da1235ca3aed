/** Reads a made tape as an upload does, up to the store. */
import { fileURLToPath } from "node:url";
import {
  CANONICAL_FIELDS,
  DELINQUENCY_BUCKETS,
  LOAN_STATUSES,
} from "../../../../server/tapes/canonical-fields.ts";
import type {
  CanonicalField,
  DelinquencyBucket,
  LoanStatus,
} from "../../../../server/tapes/canonical-fields.ts";
import { FORMATS } from "../../../../server/tapes/formats/formats.ts";
import type { TapeFormat } from "../../../../server/tapes/formats/tape-format.ts";
import { openDelimitedFramer } from "../../../../server/tapes/framing/delimited-framer.ts";
import { openXmlFramer } from "../../../../server/tapes/framing/xml-framer.ts";
import { RowReader } from "../../../../server/tapes/read-rows.ts";
import type { LoanRow } from "../../../../server/tapes/loan-row.ts";
import { startProblemList } from "../../../../server/tapes/tape-problem.ts";
import type { TapeProblem } from "../../../../server/tapes/tape-problem.ts";
import { UnreadableTape } from "../../../../server/tapes/tape-record.ts";
import type { TapeTerms } from "../../../../server/tapes/tape-terms.ts";

export interface SampleTerms extends Partial<Omit<TapeTerms, "format">> {
  /** Id of a format; recognised when not said. */
  format?: string;
  mapped?: TapeFormat;
  periodBegin?: string;
  periodEnd: string;
}

export interface SampleRow {
  loanId: string | null;
  status: LoanStatus;
  bucket: DelinquencyBucket;
  days: number | null;
  /** Everything canonical that the row states. */
  values: Partial<Record<CanonicalField, number | string | null>>;
  number(field: CanonicalField): number | null;
  cents(field: CanonicalField): number | null;
  /** As a fraction. */
  rate(field: CanonicalField): number | null;
}

export interface ReadSample {
  rows: SampleRow[];
  problems: TapeProblem[];
  /** Codes of the problems, each once. */
  codes: string[];
  refusals: TapeProblem[];
  attributeNames: readonly string[];
  totals: {
    rows: number;
    terminated: number;
    delinquent: number;
    cents(field: CanonicalField): number | null;
  };
}

export const sampleFile = (name: string): string =>
  fileURLToPath(new URL(`./${name}`, import.meta.url));

const NO_RULES: Omit<TapeTerms, "format"> = {
  loanIdPrefix: "",
  rateUnit: "fraction",
  rollForward: { subtract: ["principal", "chargeOff"], add: [], toleranceCents: 0n },
  availableFunds: ["principal", "interest"],
  chargeOffAgeDays: 9_999,
  csv: null,
};

export async function readSample(file: string | Buffer, sample: SampleTerms): Promise<ReadSample> {
  const { format: id, mapped, periodBegin, periodEnd, ...own } = sample;
  const format = mapped ?? FORMATS.find((one) => one.id === id);
  if (format === undefined) throw new Error(`no format ${id}`);
  const problems = startProblemList(own.checks);
  const rows: SampleRow[] = [];
  let attributeNames: readonly string[] = [];
  const framing = format.framings[0];
  const reader = new RowReader({
    format,
    terms: { ...NO_RULES, ...own, format: "mapped-csv" },
    period: { ordinal: 1, begin: periodBegin ?? `${periodEnd.slice(0, 7)}-01`, end: periodEnd },
    problems,
    kind: framing?.kind === "xml" ? "xml" : "columns",
    onAttributes(names) {
      attributeNames = names;
    },
    onRow(row) {
      rows.push(sampleRow(row));
    },
  });
  const framer =
    framing?.kind === "xml"
      ? openXmlFramer(framing, reader)
      : openDelimitedFramer(framing as never, reader);
  try {
    framer.read(Buffer.from(file));
    for await (const _ of framer.end());
  } catch (error) {
    if (!(error instanceof UnreadableTape)) throw error;
  } finally {
    await framer.close();
  }
  reader.finish();
  const listed = problems.listed();
  const control = reader.totals.control();
  return {
    rows,
    problems: listed,
    codes: [...new Set(listed.map(({ code }) => code))],
    refusals: listed.filter(({ severity }) => severity === "refuse"),
    attributeNames,
    totals: { ...control, cents: (field) => toCents(control.sums[field]) },
  };
}

const toCents = (text: string | undefined): number | null =>
  text === undefined ? null : Number(text.replace(".", ""));

function sampleRow(row: LoanRow): SampleRow {
  const values: SampleRow["values"] = {};
  for (const [name, kind] of Object.entries(CANONICAL_FIELDS)) {
    const field = name as CanonicalField;
    if (kind === "text") values[field] = row.text(field);
    else values[field] = Number.isNaN(row.number(field)) ? null : row.number(field);
  }
  const number = (field: CanonicalField): number | null => values[field] as number | null;
  return {
    loanId: row.text("loanId"),
    status: LOAN_STATUSES[row.status] as LoanStatus,
    bucket: DELINQUENCY_BUCKETS[row.bucket] as DelinquencyBucket,
    days: number("daysPastDue"),
    values,
    number,
    cents: number,
    rate: (field) => (number(field) === null ? null : (number(field) as number) / 1e12),
  };
}
