/** Pool statistics for people: shares in per cent, means in their unit, in reading order. */
import { formatCents, formatDecimal, parseCents } from "../lib/money.ts";

type Item = [item: string, value: string];

/** An 1e18 integer cut to so many decimals, after it is scaled to its unit. */
interface Reading {
  unit: string;
  /** 10^-18 of what one unit of the last decimal is. */
  divisor: bigint;
  decimals: number;
}

const PER_CENT: Reading = { unit: "per cent", divisor: 10n ** 12n, decimals: 4 };
const MONTHS: Reading = { unit: "months", divisor: 10n ** 14n, decimals: 4 };
const POINTS: Reading = { unit: "points", divisor: 10n ** 14n, decimals: 4 };
/** As the market prints factors. */
const FRACTION: Reading = { unit: "fraction", divisor: 10n ** 11n, decimals: 7 };

const READINGS: Readonly<Record<string, Reading>> = {
  poolFactor: FRACTION,
  "weightedRemainingTerm.mean": MONTHS,
  "weightedOriginalTerm.mean": MONTHS,
  "weightedAge.mean": MONTHS,
  "weightedCreditScore.mean": POINTS,
};

/** Leaves of nested statistics with their path: {delinquency: {current: 1}} -> "delinquency.current". */
function flatten(value: unknown, path: string): Item[] {
  if (value === null || value === undefined) return [[path, ""]];
  if (typeof value === "object") {
    return Object.entries(value).flatMap(([key, inner]) =>
      flatten(inner, path === "" ? key : `${path}.${key}`),
    );
  }
  return [[path, typeof value === "string" ? value : JSON.stringify(value)]];
}

/** "poolFactorWad" 985000000000000000 -> "poolFactor (fraction, 7 decimals, cut)" "0.9850000". */
function readable([path, value]: Item): Item {
  if (!path.endsWith("Wad")) return [path, value];
  const name = path.slice(0, -"Wad".length);
  const { unit, divisor, decimals } = READINGS[name] ?? PER_CENT;
  const shown = value === "" ? "" : formatDecimal(BigInt(value) / divisor, decimals);
  return [`${name} (${unit}, ${decimals} decimals, cut)`, shown];
}

/** Scheduled and prepaid principal do not add up to principal; this says what does. */
function relatePrincipal({ amounts }: Readonly<Record<string, unknown>>): Item[] {
  const { principal, prepaidPrincipal } = (amounts ?? {}) as Record<string, string | undefined>;
  if (principal === undefined || prepaidPrincipal === undefined) return [];
  const rest = formatCents(parseCents(principal) - parseCents(prepaidPrincipal));
  return [
    [
      "amounts, how principal divides",
      `principal ${principal} = prepaid principal ${prepaidPrincipal} (above the schedule; a payoff ` +
        `counts whole) + ${rest} within the schedule or of loans that state none; scheduled ` +
        "principal is what the schedules ask for, paid or not, and is no part of the sum",
    ],
  ];
}

/** Every statistic of a closed period, one item each; `statistics` in reading order. */
export function describePool(statistics: Readonly<Record<string, unknown>>): Item[] {
  return [...flatten(statistics, "").map(readable), ...relatePrincipal(statistics)];
}
