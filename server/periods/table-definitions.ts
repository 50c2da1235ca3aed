/** What the tables of a closed period show, and how they are worked out. */
export const TABLE_DEFINITIONS = {
  rollRates: {
    section: "2.3",
    definition:
      "Roll rate from i to j: Σ balance at the start of loans in i then and in j at the end / Σ balance at the " +
      "start of loans in i; the same with loans counted. Balances are measured at the start. A loan with a balance " +
      "stands in repossession or default where the tape says so, else in its bucket of days past due; without one " +
      "it stands in the status it ended with.",
  },
  flowRates: {
    section: "2.3",
    definition: "Flow rate: balance in bucket k at the end / balance in bucket k - 1 at the start.",
  },
  concentrations: {
    section: "2.4",
    definition:
      "Closing balance and loans by region, the largest first; share = Σ balance of the region / closing balance; " +
      "rate = Σ (balance × interest rate) / Σ balance over the loans that state it.",
  },
  vintages: {
    section: "2.3",
    definition:
      "By quarter of origination and months from its end: gross loss = Σ charge-offs since the cut-off, net loss = " +
      "Σ (charge-offs - recoveries - liquidation proceeds) since the cut-off; ratios are of the balance that entered: " +
      "at the cut-off, and of what was added since, with its loans and their original balance. Months on book = month of the period - last month of the quarter.",
  },
  stratification: {
    section: "2.4",
    definition:
      "Loans with a balance by bands of a field, from the lower bound on and below the upper one; share = Σ balance of " +
      "the band / closing balance; rate and term = Σ (balance × interest rate, remaining term) / Σ balance over the " +
      "loans that state it.",
  },
} as const;
