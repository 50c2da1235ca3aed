import Papa from "papaparse";

/** A cell: text, a number, a flag, or nothing. Money comes as a decimal string. */
export type CsvCell = string | number | bigint | boolean | null;

/** A number as we print them: what a sheet may read as a number and never as a formula. */
const numeral = /^-?\d+(\.\d+)?$/;
/** First characters that make a sheet run a cell as a formula (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r]/;

function cellText(cell: CsvCell): string {
  if (cell === null) return "";
  const text = String(cell);
  return formula.test(text) && !numeral.test(text) ? `'${text}` : text;
}

/**
 * RFC 4180 text: CRLF, quotes where needed, a header line always. Text that a sheet would run as a
 * formula (labels, reasons and file names come from people) is preceded by an apostrophe; amounts
 * below zero stay numbers.
 */
export function writeCsv(
  columns: readonly string[],
  rows: readonly (readonly CsvCell[])[],
): string {
  const body = rows.map((row) => row.map(cellText));
  return `${Papa.unparse([[...columns], ...body], { newline: "\r\n" })}\r\n`;
}
