import assert from "node:assert/strict";
import { test } from "node:test";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { formatCents, parseCents } from "../../../server/lib/money.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import type { WaterfallState } from "../../../server/waterfall/waterfall-state.ts";
import { compileGolden, figuresOf, readGoldenJson, recordOf } from "./golden-deals.ts";

type Amounts = Record<string, string>;

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

const golden = readGoldenJson<WorkedCases>("program-a/cases.json");
const { terms } = compileGolden("program-a");

/** The state that all three cases start from, in the phase of the case. */
function stateOf(terms: DealTerms, phase: string): WaterfallState {
  const { before } = golden;
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

function byName(names: readonly string[], cents: (index: number) => bigint): Amounts {
  return Object.fromEntries(names.map((name, i) => [name, formatCents(cents(i))]));
}

const classNames = terms.classes.map(({ name }) => name);

for (const worked of golden.cases) {
  test(`worked case ${worked.name} of program (a) comes out to the cent`, () => {
    const run = runWaterfall({
      terms,
      state: stateOf(terms, worked.phase),
      period: golden.period,
      figures: figuresOf(terms, worked.figures),
      chainDealId: 1n,
    });
    const { classes, payees, state } = run;
    const labelled = (labels: Amounts, field: "demand" | "paid") =>
      Object.fromEntries(
        Object.keys(labels).map((label) => [
          label,
          formatCents(recordOf(terms, run, label)[field]),
        ]),
      );
    assert.deepEqual(
      byName(classNames, (i) => classes[i]?.interestDue ?? 0n),
      golden.interestDue,
    );
    assert.deepEqual(labelled(worked.named, "demand"), worked.named);
    assert.deepEqual(labelled(worked.steps, "paid"), worked.steps);
    assert.deepEqual(
      byName(terms.payees, (i) => payees[i] ?? 0n),
      worked.payees,
    );
    const fees = terms.fees.map(({ name }) => name);
    assert.deepEqual(
      byName(fees, (i) => state.feesUnpaid[i] ?? 0n),
      worked.feesUnpaid,
    );
    assert.deepEqual(
      byName(classNames, (i) => classes[i]?.interestPaid ?? 0n),
      worked.interestPaid,
    );
    assert.deepEqual(
      byName(classNames, (i) => state.classes[i]?.balance ?? 0n),
      worked.balances,
    );
    assert.equal(formatCents(state.accounts[1] ?? 0n), worked.reserve);
    assert.equal(run.flags, 0);
  });
}
