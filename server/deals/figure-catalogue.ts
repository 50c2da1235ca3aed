/** The figures that a closed period can report, with their unit and meaning. */

export interface CatalogueFigure {
  name: string;
  unit: "money" | "count";
  /** Summed over the period, or as of its first or last day. */
  measures: "period" | "date";
  meaning: string;
  /** Summed from the tape only where the deal says `source: tape`; else it is a name as any other. */
  onRequest?: true;
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
  ...onRequest("money", "period", {
    fees: "fees and other amounts collected",
    scheduledPrincipal: "principal that the loans' schedules ask for",
    prepaidPrincipal: "principal prepaid, a payoff whole",
    repurchases: "paid for loans that were bought back",
    servicerAdvances: "advanced by the servicer",
    additions: "balances that entered the pool",
    netLosses: "charge-offs less recoveries and liquidation proceeds",
    defaultedBalance:
      "opening balance of loans that came to be defaulted, charged off or liquidated",
  }),
  ...onRequest("money", "date", {
    cumulativeChargeOffs: "principal charged off since the cut-off",
    cumulativeNetLosses: "net losses since the cut-off",
    delinquent30: "balance of loans 30 or more days past due",
    delinquent90: "balance of loans 90 or more days past due",
  }),
  ...onRequest("count", "period", { chargedOffCount: "loans charged off" }),
  ...onRequest("count", "date", { repossessedCount: "loans in repossession or foreclosure" }),
];

function onRequest(
  unit: CatalogueFigure["unit"],
  measures: CatalogueFigure["measures"],
  meanings: Readonly<Record<string, string>>,
): CatalogueFigure[] {
  return Object.entries(meanings).map(([name, meaning]) => ({
    ...{ name, unit, measures, meaning },
    onRequest: true,
  }));
}

export function findCatalogueFigure(name: string): CatalogueFigure | undefined {
  return FIGURE_CATALOGUE.find((figure) => figure.name === name);
}
