/** Which delimiter a text has, from its first records. */
import type { Header } from "./framer.ts";
import { countNames, normaliseNames } from "./search-header.ts";
import { splitHead } from "./split-head.ts";

const DELIMITERS = [",", "|", "\t", ";"] as const;

/** What is looked at. */
export const GUESSED_BYTES = 65_536;

/** The delimiter that gives the header the most columns; a comma when none does. */
export function guessDelimiter(head: Buffer, header: Header): string {
  const text = head.toString("utf8", 0, GUESSED_BYTES);
  return bestOf((delimiter) => columnsOf(splitHead(text, delimiter), header));
}

/** The delimiter of a text whose header is not known: many columns, and as many in most records. */
export function likeliestDelimiter(text: string): string {
  return bestOf((delimiter) => {
    const rows = splitHead(text, delimiter);
    const agreeing = rows.map(
      ({ length }) => length * rows.filter((row) => row.length === length).length,
    );
    return Math.max(0, ...agreeing) / Math.max(1, rows.length);
  });
}

function bestOf(score: (delimiter: string) => number): string {
  let best: string = DELIMITERS[0];
  let most = score(best);
  for (const delimiter of DELIMITERS.slice(1)) {
    const columns = score(delimiter);
    if (columns <= most) continue;
    best = delimiter;
    most = columns;
  }
  return best;
}

function columnsOf(rows: string[][], header: Header): number {
  if (header.kind === "first") return rows[0]?.length ?? 0;
  if (header.kind === "find") {
    const names = normaliseNames(header.names);
    return Math.max(0, ...rows.map((row) => countNames(row, names)));
  }
  const wanted = header.columns.length;
  return Math.max(0, ...rows.map((row) => (row.length === wanted ? Infinity : row.length)));
}
