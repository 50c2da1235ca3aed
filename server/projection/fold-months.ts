/** Months of a pool, folded into the collection periods of a deal that pays less often. */
import { FLOWS_BY_MONTH, openMonths } from "./project-collateral.ts";
import type { CollateralMonths } from "./project-collateral.ts";

/** What stands as a period ends, and what stood as it began; all else adds up over its months. */
const AT_THE_END: ReadonlySet<string> = new Set(["closing", "delinquent", "loans"]);
const AT_THE_START: ReadonlySet<string> = new Set(["performing", "accrued"]);

/**
 * One entry for every `count` months, the last one for what is left of them. `accrued` stays the
 * interest of one month on `performing`.
 */
export function foldMonths(pool: CollateralMonths, count: number): CollateralMonths {
  if (count === 1) return pool;
  const folded = openMonths(Math.ceil(pool.months / count), pool.openingCents);
  for (const flow of FLOWS_BY_MONTH) {
    const source = pool[flow];
    const sumOf = (first: number) =>
      source.subarray(first, first + count).reduce((sum, value) => sum + value, 0);
    folded[flow].forEach((_, period) => {
      const first = period * count;
      if (AT_THE_START.has(flow)) folded[flow][period] = source[first] ?? 0;
      else if (AT_THE_END.has(flow)) folded[flow][period] = source[first + count - 1] ?? 0;
      else folded[flow][period] = sumOf(first);
    });
  }
  return folded;
}
