import { mulDivDown, mulDivHalfUp } from "../lib/mul-div.ts";
import type { SplitRounding } from "../deals/terms-format.ts";

const minimum = (a: bigint, b: bigint) => (a < b ? a : b);

export interface Split {
  /** Cents to give. */
  cash: bigint;
  /** Most that each payee can take, cents. */
  demands: readonly bigint[];
  /** Shares; a payee of weight 0 gets nothing. */
  weights: readonly bigint[];
  rounding: SplitRounding;
}

interface Live {
  index: number;
  demand: bigint;
  weight: bigint;
}

/**
 * Splits cash by weight, nobody above its demand: whoever a share fills is filled and dropped, and
 * the rest is split again. Exact: the parts sum to min(cash, what the live payees can take). At most
 * one pass per payee. The rounding of the last pass is a term of the deal.
 */
export function splitCash({ cash, demands, weights, rounding }: Split): bigint[] {
  const pay = demands.map(() => 0n);
  let left = minimum(
    cash,
    demands.reduce((sum, demand) => sum + demand, 0n),
  );
  let live: Live[] = demands
    .map((demand, index) => ({ index, demand, weight: weights[index] ?? 0n }))
    .filter(({ demand, weight }) => demand > 0n && weight > 0n);
  while (left > 0n && live.length > 0) {
    const total = live.reduce((sum, { weight }) => sum + weight, 0n);
    const round = left;
    const full = live.filter(({ demand, weight }) => mulDivDown(round, weight, total) >= demand);
    if (full.length === 0) {
      placeRest(pay, live, { cash: round, total, rounding });
      return pay;
    }
    for (const { index, demand } of full) {
      pay[index] = demand;
      left -= demand;
    }
    live = live.filter((payee) => !full.includes(payee));
  }
  return pay;
}

interface LastPass {
  cash: bigint;
  total: bigint;
  rounding: SplitRounding;
}

/** The pass in which nobody is filled: every payee still has at least one cent of room. */
function placeRest(pay: bigint[], live: readonly Live[], pass: LastPass): void {
  const { cash, total, rounding } = pass;
  if (rounding === "cumulative half-up") {
    let weightSoFar = 0n;
    let cutSoFar = 0n;
    for (const { index, weight } of live) {
      weightSoFar += weight;
      const cut = mulDivHalfUp(cash, weightSoFar, total);
      pay[index] = cut - cutSoFar;
      cutSoFar = cut;
    }
    return;
  }
  let rest = cash;
  for (const { index, weight } of live) {
    const share = mulDivDown(cash, weight, total);
    pay[index] = share;
    rest -= share;
  }
  const order = rounding === "floor, rest to first" ? live : live.toReversed();
  for (const { index, demand } of order) {
    const more = minimum(rest, demand - (pay[index] ?? 0n));
    pay[index] = (pay[index] ?? 0n) + more;
    rest -= more;
  }
}
