import { FLAG } from "../deals/terms-format.ts";
import type { RunMemory } from "./run-memory.ts";
import { cutToLane } from "./waterfall-state.ts";

/** What goes in is cut to this, so that the products of the walk stay within 256 bits on chain. */
const LARGEST = 1n << 63n;

/**
 * Principal, paid to the classes of the mask in their order, that lowers the interest due until
 * N / interest >= tn/td: each class whose whole interest is needed is repaid in full, the last one
 * in proportion, rounded up. Cents; the need is never rounded between.
 */
export function cureInterestCoverage(
  memory: RunMemory,
  mask: number,
  [numerator, tn, td]: readonly [bigint, bigint, bigint],
): bigint {
  if (numerator < 0n || tn < 0n || td < 0n) {
    memory.flags |= FLAG.NEGATIVE;
    return 0n;
  }
  const cut = (value: bigint) => {
    if (value <= LARGEST) return value;
    memory.flags |= FLAG.OVERFLOW;
    return LARGEST;
  };
  const [income, up, down] = [cut(numerator), cut(tn), cut(td)];
  const classes = memory.dueAtStart.flatMap((interest, i) =>
    (mask >> i) & 1 ? [{ interest, balance: cutToLane(memory.balances[i] ?? 0n) }] : [],
  );
  const interest = classes.reduce((sum, entry) => sum + entry.interest, 0n);
  let need = interest * up - income * down;
  let cure = 0n;
  for (const entry of classes) {
    if (need <= 0n) break;
    const saved = entry.interest * up;
    if (saved === 0n) continue;
    cure += need >= saved ? entry.balance : (need * entry.balance + saved - 1n) / saved;
    need = need >= saved ? need - saved : 0n;
  }
  return cure;
}
