/** Figures as people write them: money, counts, rates in percent, flags. */
import type { FigureUnit } from "../deals/deal-file.ts";
import {
  formatCents,
  formatPercent,
  parseCents,
  parseDecimal,
  PERCENT_DECIMALS,
} from "../lib/money.ts";

const WRITTEN: Readonly<Record<FigureUnit, { as: string; pattern: RegExp }>> = {
  money: { as: 'an amount with two decimals such as "123.45"', pattern: /^-?\d{1,16}\.\d{2}$/ },
  count: { as: 'a whole number such as "12"', pattern: /^\d{1,15}$/ },
  rate: { as: 'a rate in percent such as "4.35066"', pattern: /^-?\d{1,4}(\.\d{1,16})?$/ },
  flag: { as: '"0" or "1"', pattern: /^[01]$/ },
};

/** How a figure of a unit is to be written. */
export function describeUnit(unit: FigureUnit): string {
  return WRITTEN[unit].as;
}

/** "123.45" -> 12345n cents; "12" -> 12n; "4.35066" percent -> 43506600000000000n; null when it is not of the unit. */
export function parseFigure(unit: FigureUnit, text: string): bigint | null {
  if (!WRITTEN[unit].pattern.test(text)) return null;
  if (unit === "money") return parseCents(text);
  return unit === "rate" ? parseDecimal(text, PERCENT_DECIMALS) : BigInt(text);
}

/** 23956899n cents -> "239568.99", 12n -> 12, 43506600000000000n -> "4.35066" percent. */
export function formatFigure(unit: FigureUnit, value: bigint): string | number {
  if (unit === "money") return formatCents(value);
  return unit === "rate" ? formatPercent(value) : Number(value);
}
