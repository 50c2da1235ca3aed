/** A tape as it comes in: what it looks like, its bytes, and the framer for them. */
import type { FileHead } from "../formats/tape-format.ts";
import type { ProblemList } from "../tape-problem.ts";
import { openDelimitedFramer } from "./delimited-framer.ts";
import type { Framer, FrameSink, Framing } from "./framer.ts";
import { likeliestDelimiter } from "./guess-delimiter.ts";
import { splitHead } from "./split-head.ts";
import { openXmlFramer } from "./xml-framer.ts";

const HEAD_BYTES = 65_536;

export interface OpenTape {
  head: FileHead;
  pieces: AsyncIterable<Buffer>;
  openFramer(framing: Framing, sink: FrameSink): Framer;
  close(): Promise<void>;
}

export async function openTape(
  bytes: AsyncIterable<Uint8Array>,
  _limits: { mostBytes: number; problems: ProblemList },
): Promise<OpenTape> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(Buffer.from(next.value));
    size += next.value.length;
  }
  const start = Buffer.concat(first);
  async function* pieces(): AsyncGenerator<Buffer> {
    if (start.length > 0) yield start;
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
    }
  }
  return {
    head: headOf(start.subarray(0, HEAD_BYTES)),
    pieces: pieces(),
    openFramer(framing, sink) {
      if (framing.kind === "xml") return openXmlFramer(framing, sink);
      if (framing.kind === "delimited") return openDelimitedFramer(framing, sink);
      throw new Error("no workbooks yet");
    },
    close: async () => {},
  };
}

function headOf(start: Buffer): FileHead {
  const text = start.toString("utf8").replace(/^\ufeff/, "");
  if (!text.trimStart().startsWith("<")) {
    const delimiter = likeliestDelimiter(text);
    return { kind: "text", text, xml: null, rows: splitHead(text, delimiter), delimiter };
  }
  const elements = new Set(
    [...text.matchAll(/<(?:[\w.-]+:)?([\w.-]+)/g)].map((match) => match[1] ?? ""),
  );
  const root = /<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)([^>]*)>/.exec(
    text.replace(/<!--[^]*?-->|<!DOCTYPE[^[>]*(\[[^\]]*\])?>/g, ""),
  );
  const namespace = /xmlns(?::[\w.-]+)?="([^"]*)"/.exec(root?.[2] ?? "")?.[1] ?? "";
  return {
    kind: "xml",
    text,
    xml: { root: root?.[1] ?? "", namespace, elements },
    rows: [],
    delimiter: null,
  };
}
