import { makeWorkbook } from "../framing/make-zip.ts";

export type SheetRow = readonly (string | number)[];

const MS_PER_DAY = 86_400_000;
/** Serial of 1970-01-01. */
const EPOCH_SERIAL = 25_569;

/** A workbook of one sheet: numbers are numbers, ISO dates serials that are shown as dates, the rest text. */
export function workbookOf(rows: readonly SheetRow[]): Buffer {
  const made = rows.map(
    (cells, at) => `<row r="${at + 1}">${cells.map((cell) => cellOf(cell)).join("")}</row>`,
  );
  return makeWorkbook({ sheets: [{ name: "Tape", rows: made.join("") }], formats: [14] });
}

function cellOf(cell: string | number): string {
  if (typeof cell === "number") return `<c><v>${cell}</v></c>`;
  if (!/^\d{4}-\d\d-\d\d$/.test(cell)) return `<c t="inlineStr"><is><t>${cell}</t></is></c>`;
  return `<c s="1"><v>${Date.parse(cell) / MS_PER_DAY + EPOCH_SERIAL}</v></c>`;
}
