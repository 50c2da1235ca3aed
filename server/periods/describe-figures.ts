/** A closed period's figures and statistics in the units and the order that a reader expects. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { findCatalogueFigure } from "../deals/figure-catalogue.ts";
import { DELINQUENCY_BUCKETS } from "../tapes/canonical-fields.ts";
import type { DealFigure } from "../tapes/tape-deal.ts";
import { MISSED_BUCKETS } from "./loan-states.ts";
import { NO_AMOUNTS } from "./pool-statistics.ts";
import { formatFigure } from "./figure-units.ts";

export const FigureSchema = Type.Object({
  figure: Type.String(),
  meaning: Type.String(),
  value: Type.Union([Type.String(), Type.Integer()], {
    description:
      "An amount as decimal text in the deal's currency, a rate as decimal text in percent, a count or " +
      "a flag as an integer. The signed report and the close hash hold the same as integers: amounts in " +
      "cents, rates of which 1e18 are 100 %.",
  }),
  unit: Type.Union([
    Type.Literal("money"),
    Type.Literal("count"),
    Type.Literal("rate"),
    Type.Literal("flag"),
  ]),
  source: Type.Union([Type.Literal("tape"), Type.Literal("servicer")], {
    description: "summed from the tape, or stated by the servicer who closed the period",
  }),
});
export type FigureView = Static<typeof FigureSchema>;

/**
 * The figures of a closed period by name, in the order of the deal's figure table.
 * @param stored integers as decimal text: cents, counts, 1e18 rates, 0 or 1
 */
export function describeFigures(
  figures: readonly DealFigure[],
  stored: readonly string[],
): FigureView[] {
  return figures.map((figure, i) => ({
    figure: figure.name,
    meaning: meaningOf(figure),
    value: formatFigure(figure.unit, BigInt(stored[i] ?? "0")),
    unit: figure.unit,
    source: figure.source,
  }));
}

const WRITTEN = { money: "", count: "", rate: ", in percent", flag: ", 1 is yes" } as const;

function meaningOf({ name, source, unit }: DealFigure): string {
  const meaning = findCatalogueFigure(name)?.meaning ?? `${name}${WRITTEN[unit]}`;
  return source === "servicer" ? `${meaning}, stated by the servicer` : meaning;
}

/** What a reader looks for first; jsonb gives the members back by length and letter. */
const ORDER = [
  ...["poolOpening", "poolClosing", "poolFactorWad", "loanCount", "rowCount", "amounts"],
  ...["cumulative", "cumulativeGrossLossWad", "cumulativeNetLossWad", "annualisedNetLossWad"],
  ...["severityWad", "cumulativeSeverityWad", "speeds", "delinquency", "delinquencyMba"],
  ...["delinquencyOts", "delinquent60", "delinquent60ShareWad", "prepaidInFull"],
  ...["chargedOffCount", "repossessedCount", "defaultedCount", "weightedRate"],
  ...["weightedRemainingTerm", "weightedOriginalTerm", "weightedAge", "weightedCreditScore"],
  ...["weightedLoanToValue", "tablesHash", "previousCloseHash"],
];
const AMOUNTS = Object.keys(NO_AMOUNTS);
const INNER: Readonly<Record<string, readonly string[]>> = {
  amounts: AMOUNTS,
  cumulative: AMOUNTS,
  speeds: ["smmWad", "cprWad", "absWad", "mdrWad", "cdrWad"],
  delinquency: DELINQUENCY_BUCKETS,
  delinquencyMba: MISSED_BUCKETS,
  delinquencyOts: MISSED_BUCKETS,
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
