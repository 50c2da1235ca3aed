import type { DealTerms } from "./deal-terms.ts";

/** First lane of each kind of state; `count` is the number of all lanes. */
export interface LaneLayout {
  accounts: number;
  fees: number;
  caps: number;
  ledgers: number;
  variables: number;
  /** Own lanes of the classes: deferred interest, carry-over, capitalised interest. */
  classes: number;
  triggers: number;
  series: number;
  count: number;
}

/** The counts that place a deal's state in lanes. */
export interface LaneCounts {
  accounts: number;
  fees: number;
  caps: number;
  ledgers: number;
  variables: number;
  /** Own lanes of all classes together. */
  classLanes: number;
  triggers: number;
  /** Depths of all series together. */
  seriesSlots: number;
}

/** Where each kind of state begins, in the pinned order. */
export function layOutLanes(counts: LaneCounts): LaneLayout {
  const fees = counts.accounts;
  const caps = fees + counts.fees;
  const ledgers = caps + counts.caps;
  const variables = ledgers + counts.ledgers;
  const classes = variables + counts.variables;
  const triggers = classes + counts.classLanes;
  const series = triggers + counts.triggers;
  const count = series + counts.seriesSlots;
  return { accounts: 0, fees, caps, ledgers, variables, classes, triggers, series, count };
}

/** The lane layout of compiled terms. */
export function laneLayoutOf(terms: DealTerms): LaneLayout {
  const classLanes = terms.classes.flatMap(({ lanes }) =>
    [lanes.deferred, lanes.carryOver, lanes.pik].filter((lane) => lane !== null),
  );
  return layOutLanes({
    accounts: terms.accounts.length,
    fees: terms.fees.length,
    caps: terms.caps.length,
    ledgers: terms.ledgers.length,
    variables: terms.variables.length,
    classLanes: classLanes.length,
    triggers: terms.triggers.length,
    seriesSlots: terms.series.reduce((sum, { depth }) => sum + depth, 0),
  });
}
