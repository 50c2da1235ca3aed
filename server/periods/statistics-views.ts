/** What closed periods say of their pools, as the API shows it: schemas, values as people write them. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { nullable } from "../http/nullable.ts";
import { parseMonth } from "../lib/dates.ts";
import { formatCents, formatDecimal, formatPercent } from "../lib/money.ts";
import { monthOfPeriod } from "../tapes/tape-deal.ts";
import type { TapeDeal } from "../tapes/tape-deal.ts";
import { monthsOnBook, nameQuarter } from "./build-vintages.ts";
import { ratioWad } from "./calculate-speeds.ts";
import { LOAN_STATES } from "./loan-states.ts";
import type { ClosedPeriod } from "./periods-queries.ts";
import type { Concentration, Roll, VintagePoint } from "./pool-statistics.ts";
import type { Statistic, StatisticUnit } from "./statistic.ts";
import type { Stratification } from "./stratify-period.ts";
import { TABLE_DEFINITIONS } from "./table-definitions.ts";

const text = (description: string) => Type.String({ description });
const Money = text("decimal text, exact to the cent");
const Share = nullable(text("percent, all digits of an 1e18 integer, cut"));
const Count = Type.Integer();
const ofClose = {
  deal: Type.String(),
  period: Type.Integer({ description: "1 is the first collection period" }),
  month: text("collection month, YYYY-MM"),
  version: Type.Integer({ description: "of the close" }),
  closeHash: Type.String(),
};
const defined = { definition: text("what it is and how it is worked out") };

const DefinitionSchema = Type.Object({
  figure: Type.String(),
  unit: text("money, count, percent, months, points or factor"),
  ...defined,
  formula: Type.String(),
});
const Value = Type.Union([Type.String(), Type.Integer(), Type.Null()], {
  description: "decimal text in the unit, a count as an integer; null where it has no value",
});
export const StatisticsSchema = Type.Object({
  ...ofClose,
  items: Type.Array(Type.Object({ ...DefinitionSchema.properties, value: Value })),
});
export const SeriesSchema = Type.Object({
  deal: Type.String(),
  figures: Type.Array(DefinitionSchema),
  items: Type.Array(
    Type.Object({
      period: Type.Integer(),
      month: Type.String(),
      version: Type.Integer(),
      values: Type.Record(Type.String(), Value),
    }),
  ),
});
export const RollRatesSchema = Type.Object({
  ...ofClose,
  ...defined,
  items: Type.Array(
    Type.Object({
      before: Type.String(),
      after: Type.String(),
      loans: Count,
      balanceBefore: Money,
      balanceAfter: Money,
      loanRate: Share,
      balanceRate: Share,
    }),
  ),
  flows: Type.Object({
    ...defined,
    items: Type.Array(Type.Object({ before: Type.String(), after: Type.String(), rate: Share })),
  }),
});
export const ConcentrationsSchema = Type.Object({
  ...ofClose,
  ...defined,
  regions: Type.Integer({ description: "of the pool, shown or not" }),
  items: Type.Array(
    Type.Object({
      rank: Type.Integer(),
      region: nullable(Type.String()),
      loans: Count,
      balance: Money,
      balanceShare: Share,
      cumulativeShare: Share,
      rate: Share,
    }),
  ),
});
export const VintagesSchema = Type.Object({
  deal: Type.String(),
  ...defined,
  items: Type.Array(
    Type.Object({
      quarter: nullable(text("of origination, such as 2017-Q2; null for loans that do not say")),
      month: Type.String(),
      monthsOnBook: nullable(Type.Integer()),
      loans: Count,
      balance: Money,
      enteredLoans: Count,
      entered: Money,
      original: Money,
      grossLoss: Money,
      netLoss: Money,
      grossLossRatio: Share,
      netLossRatio: Share,
    }),
  ),
});
export const StratificationSchema = Type.Object({
  ...ofClose,
  ...defined,
  by: Type.String(),
  bands: text("the bounds, each the first value of its band; empty: each value by itself"),
  items: Type.Array(
    Type.Object({
      band: Type.String(),
      loans: Count,
      balance: Money,
      balanceShare: Share,
      rate: Share,
      term: nullable(text("months")),
    }),
  ),
});

/** 113615128...n -> "11.3615128..." of the unit; counts as numbers. */
export function formatStatistic(unit: StatisticUnit, value: bigint | null): string | number | null {
  if (value === null) return null;
  if (unit === "money") return formatCents(value);
  if (unit === "count") return Number(value);
  if (unit === "percent") return formatPercent(value);
  return formatDecimal(value, 18).replace(/\.?0+$/, "");
}

