/** Which sheet of a workbook has the tape. */
import { startProblemList } from "../tape-problem.ts";
import { UnreadableTape } from "../tape-record.ts";
import type { TapeRecord } from "../tape-record.ts";
import type { WorkbookFraming } from "./framer.ts";
import { readPart } from "./read-part.ts";
import { startHeaderSearch } from "./search-header.ts";
import { SheetReader } from "./sheet-reader.ts";
import type { SheetSink } from "./sheet-reader.ts";
import type { SheetPart, WorkbookParts } from "./workbook-parts.ts";

/** Rows of a sheet among which its header is looked for, and its head is taken from. */
const LOOKED_AT = 100;
const HEAD_ROWS = 30;

/** Reads a sheet row by row, with a pause after each piece of it. @throws UnreadableTape */
export function readSheet(
  parts: WorkbookParts,
  sheet: SheetPart,
  sink: SheetSink,
): AsyncGenerator<void> {
  const events = new SheetReader(parts, sink);
  const pieces = parts.archive.read(sheet.path);
  return readPart(`the sheet ${sheet.name}`, pieces, { events, limits: parts.limits });
}

/** The first rows of a sheet that are not blank, as text. */
export async function sheetHead(
  parts: WorkbookParts,
  sheet: SheetPart,
  most = HEAD_ROWS,
): Promise<string[][]> {
  const rows: string[][] = [];
  await lookAt(parts, sheet, (record) => {
    if (rows.length < most) rows.push(textsOf(record));
    return rows.length >= most;
  });
  return rows;
}

/** The head of the sheet with the widest rows: the one that is likeliest a tape. */
export async function widestHead(parts: WorkbookParts): Promise<string[][]> {
  let widest: string[][] = [];
  for (const sheet of parts.sheets) {
    const head = await sheetHead(parts, sheet);
    if (widthOf(head) > widthOf(widest)) widest = head;
  }
  return widest;
}

/** The sheet that the framing names, else the first one with its header; null when there is none. */
export async function chooseSheet(
  parts: WorkbookParts,
  framing: WorkbookFraming,
): Promise<SheetPart | null> {
  const { sheets } = parts;
  if (framing.sheet !== undefined) {
    return sheets.find(({ name }) => name === framing.sheet) ?? null;
  }
  if (sheets.length > 1) {
    for (const sheet of sheets) if (await hasHeader(parts, sheet, framing)) return sheet;
  }
  return sheets[0] ?? null;
}

async function hasHeader(
  parts: WorkbookParts,
  sheet: SheetPart,
  { header }: WorkbookFraming,
): Promise<boolean> {
  let rows = 0;
  const nowhere = { onColumns: () => {}, onRecord: () => {}, problems: startProblemList() };
  const search = startHeaderSearch(header, nowhere);
  try {
    await lookAt(parts, sheet, (record) => {
      if (!search.found) search.take(record);
      rows += 1;
      return search.found || rows >= LOOKED_AT;
    });
    search.end();
  } catch (error) {
    // No header is no fault of this sheet; a damaged workbook is found again when it is read.
    if (error instanceof UnreadableTape) return false;
    throw error;
  }
  return rows > 0;
}

/** Reads rows that are not blank until `take` says that it is enough. */
async function lookAt(
  parts: WorkbookParts,
  sheet: SheetPart,
  take: (record: TapeRecord) => boolean,
): Promise<void> {
  let isEnough = false;
  const sink: SheetSink = {
    onRow(record) {
      if (record.count > 0 && !isEnough) isEnough = take(record);
    },
    onQuotedFormula: () => {},
  };
  for await (const _ of readSheet(parts, sheet, sink)) if (isEnough) return;
}

function textsOf({ bytes, count, start, end }: TapeRecord): string[] {
  return Array.from({ length: count }, (_, i) =>
    (start[i] ?? -1) < 0 ? "" : bytes.toString("utf8", start[i], end[i]),
  );
}

function widthOf(rows: readonly string[][]): number {
  return Math.max(0, ...rows.map((row) => row.length));
}
