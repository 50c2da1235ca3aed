/** What an upload holds: the tape itself, or the tape packed with gzip or zip, told by its first bytes. */
import { createGunzip } from "node:zlib";
import { Readable } from "node:stream";
import { UnreadableTape } from "../tape-record.ts";
import { SpooledFile } from "./spooled-file.ts";
import { takeHead } from "./take-head.ts";
import type { UnpackLimits } from "./unpack-limits.ts";
import { openZipArchive } from "./zip-archive.ts";
import type { ZipArchive } from "./zip-archive.ts";

/** The part that every workbook has. */
const WORKBOOK_PART = "xl/workbook.xml";

/** Bytes that tell what a file is. */
const MAGIC_BYTES = 8;

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZIP = [Buffer.from("PK\x03\x04", "latin1"), Buffer.from("PK\x05\x06", "latin1")];

/** Ways of packing that are told apart to say what to do. */
const UNREAD: readonly { magic: Buffer; what: string; expected: string }[] = [
  {
    magic: Buffer.from("d0cf11e0a1b11ae1", "hex"),
    what: "an .xls workbook, or one with a password",
    expected: "a workbook saved as .xlsx without a password",
  },
  ...[
    { magic: "BZh", what: "a bzip2 archive" },
    { magic: "7z\xbc\xaf\x27\x1c", what: "a 7z archive" },
    { magic: "Rar!\x1a", what: "a rar archive" },
    { magic: "\xfd7zXZ", what: "an xz archive" },
    { magic: "\x28\xb5\x2f\xfd", what: "a zstd archive" },
  ].map(({ magic, what }) => ({
    magic: Buffer.from(magic, "latin1"),
    what,
    expected: "a plain file, gzip, zip or xlsx",
  })),
];

/** Names of a zip's files that a refusal lists. */
const LISTED_NAMES = 10;

export interface DecodedTape {
  /** Text as it comes, or a workbook, which is read at random once all of it is there. */
  content:
    | { kind: "text"; pieces: AsyncIterable<Buffer> }
    | { kind: "workbook"; file: SpooledFile; archive: ZipArchive };
  /** Releases what is on disk; to be called in any case. */
  close(): void;
}

/**
 * @throws UnreadableTape when it cannot be unpacked; of a text also later, while its pieces are read
 */
export async function decodeTape(
  bytes: AsyncIterable<Uint8Array>,
  limits: UnpackLimits,
): Promise<DecodedTape> {
  const files: SpooledFile[] = [];
  const close = (): void => {
    for (const file of files) file.close();
  };
  try {
    const content = await decode(bytes, { limits, files, isPacked: false });
    return { content, close };
  } catch (error) {
    close();
    throw error;
  }
}

interface Decoding {
  limits: UnpackLimits;
  files: SpooledFile[];
  /** The bytes come out of an archive: only a workbook may follow. */
  isPacked: boolean;
}

async function decode(
  bytes: AsyncIterable<Uint8Array>,
  decoding: Decoding,
): Promise<DecodedTape["content"]> {
  const { limits, isPacked } = decoding;
  const { head, pieces } = await takeHead(bytes, MAGIC_BYTES);
  for (const { magic, what, expected } of UNREAD) {
    if (startsWith(head, magic)) limits.refuse(what, expected);
  }
  const isZip = ZIP.some((magic) => startsWith(head, magic));
  if (startsWith(head, GZIP) && !isPacked) {
    return decode(gunzip(pieces, limits), { ...decoding, isPacked: true });
  }
  if (startsWith(head, GZIP)) return refuseNested(limits);
  if (!isZip) return { kind: "text", pieces };
  return decodeZip(pieces, decoding);
}

async function decodeZip(
  pieces: AsyncIterable<Buffer>,
  decoding: Decoding,
): Promise<DecodedTape["content"]> {
  const { limits, files, isPacked } = decoding;
  const file = new SpooledFile();
  files.push(file);
  for await (const piece of pieces) {
    file.append(piece);
    if (file.size > limits.mostBytes) {
      limits.refuseLarge(
        `more than ${limits.mostBytes} bytes`,
        `at most ${limits.mostBytes} bytes`,
      );
    }
  }
  const archive = await openZipArchive(file, limits);
  if (archive.has(WORKBOOK_PART)) return { kind: "workbook", file, archive };
  if (isPacked) return refuseNested(limits);
  const [name, ...others] = archive.names;
  if (name === undefined) return limits.refuse("an empty archive", "one tape file");
  if (archive.has("[Content_Types].xml") || archive.has("mimetype")) {
    return limits.refuse("a document that is no .xlsx workbook", "a workbook saved as .xlsx");
  }
  if (others.length > 0) {
    const listed = archive.names.slice(0, LISTED_NAMES).join(", ");
    const more = archive.names.length > LISTED_NAMES ? ", …" : "";
    return limits.refuse(
      `${archive.names.length} files: ${listed}${more}`,
      "exactly one tape file",
    );
  }
  return decode(archive.read(name), { ...decoding, isPacked: true });
}

function refuseNested(limits: UnpackLimits): never {
  return limits.refuse("an archive in an archive", "one tape file, packed once");
}

async function* gunzip(
  pieces: AsyncIterable<Buffer>,
  limits: UnpackLimits,
): AsyncGenerator<Buffer> {
  let packed = 0;
  let of = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      packed += piece.length;
      yield piece;
    }
  }
  const source = Readable.from(counted());
  const gunzipped = createGunzip({ chunkSize: 262_144 });
  source.on("error", (error) => gunzipped.destroy(error));
  try {
    for await (const piece of source.pipe(gunzipped) as AsyncIterable<Buffer>) {
      of += piece.length;
      limits.count(piece.length, { of, packed });
      yield piece;
    }
  } catch (error) {
    if (!isPackingFault(error)) throw error;
    limits.refuse(error.message, "a sound gzip file");
  } finally {
    source.destroy();
    gunzipped.destroy();
  }
}

function isPackingFault(error: unknown): error is Error {
  if (error instanceof UnreadableTape || !(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return typeof code === "string" && code.startsWith("Z_");
}

function startsWith(head: Buffer, magic: Buffer): boolean {
  return head.subarray(0, magic.length).equals(magic);
}
