import assert from "node:assert/strict";
import type { CanonicalField } from "../../../../server/tapes/canonical-fields.ts";
import type { ReadSample } from "./read-sample.ts";

/** The figures that a sender of a tape states of it. */
export interface ControlFigures {
  rows: number;
  loans: number;
  terminated: number;
  delinquent: number;
  /** Dollars and cents; fields that are not named must state nothing or 0. */
  sums: Partial<Record<(typeof SUMMED)[number], string>>;
}

const SUMMED = [
  "beginningBalance",
  "principal",
  "interest",
  "otherAdjustment",
  "chargeOff",
  "recovery",
  "liquidationProceeds",
  "endingBalance",
] as const satisfies readonly CanonicalField[];

export function assertFigures({ rows, totals }: ReadSample, figures: ControlFigures): void {
  assert.deepEqual(
    {
      rows: totals.rows,
      loans: new Set(rows.map(({ loanId }) => loanId)).size,
      terminated: totals.terminated,
      delinquent: totals.delinquent,
      sums: SUMMED.map((field) => [field, totals.cents(field) ?? 0]),
    },
    {
      ...figures,
      sums: SUMMED.map((field) => [field, Math.round(Number(figures.sums[field] ?? 0) * 100)]),
    },
  );
}
