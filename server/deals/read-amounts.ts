/** Amounts and rates as a deal file writes them. */
import { formatCents, parseCents, parseDecimal } from "../lib/money.ts";
import { WAD } from "../lib/mul-div.ts";
import { readWith } from "./deal-source.ts";
import type { Field } from "./deal-source.ts";
import { meantMoney, meantPercent } from "./suggest-instead.ts";

export const MONEY = "an amount with two decimals such as 2400.00";
export const RATE = "an annual rate such as 2.25 %";

/** Money needs its two decimals, so that nobody wonders whether 2400 is dollars or cents. */
export function parseMoney(text: string): bigint {
  if (!/^-?\d+\.\d{2}$/.test(text)) {
    const meant = meantMoney(text);
    const hint = meant === undefined ? "" : `; write ${meant}`;
    throw new RangeError(`"${text}" is not an amount of money${hint}`);
  }
  return parseCents(text);
}

/** "2.25 %" -> 22500000000000000n (1e18 = 100 %). At most sixteen decimals. */
export function parsePercent(text: string): bigint {
  const match = /^(-?\d+(?:\.\d+)?)\s*%$/.exec(text);
  if (match?.[1] === undefined) {
    const meant = meantPercent(text);
    const hint = meant === undefined ? "" : `; write ${meant}`;
    throw new RangeError(`"${text}" is not a percentage${hint}`);
  }
  return parseDecimal(match[1], 16);
}

/** Money from `minimum` cents up to what 2^48 - 1 cents hold. */
export function readMoney(field: Field | undefined, minimum = 0n): bigint | undefined {
  const maximum = (1n << 48n) - 1n;
  return readWith(
    field,
    (text) => {
      const cents = parseMoney(text);
      if (cents < minimum || cents > maximum) {
        throw new RangeError(
          `"${text}" is not from ${formatCents(minimum)} to ${formatCents(maximum)}`,
        );
      }
      return cents;
    },
    MONEY,
  );
}

function readPercent(
  field: Field | undefined,
  { minimum, maximum, range }: { minimum: bigint; maximum: bigint; range: string },
): bigint | undefined {
  return readWith(
    field,
    (text) => {
      const wad = parsePercent(text);
      if (wad < minimum || wad > maximum) throw new RangeError(`"${text}" is not ${range}`);
      return wad;
    },
    "a percentage such as 2.25 %",
  );
}

/** A rate from 0 % to 100 %: bounded, so that a slip of the point cannot empty a deal. */
export function readRate(field: Field | undefined): bigint | undefined {
  return readPercent(field, { minimum: 0n, maximum: WAD, range: "from 0 % to 100 %" });
}

/** What is added to an index; it may be below zero. */
export function readMargin(field: Field | undefined): bigint | undefined {
  return readPercent(field, { minimum: -WAD, maximum: WAD, range: "from -100 % to 100 %" });
}

/** A bound of a reported rate, as far as 64 bits hold it. */
export function readPercentBound(field: Field | undefined): bigint | undefined {
  const range = "from -900 % to 900 %";
  return readPercent(field, { minimum: -9n * WAD, maximum: 9n * WAD, range });
}
