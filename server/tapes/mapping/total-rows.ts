/** The file's own totals among its rows, and what tells the loans' ids from theirs. */

const TOTAL = /^(grand |sub-?)?totals?\b|^(sum|averages?|weighted average)\b/i;

export interface TotalRows {
  /** Places of the rows. */
  places: ReadonlySet<number>;
  /** Pattern of their first cell and of the ids of loans; null when there are no such rows. */
  glob: string | null;
  loanIds: string | null;
}

/** Looks at the first cell that a row has: where a loan has its id, a total has the word. */
export function totalsOf(rows: readonly (readonly (string | null)[])[]): TotalRows {
  const first = rows.map((row) => row.find((cell) => cell !== null && cell !== "") ?? "");
  const places = new Set(first.flatMap((text, i) => (TOTAL.test(text) ? [i] : [])));
  const [place] = places;
  if (place === undefined) return { places, glob: null, loanIds: null };
  const word = /^[^\d:]*/.exec(first[place] ?? "")?.[0].trim() ?? "";
  const ids = first.filter((_, i) => !places.has(i));
  return { places, glob: `${word}*`, loanIds: shapeOf(ids) };
}

/** The longest beginning that all ids have, then digits or anything; null when they have nothing. */
function shapeOf(ids: readonly string[]): string | null {
  const [one] = ids;
  if (one === undefined) return null;
  let length = one.length;
  for (const id of ids) while (!id.startsWith(one.slice(0, length))) length -= 1;
  const beginning = one.slice(0, length).replaceAll(/\d+$/g, "");
  const rest = ids.map((id) => id.slice(beginning.length));
  if (rest.some((text) => !/^\d/.test(text))) return beginning === "" ? null : `${beginning}*`;
  return `${beginning}#*`;
}
