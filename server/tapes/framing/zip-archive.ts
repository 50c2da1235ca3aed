/** The entries of a zip archive, read from its directory; nothing of it is ever written by its name. */
import { crc32 } from "node:zlib";
import { fromFdPromise } from "yauzl";
import type { Entry, ZipFile } from "yauzl";
import { UnreadableTape } from "../tape-record.ts";
import type { SpooledFile } from "./spooled-file.ts";
import type { UnpackLimits } from "./unpack-limits.ts";

const MOST_ENTRIES = 10_000;

/** Systems put these beside what was packed. */
const SIDE_FILES = /^__MACOSX\/|(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/;

export interface ZipArchive {
  /** Files alone, in the order of the directory. */
  readonly names: readonly string[];
  has(name: string): boolean;
  /** What the entry holds. @throws UnreadableTape when it is damaged or too large */
  read(name: string): AsyncGenerator<Buffer>;
}

/** @throws UnreadableTape when it is no archive, encrypted or has names that point outside it */
export async function openZipArchive(file: SpooledFile, limits: UnpackLimits): Promise<ZipArchive> {
  const zip = await orRefuse(limits, () => fromFdPromise(file.fd, { autoClose: false }));
  const entries = await orRefuse(limits, () => listEntries(zip, limits));
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    async *read(name) {
      const entry = entries.get(name);
      if (entry === undefined) limits.refuse(`no ${name}`, "all parts of the archive");
      yield* readEntry(zip, entry, limits);
    },
  };
}

async function listEntries(zip: ZipFile, limits: UnpackLimits): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  if (zip.entryCount > MOST_ENTRIES) {
    limits.refuse(`${zip.entryCount} entries`, `at most ${MOST_ENTRIES} entries`);
  }
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName;
    if (name.endsWith("/") || SIDE_FILES.test(name)) continue;
    if (entry.isEncrypted()) limits.refuse(name, "an archive without a password");
    if (!entry.canDecodeFileData()) {
      limits.refuse(`${name} by method ${entry.compressionMethod}`, "entries stored or deflated");
    }
    if (entries.has(name)) limits.refuse(`${name} twice`, "each entry once");
    entries.set(name, entry);
  }
  return entries;
}

async function* readEntry(
  zip: ZipFile,
  entry: Entry,
  limits: UnpackLimits,
): AsyncGenerator<Buffer> {
  const stream = await orRefuse(limits, () => zip.openReadStreamPromise(entry));
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let of = 0;
  let sum = 0;
  try {
    for (;;) {
      const { done, value } = await orRefuse(limits, () => pieces.next());
      if (done === true) break;
      of += value.length;
      sum = crc32(value, sum);
      limits.count(value.length, { of, packed: entry.compressedSize });
      yield value;
    }
  } finally {
    stream.destroy();
  }
  if (sum !== entry.crc32)
    limits.refuse(`${entry.fileName} is damaged`, "the bytes that were packed");
}

/** What the library throws is a fault of the archive. */
async function orRefuse<T>(limits: UnpackLimits, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof UnreadableTape || !(error instanceof Error)) throw error;
    return limits.refuse(error.message, "a sound zip archive or workbook");
  }
}
