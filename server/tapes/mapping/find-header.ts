/** Where the header of a file is that nobody declared, from its first rows. */
import type { Header } from "../framing/framer.ts";
import { countKnown } from "./known-names.ts";
import { numberOf } from "./profile-column.ts";

/** Rows that a header may be split over, and among which it is looked for. */
const MOST_HEADER_ROWS = 4;
const SEARCHED_ROWS = 20;

/** Of a header's cells so many are words, and of the widest row's so many are filled. */
const LEAST_WORDS = 0.9;
const LEAST_FILLED = 0.5;

/** Names of a file without header: the mapping gives them by place. */
function placeNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `column ${i + 1}`);
}

export function findHeader(rows: readonly (readonly string[])[]): Header {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const isHeader = (row: readonly string[]): boolean => {
    const filled = row.filter((cell) => cell !== "");
    const words = filled.filter((cell) => isWord(cell));
    return filled.length >= LEAST_FILLED * width && words.length >= LEAST_WORDS * filled.length;
  };
  const first = rows.slice(0, SEARCHED_ROWS).findIndex(isHeader);
  if (first < 0) return { kind: "none", columns: placeNames(width) };
  const run = headerRun(rows, first);
  const names = joinColumns(run).filter((name) => name !== "");
  if (first === 0 && run.length === 1) return { kind: "first" };
  return { kind: "find", names, least: Math.max(1, Math.ceil(names.length / 2)) };
}

/** The rows that a split header has: of one to four those in which the most names are known. */
function headerRun(
  rows: readonly (readonly string[])[],
  first: number,
): readonly (readonly string[])[] {
  let best = rows.slice(first, first + 1);
  let most = countKnown(joinColumns(best));
  for (let from = Math.max(0, first - MOST_HEADER_ROWS + 1); from <= first; from++) {
    for (let until = first + 1; until <= from + MOST_HEADER_ROWS; until++) {
      const run = rows.slice(from, until);
      if (run.some((row) => row.some((cell) => !isWord(cell)))) break;
      const known = countKnown(joinColumns(run));
      if (known <= most) continue;
      most = known;
      best = run;
    }
  }
  return best;
}

function joinColumns(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, i) =>
    rows
      .map((row) => row[i] ?? "")
      .filter((cell) => cell !== "")
      .join(" "),
  );
}

/** Neither a number nor a date. */
function isWord(cell: string): boolean {
  const isDate = /^\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?/.test(cell);
  return !isDate && Number.isNaN(numberOf(cell, false));
}
