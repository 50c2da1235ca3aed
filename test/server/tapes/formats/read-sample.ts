/** Reads a made tape as an upload does, up to the store. */
import { Readable } from "node:stream";
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
import { MAPPED } from "../../../../server/tapes/tape-words.ts";
import { readTape } from "../../../../server/tapes/read-tape.ts";
import type { TapeMapping } from "../../../../server/tapes/tape-mapping.ts";
import type { LoanRow } from "../../../../server/tapes/loan-row.ts";
import { startProblemList } from "../../../../server/tapes/tape-problem.ts";
import type { TapeProblem } from "../../../../server/tapes/tape-problem.ts";
import type { TapeTerms } from "../../../../server/tapes/tape-terms.ts";

export interface SampleTerms extends Partial<Omit<TapeTerms, "format" | "mapping">> {
  /** Id of a format; recognised when not said. */
  format?: string;
  mapping?: TapeMapping;
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
  format: string | null;
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
    /** Decimal text. */
    sums: Partial<Record<CanonicalField, string>>;
    cents(field: CanonicalField): number | null;
  };
}

export const sampleFile = (name: string): string =>
  fileURLToPath(new URL(`./${name}`, import.meta.url));

const NO_RULES: Omit<TapeTerms, "format"> = {
  loanIdPrefix: "",
  rateUnit: "fraction",
  feeUnit: "fraction",
  rollForward: { subtract: ["principal", "chargeOff"], add: [], toleranceCents: 0n },
  availableFunds: ["principal", "interest"],
  chargeOffAgeDays: 9_999,
  currency: null,
  checks: {},
  mapping: null,
};

export async function readSample(file: string | Buffer, sample: SampleTerms): Promise<ReadSample> {
  const { format, mapping, periodBegin, periodEnd, ...own } = sample;
  const problems = startProblemList(own.checks);
  const rows: SampleRow[] = [];
  let attributeNames: readonly string[] = [];
  const read = await readTape({
    bytes: Readable.from([Buffer.from(file)]),
    mostBytes: 64 * 1024 * 1024,
    terms: {
      ...NO_RULES,
      ...own,
      feeUnit: own.feeUnit ?? own.rateUnit ?? "fraction",
      format: format ?? (mapping === undefined ? "" : MAPPED),
      mapping: mapping ?? null,
    },
    period: { ordinal: 1, begin: periodBegin ?? `${periodEnd.slice(0, 7)}-01`, end: periodEnd },
    problems,
    anyFormat: format === undefined && mapping === undefined,
    onAttributes(names) {
      attributeNames = names;
    },
    onRow(row) {
      rows.push(sampleRow(row));
    },
  });
  const listed = problems.listed();
  return {
    format: read.format?.id ?? null,
    rows,
    problems: listed,
    codes: [...new Set(listed.map(({ code }) => code))],
    refusals: listed.filter(({ severity }) => severity === "refuse"),
    attributeNames,
    totals: { ...read.totals, cents: (field) => toCents(read.totals.sums[field]) },
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
