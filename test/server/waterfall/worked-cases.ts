/** The worked cases of program (a): one deal, one state before, three sets of figures. */
import { parseCents } from "../../../server/lib/money.ts";
import type { WaterfallState } from "../../../server/waterfall/waterfall-state.ts";
import { compileGolden, readGoldenJson } from "./golden-deals.ts";

export type Amounts = Record<string, string>;

interface WorkedCase {
  name: string;
  phase: string;
  figures: Amounts;
  named: Amounts;
  steps: Amounts;
  payees: Amounts;
  feesUnpaid: Amounts;
  interestPaid: Amounts;
  balances: Amounts;
  reserve: string;
}

interface WorkedCases {
  period: number;
  before: { lastPeriod: number; balances: Amounts; accounts: Amounts; capsUsed: Amounts };
  interestDue: Amounts;
  cases: WorkedCase[];
}

export const workedCases = readGoldenJson<WorkedCases>("program-a/cases.json");
export const { bytes, terms } = compileGolden("program-a");

/** The state that all three cases start from, in the phase of the case. */
export function stateOf(phase: string): WaterfallState {
  const { before } = workedCases;
  const amounts = (list: readonly { name: string }[], named: Amounts) =>
    list.map(({ name }) => parseCents(named[name] ?? "0"));
  return {
    phase: terms.phases.findIndex(({ name }) => name === phase),
    lastPeriod: before.lastPeriod,
    classes: amounts(terms.classes, before.balances).map((balance) => ({
      balance,
      shortfall: 0n,
      shortfallInterest: 0n,
      written: 0n,
    })),
    accounts: amounts(terms.accounts, before.accounts),
    feesUnpaid: terms.fees.map(() => 0n),
    capsUsed: amounts(terms.caps, before.capsUsed),
  };
}