const percent = (wad: bigint | null): string | null => (wad === null ? null : formatPercent(wad));
const share = (part: bigint, whole: bigint): string | null => percent(ratioWad(part, whole));

export function viewDefinition({ name, unit, definition, formula }: Statistic) {
  return { figure: name, unit, definition, formula };
}

/** What every answer about one close begins with. */
export function viewClose(deal: TapeDeal, closed: ClosedPeriod) {
  return {
    deal: deal.id,
    period: closed.period,
    month: monthOfPeriod(deal, closed.period),
    version: closed.version,
    closeHash: closed.close_hash,
  };
}

export function viewTable(name: keyof typeof TABLE_DEFINITIONS) {
  return { definition: TABLE_DEFINITIONS[name].definition };
}

const order = (state: string): number => (LOAN_STATES as readonly string[]).indexOf(state);

export function viewRolls(rolls: readonly Roll[]): Static<typeof RollRatesSchema>["items"] {
  const starts = new Map<string, { loans: bigint; balance: bigint }>();
  for (const { before, loanCount, balanceBeforeCents } of rolls) {
    const start = starts.get(before) ?? { loans: 0n, balance: 0n };
    start.loans += BigInt(loanCount);
    start.balance += balanceBeforeCents;
    starts.set(before, start);
  }
  const sorted = rolls.toSorted(
    (left, right) =>
      order(left.before) - order(right.before) || order(left.after) - order(right.after),
  );
  return sorted.map(({ before, after, loanCount, balanceBeforeCents, balanceAfterCents }) => {
    const start = starts.get(before) ?? { loans: 0n, balance: 0n };
    return {
      before,
      after,
      loans: loanCount,
      balanceBefore: formatCents(balanceBeforeCents),
      balanceAfter: formatCents(balanceAfterCents),
      loanRate: share(BigInt(loanCount), start.loans),
      balanceRate: share(balanceBeforeCents, start.balance),
    };
  });
}

/** Balance in each bucket at the end over that of the bucket before at the start. */
export function viewFlows(
  rolls: readonly Roll[],
): Static<typeof RollRatesSchema>["flows"]["items"] {
  const buckets = LOAN_STATES.slice(0, 6);
  const sum = (of: (roll: Roll) => bigint): bigint =>
    rolls.reduce((all, roll) => all + of(roll), 0n);
  return buckets.slice(1).map((after, i) => {
    const before = buckets[i] ?? "current";
    const end = sum((roll) => (roll.after === after ? roll.balanceAfterCents : 0n));
    const start = sum((roll) => (roll.before === before ? roll.balanceBeforeCents : 0n));
    return { before, after, rate: share(end, start) };
  });
}

/** @param closing balance of the whole pool */
export function viewConcentrations(
  concentrations: readonly Concentration[],
  closing: bigint,
): Static<typeof ConcentrationsSchema>["items"] {
  let upTo = 0n;
  return concentrations.map(({ rank, region, loanCount, balanceCents, rateWad }) => {
    upTo += balanceCents;
    return {
      ...{ rank, region, loans: loanCount, balance: formatCents(balanceCents) },
      balanceShare: share(balanceCents, closing),
      cumulativeShare: share(upTo, closing),
      rate: percent(rateWad),
    };
  });
}

export function viewVintage(
  deal: TapeDeal,
  { period, ...point }: VintagePoint & { period: number },
): Static<typeof VintagesSchema>["items"][number] {
  const month = monthOfPeriod(deal, period);
  const { quarter, enteredCents } = point;
  return {
    quarter: quarter === null ? null : nameQuarter(quarter),
    month,
    monthsOnBook: quarter === null ? null : monthsOnBook(quarter, parseMonth(month)),
    loans: point.loanCount,
    balance: formatCents(point.balanceCents),
    enteredLoans: point.enteredCount,
    entered: formatCents(enteredCents),
    original: formatCents(point.originalCents),
    grossLoss: formatCents(point.grossLossCents),
    netLoss: formatCents(point.netLossCents),
    grossLossRatio: share(point.grossLossCents, enteredCents),
    netLossRatio: share(point.netLossCents, enteredCents),
  };
}

export function viewStrata(
  { strata }: Stratification,
  closing: bigint,
): Static<typeof StratificationSchema>["items"] {
  return strata.map(({ band, loanCount, balanceCents, rateWad, termWad }) => ({
    band,
    loans: loanCount,
    balance: formatCents(BigInt(balanceCents)),
    balanceShare: share(BigInt(balanceCents), closing),
    rate: percent(rateWad === null ? null : BigInt(rateWad)),
    term: termWad === null ? null : String(formatStatistic("months", BigInt(termWad))),
  }));
}
