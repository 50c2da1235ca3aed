/** Origination quarters over the life of a deal: what is left of each, and what it has lost. Pure. */
import type { VintagePoint } from "./pool-statistics.ts";
import type { PoolCell } from "./pool-statistics-queries.ts";

/**
 * Each origination quarter at the end of a period, oldest first, loans that do not say last.
 * @param before the same at the end of the period before; null in the first period, whose opening
 *   balances are those of the cut-off
 */
export function buildVintages(
  cells: readonly PoolCell[],
  before: readonly VintagePoint[] | null,
): VintagePoint[] {
  const points = new Map<number | null, VintagePoint>();
  for (const point of before ?? []) {
    points.set(point.quarter, { ...point, loanCount: 0, balanceCents: 0n });
  }
  for (const cell of cells) {
    const point = points.get(cell.quarter) ?? emptyPoint(cell.quarter);
    const losses = cell.chargeOff - cell.recovery - cell.liquidationProceeds;
    const isFirst = before === null;
    points.set(cell.quarter, {
      quarter: cell.quarter,
      loanCount: point.loanCount + Number(cell.loans),
      balanceCents: point.balanceCents + cell.live,
      enteredCount:
        point.enteredCount + Number(cell.loansAdded) + (isFirst ? Number(cell.loansAtOpening) : 0),
      enteredCents: point.enteredCents + cell.additions + (isFirst ? cell.opening : 0n),
      originalCents:
        point.originalCents + cell.originalAdded + (isFirst ? cell.originalAtOpening : 0n),
      grossLossCents: point.grossLossCents + cell.chargeOff,
      netLossCents: point.netLossCents + losses,
    });
  }
  const order = (quarter: number | null): number => quarter ?? Number.POSITIVE_INFINITY;
  return [...points.values()].toSorted((left, right) =>
    order(left.quarter) < order(right.quarter) ? -1 : 1,
  );
}

function emptyPoint(quarter: number | null): VintagePoint {
  return {
    quarter,
    ...{ loanCount: 0, balanceCents: 0n, enteredCount: 0, enteredCents: 0n, originalCents: 0n },
    ...{ grossLossCents: 0n, netLossCents: 0n },
  };
}

/** Months from the end of a vintage's quarter to the end of a period; below 0 while it goes on. */
export function monthsOnBook(quarter: number, month: number): number {
  return month - (quarter * 3 + 2);
}

/** 8069 -> "2017-Q2". */
export function nameQuarter(quarter: number): string {
  return `${Math.floor(quarter / 4)}-Q${(quarter % 4) + 1}`;
}
