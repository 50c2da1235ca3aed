/** The figures that a closed period of an auto deal can report, with their unit and meaning. */

export interface CatalogueFigure {
  name: string;
  unit: "money" | "count";
  meaning: string;
}

export const FIGURE_CATALOGUE: readonly CatalogueFigure[] = [
  { name: "poolOpening", unit: "money", meaning: "pool balance at the start of the period" },
  { name: "poolClosing", unit: "money", meaning: "pool balance at the end of the period" },
  { name: "loanCount", unit: "count", meaning: "loans with a balance at the end of the period" },
  { name: "availableFunds", unit: "money", meaning: "cash of the period for distribution" },
  { name: "principal", unit: "money", meaning: "principal collected" },
  { name: "interest", unit: "money", meaning: "interest collected" },
  { name: "recoveries", unit: "money", meaning: "recovered on charged-off loans" },
  { name: "liquidationProceeds", unit: "money", meaning: "repossession proceeds" },
  { name: "chargeOffs", unit: "money", meaning: "principal charged off, gross" },
  { name: "otherAdjustments", unit: "money", meaning: "other principal adjustments, not cash" },
  { name: "delinquent60", unit: "money", meaning: "balance of loans 60 or more days past due" },
  { name: "prepaidInFull", unit: "count", meaning: "loans paid off before their term" },
];

export function findCatalogueFigure(name: string): CatalogueFigure | undefined {
  return FIGURE_CATALOGUE.find((figure) => figure.name === name);
}
