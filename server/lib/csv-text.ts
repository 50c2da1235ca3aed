/** CSV as an auditor pastes it into a sheet: RFC 4180, CRLF, and no cell that a sheet would execute. */

export type CsvValue = string | number | bigint | boolean | null;

/** What makes a spreadsheet take a text for a formula. Plain negative numbers stay as they are. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

function csvCell(value: CsvValue): string {
  const text = value === null ? "" : String(value);
  const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Rows as lines of CSV. */
export function csvRows(rows: readonly (readonly CsvValue[])[]): string {
  return rows.map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

/** A header and its rows as CSV text. */
export function csvText(header: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return csvRows([header, ...rows]);
}
