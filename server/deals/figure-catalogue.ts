/** The figures that a closed period of an auto deal can report, with their unit and meaning. */

export interface CatalogueFigure {
  name: string;
  unit: "money" | "count";
  /** Summed over the period, or as of its first or last day. */
  measures: "period" | "date";
  meaning: string;
}

export const FIGURE_CATALOGUE: readonly CatalogueFigure[] = [
  {
    name: "poolOpening",
    unit: "money",
    measures: "date",
    meaning: "pool balance at the start of the period",
  },
  {
    name: "poolClosing",
    unit: "money",
    measures: "date",
    meaning: "pool balance at the end of the period",
  },
  {
    name: "loanCount",
    unit: "count",
    measures: "date",
    meaning: "loans with a balance at the end of the period",
  },
  {
    name: "availableFunds",
    unit: "money",
    measures: "period",
    meaning: "cash of the period for distribution",
  },
  { name: "principal", unit: "money", measures: "period", meaning: "principal collected" },
  { name: "interest", unit: "money", measures: "period", meaning: "interest collected" },
  {
    name: "recoveries",
    unit: "money",
    measures: "period",
    meaning: "recovered on charged-off loans",
  },
  {
    name: "liquidationProceeds",
    unit: "money",
    measures: "period",
    meaning: "repossession proceeds",
  },
  {
    name: "chargeOffs",
    unit: "money",
    measures: "period",
    meaning: "principal charged off, gross",
  },
  {
    name: "otherAdjustments",
    unit: "money",
    measures: "period",
    meaning: "other principal adjustments, not cash",
  },
  {
    name: "delinquent60",
    unit: "money",
    measures: "date",
    meaning: "balance of loans 60 or more days past due",
  },
  {
    name: "prepaidInFull",
    unit: "count",
    measures: "period",
    meaning: "loans paid off before their term",
  },
];

export function findCatalogueFigure(name: string): CatalogueFigure | undefined {
  return FIGURE_CATALOGUE.find((figure) => figure.name === name);
}
