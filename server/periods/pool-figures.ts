import { problem } from "../errors.ts";
import type { TapeDeal } from "../tapes/tape-deal.ts";
import { formatFigure } from "./describe-figures.ts";
import type { PoolStatistics } from "./calculate-pool-statistics.ts";

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
};

/**
 * The figures of the report in the order of the deal's figure table.
 * @throws Problem figure-out-of-bounds when a figure lies outside what the deal declares for it: such a
 *   report would be refused on chain
 */
export function poolFigures(deal: TapeDeal, statistics: PoolStatistics): bigint[] {
  return deal.figures.map(({ name, minimum, maximum }) => {
    const figure = FIGURES[name];
    if (figure === undefined) throw new Error(`a closed period has no figure ${name}`);
    const value = figure(statistics);
    if (value < minimum || value > maximum) {
      const bounds = {
        minimum: formatFigure(name, minimum),
        maximum: formatFigure(name, maximum),
      };
      throw problem("figure-out-of-bounds", {
        figure: name,
        value: formatFigure(name, value),
        ...bounds,
      });
    }
    return value;
  });
}
