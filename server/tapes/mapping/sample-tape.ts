/** The first rows of a file that nobody declared: with its delimiter, encoding and header found. */
import type { FileHead } from "../formats/tape-format.ts";
import type { Framing, Header } from "../framing/framer.ts";
import { openTape } from "../framing/open-tape.ts";
import type { OpenTape } from "../framing/open-tape.ts";
import { startProblemList } from "../tape-problem.ts";
import type { ProblemList } from "../tape-problem.ts";
import type { TapeRecord } from "../tape-record.ts";
import { findHeader } from "./find-header.ts";

/** What is looked at of a file: enough for its distributions, whatever its size. */
const SAMPLED_ROWS = 2_000;
const SAMPLED_BYTES = 8_388_608;

export interface TapeSample {
  head: FileHead;
  delimiter: string | null;
  encoding: "utf-8" | "windows-1252";
  header: Header;
  columns: readonly string[];
  /** Cells of the first rows; null where a row has none. */
  rows: readonly (readonly (string | null)[])[];
  lines: readonly number[];
}

/**
 * @param mostBytes of what is unpacked
 * @throws UnreadableTape when the file cannot be opened or framed; why stands in the problem list
 */
export async function sampleTape(
  bytes: AsyncIterable<Uint8Array>,
  { mostBytes, problems }: { mostBytes: number; problems: ProblemList },
): Promise<TapeSample> {
  const tape = await openTape(bytes, { mostBytes, problems });
  try {
    const { head } = tape;
    const header: Header = head.kind === "xml" ? { kind: "first" } : findHeader(head.rows);
    const sample = { head, delimiter: head.delimiter, header, encoding: "utf-8" as const };
    if (head.kind === "xml") return { ...sample, columns: [], rows: [], lines: [] };
    if (head.kind === "workbook") {
      return { ...sample, ...(await frame(tape, { kind: "workbook", header }, problems)) };
    }
    return { ...sample, ...(await frameText(tape, header, problems)) };
  } finally {
    tape.close();
  }
}

type Rows = Pick<TapeSample, "columns" | "rows" | "lines">;

/** A text that is not UTF-8 is taken as windows-1252, which nearly all others are. */
async function frameText(
  tape: OpenTape,
  header: Header,
  problems: ProblemList,
): Promise<Rows & { encoding: TapeSample["encoding"] }> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of tape.pieces) {
    pieces.push(piece);
    length += piece.length;
    if (length >= SAMPLED_BYTES) break;
  }
  const delimiter = (tape.head.delimiter ?? ",") as "," | "|" | "\t" | ";";
  // Of a file that goes on the last record is cut off: it is not asked for.
  const isWhole = length < SAMPLED_BYTES;
  const sampled = { ...tape, pieces: iterate(pieces), isWhole };
  const framing = { kind: "delimited", delimiter, header } as const;
  const attempt = startProblemList();
  try {
    return { ...(await frame(sampled, framing, attempt)), encoding: "utf-8" };
  } catch (error) {
    const isEncoding = attempt.countOf("encoding") > 0;
    for (const problem of isEncoding ? [] : attempt.listed()) problems.add(problem);
    if (!isEncoding) throw error;
    const again = { ...tape, pieces: iterate(pieces), isWhole };
    const encoding = "windows-1252" as const;
    return { ...(await frame(again, { ...framing, encoding }, problems)), encoding };
  }
}

async function* iterate(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

async function frame(
  tape: OpenTape & { isWhole?: boolean },
  framing: Framing,
  problems: ProblemList,
): Promise<Rows> {
  const rows: (string | null)[][] = [];
  const lines: number[] = [];
  let columns: readonly string[] = [];
  const framer = tape.openFramer(framing, {
    problems,
    onColumns(names) {
      columns = names;
    },
    onRecord(record) {
      if (rows.length === SAMPLED_ROWS) return;
      rows.push(textsOf(record));
      lines.push(record.line);
    },
  });
  const isEnough = (): boolean => rows.length === SAMPLED_ROWS;
  try {
    for await (const piece of tape.pieces) {
      framer.read(piece);
      if (isEnough()) break;
    }
    if (!isEnough() && tape.isWhole !== false) {
      for await (const _ of framer.end()) if (isEnough()) break;
    }
  } finally {
    await framer.close();
  }
  return { columns, rows, lines };
}

function textsOf({ bytes, count, start, end }: TapeRecord): (string | null)[] {
  return Array.from({ length: count }, (_, i) =>
    (start[i] ?? -1) < 0 ? null : bytes.toString("utf8", start[i], end[i]),
  );
}
