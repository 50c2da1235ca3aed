/** Step 2: a file to checked canonical rows, whole or broken off, without a database. */
import type { CumulativeField } from "./canonical-fields.ts";
import { formatById } from "./formats/format-by-id.ts";
import type { TapeFormat } from "./formats/tape-format.ts";
import { monthOf, parseDate } from "../lib/dates.ts";
import type { MonthNumber } from "../lib/dates.ts";
import type { Framer, FrameSink } from "./framing/framer.ts";
import { openTape } from "./framing/open-tape.ts";
import type { OpenTape } from "./framing/open-tape.ts";
import { RowReader } from "./read-rows.ts";
import type { RowTaker } from "./read-rows.ts";
import { ReadTotals } from "./reading/read-totals.ts";
import type { ControlTotals } from "./reading/read-totals.ts";
import { unfoldMonths } from "./reading/unfold-months.ts";
import { chooseFraming, recogniseFormat, requireFormat } from "./recognise-format.ts";
import type { ProblemList } from "./tape-problem.ts";
import { UnreadableTape } from "./tape-record.ts";
import type { TapePeriod, TapeTerms } from "./tape-terms.ts";

export interface TapeReading extends RowTaker {
  bytes: AsyncIterable<Uint8Array>;
  /** Of the unpacked file. */
  mostBytes: number;
  terms: TapeTerms;
  period: TapePeriod;
  problems: ProblemList;
  /** Takes whatever format the file is in instead of the one that the terms declare. */
  anyFormat?: boolean;
  /** Called before the first row. @param cumulative fields that the file states since origination */
  onFormat?(format: TapeFormat, cumulative: readonly CumulativeField[]): void;
  /** Waits until what was handed on has been taken: asked between the pieces of the file. */
  drain?(): Promise<void> | undefined;
}

export interface ReadTape {
  /** Null: the file is in no known one. */
  format: TapeFormat | null;
  /** Loan records met. */
  rows: number;
  /** Of them those that could not be read and were not handed on. */
  unreadable: number;
  totals: ControlTotals;
  /** Rows of other months that a history has and that were skipped: by month number. */
  otherMonths: ReadonlyMap<MonthNumber, number>;
  /** Fields that the file states since origination: their numbers are no flows of the month. */
  cumulative: readonly CumulativeField[];
  /** False: the file broke off; why stands in the problem list. */
  complete: boolean;
}

/** Reads and checks a tape as it comes in; memory does not grow with the file. */
export async function readTape(reading: TapeReading): Promise<ReadTape> {
  const { problems } = reading;
  let tape: OpenTape | null = null;
  let reader: RowReader | null = null;
  let format: TapeFormat | null = null;
  let complete = false;
  try {
    tape = await openTape(reading.bytes, { mostBytes: reading.mostBytes, problems });
    format = formatOf(tape, reading);
    reader = new RowReader({ ...reading, format, kind: tape.head.kind });
    reading.onFormat?.(format, reader.cumulative);
    const sink = monthsUnfolded(reader, format, reading.period);
    await pump(tape, tape.openFramer(chooseFraming(format, tape.head), sink), reading);
    complete = true;
  } catch (error) {
    if (!(error instanceof UnreadableTape)) throw error;
  } finally {
    tape?.close();
  }
  reader?.finish();
  return {
    format,
    rows: reader?.rows ?? 0,
    unreadable: reader?.unreadable ?? 0,
    totals: (reader?.totals ?? new ReadTotals()).control(),
    otherMonths: reader?.otherMonths ?? new Map(),
    cumulative: reader?.cumulative ?? [],
    complete,
  };
}

function formatOf({ head }: OpenTape, { terms, problems, anyFormat }: TapeReading): TapeFormat {
  if (anyFormat === true) return recogniseFormat(head, problems);
  const declared = formatById(terms);
  requireFormat(declared, head, problems);
  return declared;
}

/** Of files with further months in further columns the rows of the period. */
function monthsUnfolded(reader: RowReader, format: TapeFormat, period: TapePeriod): FrameSink {
  const { unfolds: months, missing } = format;
  if (months === undefined) return reader;
  const [year = "", month = "", day = ""] = period.end.split("-");
  const lastDay = months.pattern.replace("YYYY", year).replace("MM", month).replace("DD", day);
  return unfoldMonths({ months, missing, month: monthOf(parseDate(period.end)), lastDay }, reader);
}

async function pump(tape: OpenTape, framer: Framer, { drain }: TapeReading): Promise<void> {
  try {
    for await (const piece of tape.pieces) {
      framer.read(piece);
      await drain?.();
    }
    for await (const _pause of framer.end()) await drain?.();
  } finally {
    await framer.close();
  }
}
