import { problem } from "../errors.ts";
import type { TapeDeal } from "../tapes/tape-deal.ts";
import type { PoolStatistics } from "./pool-statistics.ts";
import { formatFigure } from "./figure-units.ts";

/** The figures that a closed period offers to a deal's report, in cents or as counts. */
const FIGURES: Readonly<Record<string, (statistics: PoolStatistics) => bigint>> = {
  poolOpening: ({ poolOpening }) => poolOpening,
  poolClosing: ({ poolClosing }) => poolClosing,
  loanCount: ({ loanCount }) => BigInt(loanCount),
  availableFunds: ({ amounts }) => amounts.availableFunds,
  principal: ({ amounts }) => amounts.principal,
  interest: ({ amounts }) => amounts.interest,
  recoveries: ({ amounts }) => amounts.recoveries,
  liquidationProceeds: ({ amounts }) => amounts.liquidationProceeds,
  chargeOffs: ({ amounts }) => amounts.chargeOffs,
  otherAdjustments: ({ amounts }) => amounts.otherAdjustments,
  delinquent60: ({ delinquent60 }) => delinquent60,
  prepaidInFull: ({ prepaidInFull }) => BigInt(prepaidInFull),
  fees: ({ amounts }) => amounts.fees,
  scheduledPrincipal: ({ amounts }) => amounts.scheduledPrincipal,
  prepaidPrincipal: ({ amounts }) => amounts.prepaidPrincipal,
  repurchases: ({ amounts }) => amounts.repurchases,
  servicerAdvances: ({ amounts }) => amounts.servicerAdvances,
  additions: ({ amounts }) => amounts.additions,
  netLosses: ({ amounts }) => amounts.netLoss,
  defaultedBalance: ({ amounts }) => amounts.defaultedBalance,
  cumulativeChargeOffs: ({ cumulative }) => cumulative.chargeOffs,
  cumulativeNetLosses: ({ cumulative }) => cumulative.netLoss,
  delinquent30: (statistics) =>
    statistics.delinquent60 + statistics.delinquency["30-59"].balanceCents,
  delinquent90: ({ delinquency }) =>
    delinquency["90-119"].balanceCents + delinquency["120+"].balanceCents,
  chargedOffCount: ({ chargedOffCount }) => BigInt(chargedOffCount),
  repossessedCount: ({ repossessedCount }) => BigInt(repossessedCount),
};

/**
 * The figures of the report in the order of the deal's figure table.
 * @param stated what the servicer stated, by name
 * @throws Problem figure-out-of-bounds when a figure lies outside what the deal declares for it: such a
 *   report would be refused on chain; identity-broken likewise
 */
export function poolFigures(
  deal: TapeDeal,
  statistics: PoolStatistics,
  stated: ReadonlyMap<string, bigint>,
): bigint[] {
  const figures = readFigures(deal, statistics, stated);
  requireIdentities(deal, figures);
  return figures;
}

/** The deal's identities hold, or its registry would refuse the report. @throws Problem identity-broken */
function requireIdentities(
  { figures: named, identities }: TapeDeal,
  figures: readonly bigint[],
): void {
  for (const addends of identities) {
    const positions = addends.map(({ figure }) => named.findIndex(({ name }) => name === figure));
    const difference = addends.reduce((sum, { subtracted }, i) => {
      const value = figures[positions[i] ?? 0] ?? 0n;
      return subtracted ? sum - value : sum + value;
    }, 0n);
    if (difference === 0n) continue;
    const side = (of: boolean) =>
      addends.flatMap(({ figure, subtracted }) => (subtracted === of ? [figure] : [])).join(" + ");
    const unit = named[positions[0] ?? 0]?.unit ?? "money";
    throw problem("identity-broken", {
      identity: `${side(false)} == ${side(true)}`,
      difference: formatFigure(unit, difference),
    });
  }
}

function readFigures(
  deal: TapeDeal,
  statistics: PoolStatistics,
  stated: ReadonlyMap<string, bigint>,
): bigint[] {
  return deal.figures.map(({ name, unit, minimum, maximum }) => {
    const value = stated.get(name) ?? FIGURES[name]?.(statistics);
    if (value === undefined) throw new Error(`a closed period has no figure ${name}`);
    if (value < minimum || value > maximum) {
      const bounds = {
        minimum: formatFigure(unit, minimum),
        maximum: formatFigure(unit, maximum),
      };
      throw problem("figure-out-of-bounds", {
        figure: name,
        value: formatFigure(unit, value),
        ...bounds,
      });
    }
    return value;
  });
}
