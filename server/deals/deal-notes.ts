/**
 * What the terms of a deal say beside what the engines need, so that the bytes alone can be turned
 * back into words: names of day counts, rules of dates, units. They stand among the names of the
 * bytes, where no engine looks.
 */
import { formatDate } from "../lib/dates.ts";
import { formatCents, formatPercent } from "../lib/money.ts";
import type { DealTerms } from "./deal-terms.ts";

/** How a value is written, by the letter that stands for it in a note. */
export const UNIT_LETTERS = {
  money: "m",
  rate: "r",
  count: "n",
  flag: "f",
  date: "d",
  index: "i",
} as const;
export type ValueUnit = keyof typeof UNIT_LETTERS;

/** Lists whose values have units; each note holds one letter a value, in the list's order. */
export type UnitList = "figures" | "constants" | "schedules" | "variables";

/** What stands before a note in the name table: no name of a deal begins so. */
export const NOTE_MARK = ":";

/** A name holds at most 255 bytes. */
export const MAX_NOTE_BYTES = 254;

/** Everything that is noted under a key, in order. */
export function notesOf({ notes }: Pick<DealTerms, "notes">, key: string): string[] {
  return notes
    .filter((note) => note.startsWith(`${key} `))
    .map((note) => note.slice(key.length + 1));
}

/** What is noted under a key of which there is one; null without it. */
export function noteOf(terms: Pick<DealTerms, "notes">, key: string): string | null {
  return notesOf(terms, key)[0] ?? null;
}

/** The unit of one value; null where the terms do not note it. */
export function unitOf(terms: DealTerms, list: UnitList, position: number): ValueUnit | null {
  const letter = noteOf(terms, `units ${list}`)?.[position];
  const known = Object.entries(UNIT_LETTERS).find(([, short]) => short === letter);
  return (known?.[0] as ValueUnit | undefined) ?? null;
}

/** 40000000000000000n -> "4 %". */
export function formatRate(wad: bigint): string {
  return `${formatPercent(wad)} %`;
}

/** A value as a deal file writes it. */
export function writeValue(value: bigint, unit: ValueUnit | null): string {
  switch (unit) {
    case "money":
      return formatCents(value);
    case "rate":
    case "index":
      return formatRate(value);
    case "date":
      return formatDate(Number(value));
    case null:
      return guess(value);
    default:
      return `${value}`;
  }
}

/** Without its unit, whole hundredths of a per cent from 0.1 % on are read as rates. */
function guess(value: bigint): string {
  return value < 10n ** 15n || value % 10n ** 12n !== 0n ? `${value}` : formatRate(value);
}
