/** One scenario: what it assumes of the collateral, and what else the deal reads. */
import type { Assumptions } from "./assumptions.ts";

/** Values by period as written, the first period first; the last holds from then on. */
export type TextVector = readonly string[];

export interface Scenario {
  name: string;
  assumptions: Assumptions;
  /** The clean-up call is exercised at or below this share of the cut-off pool; null: never. */
  call: number | null;
  /** What a deal that buys collateral pays for it, as a share of par. */
  purchasePrice: number;
  /** Figures that the servicer states, by name, in the unit of the deal's figure. */
  figures: ReadonlyMap<string, TextVector>;
  /** Indices by name, in percent a year. */
  indices: ReadonlyMap<string, TextVector>;
  /** Notices by name: the first period in which each is in force. */
  notices: ReadonlyMap<string, number>;
}
