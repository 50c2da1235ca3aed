/** The first records of a text at a delimiter, for telling what it is; forgiving, unlike the framer. */

const MOST_ROWS = 30;
const MOST_CELLS = 4_096;

/** At most 30 records that are not blank; the last one may be cut off with the text. */
export function splitHead(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let i = 0; i <= text.length && rows.length < MOST_ROWS; i++) {
    const character = text[i];
    if (isQuoted && character !== undefined) {
      if (character !== '"') cell += character;
      else if (text[i + 1] !== '"') isQuoted = false;
      else {
        cell += '"';
        i += 1;
      }
    } else if (character === '"' && cell.trim() === "") isQuoted = true;
    else if (character === delimiter && row.length < MOST_CELLS) {
      row.push(cell.trim());
      cell = "";
    } else if (character === undefined || character === "\n" || character === "\r") {
      row.push(cell.trim());
      if (row.some((value) => value !== "")) rows.push(row);
      row = [];
      cell = "";
    } else cell += character;
  }
  return rows;
}
