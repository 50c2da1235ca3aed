/** Step 2: bytes to rows. Which format a file is in is seen from the file, not from its name. */
import { readAbseeAutoLoanXml } from "./formats/absee-auto-loan-reader.ts";
import { readMappedCsv } from "./formats/mapped-csv.ts";
import { stopReading } from "./tape-record.ts";
import type { RowReader, SourceRow } from "./source-row.ts";
import type { ProblemList } from "./tape-problem.ts";
import type { TapeTerms } from "./tape-terms.ts";

/** Bytes looked at to tell the format. */
const SNIFFED_BYTES = 64;

/** Rows are handed on in pieces of about this many bytes of the file. */
const PIECE_BYTES = 65_536;

/**
 * Rows of a tape, in batches, as the bytes come in; the next bytes are asked for when a batch has been
 * taken, and so the reader waits for whoever stores the rows.
 * @throws UnreadableTape when the file cannot be read further; the reason is in `problems`.
 */
export async function* parseTape(
  bytes: AsyncIterable<Uint8Array>,
  terms: TapeTerms,
  problems: ProblemList,
): AsyncGenerator<SourceRow[]> {
  const decoder = startDecoder(problems);
  let reader: RowReader | null = null;
  let head: Uint8Array = Buffer.alloc(0);
  for await (const piece of pieces(bytes)) {
    if (reader === null) {
      head = Buffer.concat([head, piece]);
      if (head.length < SNIFFED_BYTES) continue;
      reader = openReader(head, terms, problems);
      yield reader.read(decoder.decode(head));
    } else {
      yield reader.read(decoder.decode(piece));
    }
  }
  if (reader === null) {
    reader = openReader(head, terms, problems);
    yield reader.read(decoder.decode(head));
  }
  yield reader.read(decoder.end());
  yield reader.end();
}

async function* pieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      yield chunk.subarray(from, from + PIECE_BYTES);
    }
  }
}

function openReader(head: Uint8Array, terms: TapeTerms, problems: ProblemList): RowReader {
  const format = recogniseFormat(head);
  const at = { line: 1, column: 1, field: "" };
  if (format === null) {
    stopReading(problems, {
      ...at,
      code: "format-unknown",
      value: Buffer.from(head.subarray(0, 8)).toString("hex"),
      expected: "XML or CSV text",
    });
  }
  if (format !== terms.format) {
    const expected = `${terms.format}, the format that the deal declares`;
    stopReading(problems, { ...at, code: "format-undeclared", value: format, expected });
  }
  if (format === "absee-auto-loan-xml") return readAbseeAutoLoanXml(problems);
  if (terms.csv === null) throw new Error("a deal with CSV tapes declares no columns");
  return readMappedCsv(terms.csv, problems);
}

/** XML begins with "<"; a byte below the space that no text has means neither. */
function recogniseFormat(head: Uint8Array): string | null {
  const begin = Buffer.from(head.subarray(0, SNIFFED_BYTES)).toString("latin1");
  const text = begin.replace(/^\u00ef\u00bb\u00bf/, "").trimStart();
  if (text === "" || /[^\P{Cc}\t\n\v\f\r\u0080-\u009f]/u.test(text)) return null;
  return text.startsWith("<") ? "absee-auto-loan-xml" : "mapped-csv";
}

interface TapeDecoder {
  decode(bytes: Uint8Array): string;
  end(): string;
}

/** UTF-8 and nothing else; a byte order mark is dropped. Names the line of the first wrong byte. */
function startDecoder(problems: ProblemList): TapeDecoder {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let offset = 0;
  const decodeOrStop = (bytes: Uint8Array, stream: boolean): string => {
    try {
      const text = decoder.decode(bytes, { stream });
      line += text.split("\n").length - 1;
      offset += bytes.length;
      return text;
    } catch {
      const before = textBeforeWrongByte(bytes);
      return stopReading(problems, {
        line: line + before.split("\n").length - 1,
        column: null,
        field: "",
        code: "encoding",
        value: `the byte at offset ${offset + Buffer.byteLength(before)}`,
        expected: "UTF-8 text",
      });
    }
  };
  return {
    decode: (bytes) => decodeOrStop(bytes, true),
    end: () => decodeOrStop(Buffer.alloc(0), false),
  };
}

/** What can be read of a piece before its first byte that is not UTF-8. */
function textBeforeWrongByte(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("utf8");
  return text.slice(0, Math.max(0, text.indexOf("\ufffd")));
}
