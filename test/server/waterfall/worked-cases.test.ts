import assert from "node:assert/strict";
import { test } from "node:test";
import { formatCents } from "../../../server/lib/money.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import { figuresOf, recordOf } from "./golden-deals.ts";
import { stateOf, terms, workedCases, type Amounts } from "./worked-cases.ts";

function byName(names: readonly string[], cents: (index: number) => bigint): Amounts {
  return Object.fromEntries(names.map((name, i) => [name, formatCents(cents(i))]));
}

const classNames = terms.classes.map(({ name }) => name);

for (const worked of workedCases.cases) {
  test(`worked case ${worked.name} of program (a) comes out to the cent`, () => {
    const run = runWaterfall({
      terms,
      state: stateOf(worked.phase),
      period: workedCases.period,
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
      workedCases.interestDue,
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
