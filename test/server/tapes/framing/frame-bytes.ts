import { openDelimitedFramer } from "../../../../server/tapes/framing/delimited-framer.ts";
import type {
  DelimitedFraming,
  Framer,
  Framing,
  FrameSink,
  XmlFraming,
} from "../../../../server/tapes/framing/framer.ts";
import { openTape } from "../../../../server/tapes/framing/open-tape.ts";
import { openXmlFramer } from "../../../../server/tapes/framing/xml-framer.ts";
import type { FileHead } from "../../../../server/tapes/formats/tape-format.ts";
import { startProblemList } from "../../../../server/tapes/tape-problem.ts";
import type { TapeProblem } from "../../../../server/tapes/tape-problem.ts";
import { UnreadableTape } from "../../../../server/tapes/tape-record.ts";

export interface FramedFile {
  columns: string[];
  /** The cells of each record; null where it has none. */
  rows: (string | null)[][];
  lines: number[];
  problems: TapeProblem[];
  /** Whether the framer stopped. */
  refused: boolean;
}

/** A sink that keeps all that it is given. */
function startGathering(): { framed: FramedFile; sink: FrameSink; finish(): FramedFile } {
  const problems = startProblemList();
  const framed: FramedFile = { columns: [], rows: [], lines: [], problems: [], refused: false };
  const sink: FrameSink = {
    problems,
    onColumns(names) {
      framed.columns = [...names];
    },
    onRecord({ bytes, count, start, end, line }) {
      framed.lines.push(line);
      framed.rows.push(
        Array.from({ length: count }, (_, i) =>
          start[i]! < 0 ? null : bytes.toString("utf8", start[i], end[i]),
        ),
      );
    },
  };
  return {
    framed,
    sink,
    finish() {
      framed.problems = problems.listed();
      return framed;
    },
  };
}

/** Feeds a framer in pieces of a size, as an upload would. */
async function frameBytes(
  open: (sink: FrameSink) => Framer,
  file: string | Buffer,
  pieceSize = 65_536,
): Promise<FramedFile> {
  const { framed, sink, finish } = startGathering();
  const bytes = Buffer.from(file);
  const framer = open(sink);
  try {
    for (let from = 0; from < bytes.length; from += pieceSize) {
      // A copy: what a framer would keep of a piece would be overwritten by the next upload's bytes.
      const piece = Buffer.from(bytes.subarray(from, from + pieceSize));
      framer.read(piece);
      piece.fill("#");
    }
    for await (const _ of framer.end());
  } catch (error) {
    if (!(error instanceof UnreadableTape)) throw error;
    framed.refused = true;
  } finally {
    await framer.close();
  }
  return finish();
}

export function frameText(
  file: string | Buffer,
  framing: Partial<DelimitedFraming> = {},
  pieceSize?: number,
): Promise<FramedFile> {
  const whole = {
    kind: "delimited",
    delimiter: ",",
    header: { kind: "first" },
    ...framing,
  } as const;
  return frameBytes((sink) => openDelimitedFramer(whole, sink), file, pieceSize);
}

export function frameXml(
  file: string | Buffer,
  framing: Omit<XmlFraming, "kind">,
  pieceSize?: number,
): Promise<FramedFile> {
  return frameBytes((sink) => openXmlFramer({ kind: "xml", ...framing }, sink), file, pieceSize);
}

/** Code, line and value of each problem. */
export function problemsOf({ problems }: FramedFile): [string, number, string][] {
  return problems.map(({ code, line, value }) => [code, line, value]);
}

/** A whole file as an upload comes, unpacked and framed. */
export async function frameFile(
  file: string | Buffer,
  framing: Framing,
  { mostBytes = 100_000_000, pieceSize = 65_536 } = {},
): Promise<FramedFile & { head: FileHead | null }> {
  const { framed, sink, finish } = startGathering();
  const bytes = Buffer.from(file);
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let from = 0; from < bytes.length; from += pieceSize) {
      yield Buffer.from(bytes.subarray(from, from + pieceSize));
    }
  }
  let head: FileHead | null = null;
  try {
    const tape = await openTape(pieces(), { mostBytes, problems: sink.problems });
    head = tape.head;
    try {
      const framer = tape.openFramer(framing, sink);
      for await (const piece of tape.pieces) framer.read(piece);
      for await (const _ of framer.end());
      await framer.close();
    } finally {
      tape.close();
    }
  } catch (error) {
    if (!(error instanceof UnreadableTape)) throw error;
    framed.refused = true;
  }
  return { ...finish(), head };
}
