/** Codes between the signs of a list: "1; 2" or ['1', '2']. */
const LISTED = /[^;,[\]'"\s]+/g;

export function listedCodes(text: string): string[] {
  return text.match(LISTED) ?? [];
}

const SEMICOLON = 59;
const COMMA = 44;

/** Whether a cell may hold several codes, seen without making text of it. */
export function isList(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (bytes[at] === SEMICOLON || bytes[at] === COMMA) return true;
  }
  return false;
}
