/** The worked cases of program (a): one deal, one state before, three sets of figures. */
import { parseCents } from "../../../server/lib/money.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
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
  const opening = openingState(terms);
  const balances = amounts(terms.classes, before.balances);
  return {
    ...opening,
    phase: terms.phases.findIndex(({ name }) => name === phase),
    lastPeriod: before.lastPeriod,
    classes: opening.classes.map((state, i) => ({ ...state, balance: balances[i] ?? 0n })),
    accounts: amounts(terms.accounts, before.accounts),
    capsUsed: amounts(terms.caps, before.capsUsed),
  };
}
