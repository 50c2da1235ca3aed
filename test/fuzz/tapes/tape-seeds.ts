/** The files that the fuzz starts from: the made samples of every format, and workbooks of some. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { FORMATS } from "../../../server/tapes/formats/formats.ts";
import { splitHead } from "../../../server/tapes/framing/split-head.ts";
import { makeWorkbook, textRows } from "../../server/tapes/framing/make-zip.ts";

export interface TapeSeed {
  /** Of the format that the file is in. */
  format: string;
  name: string;
  bytes: Buffer;
}

const SAMPLES = path.resolve(import.meta.dirname, "../../server/tapes/formats");

/** Samples larger than this are cut: what a mutation does is done within it. */
const LARGEST = 65_536;

export function tapeSeeds(): TapeSeed[] {
  const usable = FORMATS.filter(({ refused }) => refused === undefined);
  return usable.flatMap(({ id, framings }) => {
    const files = readdirSync(path.join(SAMPLES, id)).map((name) => ({
      format: id,
      name,
      bytes: shorten(readFileSync(path.join(SAMPLES, id, name))),
    }));
    const hasSheets = framings.some(({ kind }) => kind === "workbook");
    const text = files.find(({ name }) => name.endsWith(".csv"));
    if (!hasSheets || text === undefined) return files;
    return [...files, { format: id, name: `${text.name}.xlsx`, bytes: asWorkbook(text.bytes) }];
  });
}

/** Whole records: an exhibit keeps its end. */
function shorten(file: Buffer): Buffer {
  if (file.length <= LARGEST) return file;
  const text = file.toString("utf8");
  const end = text.lastIndexOf("</assets>", LARGEST);
  if (end > 0) return Buffer.from(`${text.slice(0, end)}</assets></assetData>`);
  return Buffer.from(text.slice(0, text.lastIndexOf("\n", LARGEST) + 1));
}

function asWorkbook(file: Buffer): Buffer {
  const rows = splitHead(file.toString("utf8"), ",").map((row) => row.map(escape));
  return makeWorkbook({ sheets: [{ name: "Tape", rows: textRows(rows) }] });
}

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
