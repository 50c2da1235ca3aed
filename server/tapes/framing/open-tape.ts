/** An upload, unpacked and looked at, before any of it is read. */
import type { FileHead } from "../formats/tape-format.ts";
import type { ProblemList } from "../tape-problem.ts";
import { stopReading } from "../tape-record.ts";
import { widestHead } from "./choose-sheet.ts";
import { decodeTape } from "./decode.ts";
import type { DecodedTape } from "./decode.ts";
import type { Framer, Framing, FrameSink } from "./framer.ts";
import { openFramer } from "./open-framer.ts";
import { HEAD_BYTES, readHead, readWorkbookHead } from "./read-head.ts";
import { takeHead } from "./take-head.ts";
import { UnpackLimits } from "./unpack-limits.ts";
import { openWorkbookFramer } from "./workbook-framer.ts";
import { readWorkbookParts } from "./workbook-parts.ts";

export interface OpenTape {
  head: FileHead;
  /** What the framer is to read, from the first byte; none of a workbook. To be gone through once. */
  pieces: AsyncIterable<Buffer>;
  /** @throws UnreadableTape when the framing is another than the file's */
  openFramer(framing: Framing, sink: FrameSink): Framer;
  /** Releases what is held on disk; to be called in any case. */
  close(): void;
}

/**
 * Takes the first bytes of an upload, of a packed workbook all of them.
 * @param mostBytes of the unpacked file
 * @throws UnreadableTape when it cannot be unpacked; the reason is in the problem list
 */
export async function openTape(
  bytes: AsyncIterable<Uint8Array>,
  { mostBytes, problems }: { mostBytes: number; problems: ProblemList },
): Promise<OpenTape> {
  const limits = new UnpackLimits({ mostBytes, problems });
  const decoded = await decodeTape(bytes, limits);
  try {
    return await openContent(decoded, limits);
  } catch (error) {
    decoded.close();
    throw error;
  }
}

async function openContent(
  { content, close }: DecodedTape,
  limits: UnpackLimits,
): Promise<OpenTape> {
  if (content.kind === "workbook") {
    const parts = await readWorkbookParts(content.archive, limits);
    return {
      head: readWorkbookHead(await widestHead(parts)),
      pieces: nothing(),
      openFramer(framing, sink) {
        if (framing.kind !== "workbook") return refuseFraming("a workbook", sink.problems);
        return openWorkbookFramer(framing, sink, parts);
      },
      close,
    };
  }
  const { head, pieces } = await takeHead(content.pieces, HEAD_BYTES);
  return {
    head: readHead(head),
    pieces,
    openFramer(framing, sink) {
      if (framing.kind === "workbook") return refuseFraming("a text", sink.problems);
      return openFramer(framing, sink);
    },
    close,
  };
}

function refuseFraming(value: string, problems: ProblemList): never {
  const expected = "a file as the format or the mapping has it";
  const place = { line: 0, column: null, field: "" };
  return stopReading(problems, { ...place, code: "format-undeclared", value, expected });
}

async function* nothing(): AsyncGenerator<Buffer> {}
