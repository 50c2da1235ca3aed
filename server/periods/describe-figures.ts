/** A closed period's figures and statistics in the units and the order that a reader expects. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { findCatalogueFigure } from "../deals/figure-catalogue.ts";
import { formatCents } from "../lib/money.ts";
import { DELINQUENCY_BUCKETS } from "../tapes/loan-month.ts";
import { NO_AMOUNTS } from "./calculate-pool-statistics.ts";

export const FigureSchema = Type.Object({
  figure: Type.String(),
  meaning: Type.String(),
  value: Type.Union([Type.String(), Type.Integer()], {
    description:
      "An amount as decimal text in the deal's currency, a count as an integer. The signed report " +
      "and the close hash hold the same as integers, amounts in cents.",
  }),
});
export type FigureView = Static<typeof FigureSchema>;

/** A figure of the report in its unit: 23956899n cents -> "239568.99", 12n loans -> 12. */
export function formatFigure(name: string, value: bigint): string | number {
  return findCatalogueFigure(name)?.unit === "count" ? Number(value) : formatCents(value);
}

/**
 * The figures of a closed period by name, in the order of the deal's figure table.
 * @param stored integers as decimal text: cents, or counts
 */
export function describeFigures(
  figures: readonly { name: string }[],
  stored: readonly string[],
): FigureView[] {
  return figures.map(({ name }, i) => ({
    figure: name,
    meaning: findCatalogueFigure(name)?.meaning ?? name,
    value: formatFigure(name, BigInt(stored[i] ?? "0")),
  }));
}

/** What a reader looks for first; jsonb gives the members back by length and letter. */
const ORDER = [
  ...["poolOpening", "poolClosing", "poolFactorWad", "loanCount", "rowCount", "amounts"],
  ...["cumulative", "cumulativeNetLossWad", "delinquency", "delinquent60", "prepaidInFull"],
  ...["chargedOffCount", "repossessedCount", "weightedRate", "weightedRemainingTerm"],
  ...["weightedOriginalTerm", "weightedAge", "weightedCreditScore", "previousCloseHash"],
];
const AMOUNTS = Object.keys(NO_AMOUNTS);
const INNER: Readonly<Record<string, readonly string[]>> = {
  amounts: AMOUNTS,
  cumulative: AMOUNTS,
  delinquency: DELINQUENCY_BUCKETS,
};

/** Stored statistics in reading order, delinquency from current to 120+; the values stay as they are. */
export function orderStatistics(
  statistics: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const ordered = Object.entries(inOrder(statistics, ORDER)).map(([name, value]) => {
    const order = INNER[name];
    return [name, order === undefined || !isRecord(value) ? value : inOrder(value, order)] as const;
  });
  return Object.fromEntries(ordered);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The members that `order` names first, then the others as they come. */
function inOrder(
  record: Readonly<Record<string, unknown>>,
  order: readonly string[],
): Record<string, unknown> {
  const known = order.filter((name) => name in record).map((name) => [name, record[name]]);
  return { ...(Object.fromEntries(known) as Record<string, unknown>), ...record };
}
