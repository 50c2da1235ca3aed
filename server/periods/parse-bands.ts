/** Bounds of bands as people write them, and bands as people read them. */
import { formatMonth, parseMonth } from "../lib/dates.ts";
import {
  formatCents,
  formatDecimal,
  formatPercent,
  parseCents,
  parseDecimal,
  PERCENT_DECIMALS,
} from "../lib/money.ts";
import type { BandKind } from "./stratification-fields.ts";

const MOST_BOUNDS = 50;
/** Decimals of the bounds of a tape's own column. */
const TEXT_DECIMALS = 6;

const WRITTEN: Readonly<Record<BandKind, string | null>> = {
  money: "amounts such as 10000 or 99.50",
  rate: "rates in percent such as 4.5",
  ratio: "percentages such as 80",
  integer: "whole numbers",
  month: "months such as 2016-01",
  text: "plain numbers such as 2015 or 0.5",
  day: null,
  flag: null,
};

/** Bounds, ascending, as integers of the kind's unit (a text's with six decimals). */
export interface Bands {
  bounds: bigint[];
  /** The same text for the same bounds, however they were written. */
  text: string;
}

/** @returns what is wrong, in words, where they cannot be read */
export function parseBands(kind: BandKind, text: string): Bands | { wrong: string } {
  if (text.trim() === "") return { bounds: [], text: "" };
  const written = WRITTEN[kind];
  if (written === null) return { wrong: "takes no bands: each value stands by itself" };
  const parts = text.split(",").map((part) => part.trim());
  if (parts.length > MOST_BOUNDS) return { wrong: `has more than ${MOST_BOUNDS} bounds` };
  const bounds: bigint[] = [];
  for (const part of parts) {
    const bound = parseBound(kind, part);
    if (bound === null) return { wrong: `needs bounds that are ${written}, not "${part}"` };
    if (bounds.length > 0 && bound <= (bounds.at(-1) ?? bound)) {
      return { wrong: `needs bounds that rise: "${part}" does not` };
    }
    bounds.push(bound);
  }
  return { bounds, text: bounds.map((bound) => formatBound(kind, bound)).join(",") };
}

function parseBound(kind: BandKind, text: string): bigint | null {
  try {
    if (kind === "month") return BigInt(parseMonth(text));
    if (kind === "money") return parseCents(text);
    if (kind === "rate" || kind === "ratio") return parseDecimal(text, PERCENT_DECIMALS);
    return parseDecimal(text, kind === "text" ? TEXT_DECIMALS : 0);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A value or a bound as it is written: 1000050n cents -> "10000.50". */
export function formatBound(kind: BandKind, value: bigint): string {
  if (kind === "month") return formatMonth(Number(value));
  if (kind === "money") return formatCents(value);
  if (kind === "rate" || kind === "ratio") return formatPercent(value);
  if (kind !== "text") return value.toString();
  return formatDecimal(value, TEXT_DECIMALS).replace(/\.?0+$/, "");
}

/** The band between two bounds: "below 500", "500 to below 550", "850 and more". @param band 0 is below the first */
export function nameBand(kind: BandKind, bounds: readonly bigint[], band: number): string {
  const from = bounds[band - 1];
  const to = bounds[band];
  const shown = (bound: bigint): string => formatBound(kind, bound);
  if (from === undefined) return to === undefined ? "all" : `below ${shown(to)}`;
  return to === undefined ? `${shown(from)} and more` : `${shown(from)} to below ${shown(to)}`;
}
