/** The figures and the hash of a closed period: what the approver signs over. */
import { canonicalJson } from "../lib/canonical-json.ts";
import { keccak256 } from "../lib/keccak.ts";
import type { TapeDeal } from "../tapes/tape-deal.ts";
import type { Tape } from "../tapes/tapes-queries.ts";
import type { ClosedPeriod } from "./periods-queries.ts";
import { poolFigures } from "./pool-figures.ts";
import type { PoolPicture, Roll } from "./pool-statistics.ts";
import { statisticsJson } from "./statistics-json.ts";

export interface CloseFacts {
  tape: Tape;
  /** Of the closed period before; in the first the root of the cut-off tape. */
  previousCloseHash: string;
  picture: PoolPicture;
  stated: ReadonlyMap<string, bigint>;
}

export type FrozenPeriod = Omit<ClosedPeriod, "version" | "closed_by" | "closed_at" | "reason">;

/** @throws Problem figure-out-of-bounds, identity-broken */
export function freezePeriod(
  deal: TapeDeal,
  { tape, previousCloseHash, picture, stated }: CloseFacts,
): FrozenPeriod {
  const figures = poolFigures(deal, picture.statistics, stated).map(String);
  const statedFigures = Object.fromEntries([...stated].map(([name, value]) => [name, `${value}`]));
  const frozen = {
    ...statisticsJson(picture.statistics),
    tablesHash: hashTables(picture),
    previousCloseHash,
  };
  const preimage = canonicalJson({
    schema: "penstock-closed-period/2",
    deal: deal.id,
    period: tape.period,
    tapeContentHash: tape.content_hash,
    treeHash: tape.tree_hash,
    figures,
    // Which of them are the servicer's word; absent where all of them are the tape's.
    ...(stated.size === 0 ? {} : { statedFigures }),
    statistics: frozen,
  });
  return {
    deal_id: deal.id,
    period: tape.period,
    tape_id: tape.id,
    close_hash: hash(preimage),
    figures,
    stated_figures: statedFigures,
    statistics: frozen,
  };
}

const hash = (text: string): string => `0x${keccak256(Buffer.from(text)).toString("hex")}`;

/**
 * Roll rates (by state before, then after), concentrations (by rank) and vintages (by quarter) stand under
 * the close's hash by the keccak256 of their canonical JSON, amounts in cents.
 */
function hashTables({ rolls, concentrations, vintages }: PoolPicture): string {
  const place = ({ before, after }: Roll): string => `${before}\n${after}`;
  const sorted = rolls.toSorted((left, right) => (place(left) < place(right) ? -1 : 1));
  return hash(
    canonicalJson({
      rollRates: sorted.map((roll) => ({ ...roll })),
      concentrations: concentrations.map((concentration) => ({ ...concentration })),
      vintages: vintages.map((point) => ({ ...point })),
    }),
  );
}
