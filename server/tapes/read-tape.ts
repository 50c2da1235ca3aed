/** Step 2: a file to checked canonical rows, whole or broken off, without a database. */
import type { CumulativeField } from "./canonical-fields.ts";
import { formatById } from "./formats/format-by-id.ts";
import type { TapeFormat } from "./formats/tape-format.ts";
import type { Framer } from "./framing/framer.ts";
import { openTape } from "./framing/open-tape.ts";
import type { OpenTape } from "./framing/open-tape.ts";
import { RowReader } from "./read-rows.ts";
import type { RowTaker } from "./read-rows.ts";
import { ReadTotals } from "./reading/read-totals.ts";
import type { ControlTotals } from "./reading/read-totals.ts";
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
    await pump(tape, tape.openFramer(chooseFraming(format, tape.head), reader), reading);
    complete = true;
  } catch (error) {
    if (!(error instanceof UnreadableTape)) throw error;
  } finally {
    await tape?.close();
  }
  reader?.finish();
  return {
    format,
    rows: reader?.rows ?? 0,
    unreadable: reader?.unreadable ?? 0,
    totals: (reader?.totals ?? new ReadTotals()).control(),
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
