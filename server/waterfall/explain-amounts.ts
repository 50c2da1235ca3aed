/** Every amount of a run by its address, each with the tree of its explanation. Pure. */
import type { DealFile } from "../deals/deal-file.ts";

import type { Operation } from "../deals/terms-format.ts";
import type { Amount } from "./explain-node.ts";
import { figureOf } from "./explain-openings.ts";
import { phaseAfter } from "./explain-phase.ts";
import { explainReading } from "./explain-readings.ts";
import { classResults, feeResults, payeeResult } from "./explain-results.ts";
import { accountAt, capUsedAt, ledgerAt } from "./explain-running.ts";
import { recordedNow, variableAt } from "./explain-series.ts";
import { dueOf, paidOf, paymentOf } from "./explain-steps.ts";
import { AFTER_STEPS, AT_THE_END, listMovements, NO_SOURCES } from "./explain-story.ts";
import type { InputSources, RunStory } from "./explain-story.ts";
import { lastTest, sideOf, triggerAt } from "./explain-triggers.ts";
import type { WaterfallInput, WaterfallRun } from "./run-waterfall.ts";

export interface ToldRun {
  input: WaterfallInput;
  run: WaterfallRun;
  /** For units, and to say where a constant stands. */
  file?: DealFile | null;
  sources?: InputSources;
}

/** Lays a run out for its explanation. */
export function tellStory({ input, run, file = null, sources = NO_SOURCES }: ToldRun): RunStory {
  const { terms } = input;
  const firstStep = terms.phases[run.phaseRun]?.firstStep ?? 0;
  return {
    input,
    run,
    terms,
    file,
    sources,
    firstStep,
    movements: listMovements(terms, firstStep, run.records),
    explain: { reading: explainReading, paid: paidOf, payment: paymentOf, trigger: triggerAt },
  };
}

const WITHOUT_DUE: ReadonlySet<Operation> = new Set(["ELSE", "LET"]);
const WITHOUT_PAID: ReadonlySet<Operation> = new Set(["LET", "IF", "ELSE", "TEST", "SET"]);

function stepAmounts(story: RunStory): Amount[] {
  return story.run.records.flatMap(({ operation, index }) => [
    ...(WITHOUT_DUE.has(operation) ? [] : [dueOf(story, index)]),
    ...(WITHOUT_PAID.has(operation) ? [] : [paidOf(story, index)]),
  ]);
}

function namedAmounts(story: RunStory): Amount[] {
  return story.run.records
    .filter(({ operation }) => operation === "LET")
    .map(({ index }) => dueOf(story, index));
}

function triggerAmounts(story: RunStory): Amount[] {
  return story.terms.triggers.flatMap(({ denominator }, i) => {
    const test = lastTest(story, i);
    const sides = test === null ? [] : [sideOf(story, test, "numerator")];
    if (test !== null && denominator !== null) sides.push(sideOf(story, test, "denominator"));
    if (test !== null) sides.push(sideOf(story, test, "threshold"));
    return [triggerAt(story, i, AT_THE_END), ...sides];
  });
}

/** The conditions of transitions that were judged, as they stand in the phase's explanation. */
function transitionAmounts(story: RunStory): Amount[] {
  const inputs = (amount: Amount): Amount[] => [
    ...(amount.formula()?.inputs ?? []).filter(({ unit }) => unit === "flag" || unit === "phase"),
  ];
  const direct = inputs(phaseAfter(story));
  return [...direct, ...direct.filter(({ unit }) => unit === "phase").flatMap(inputs)].filter(
    ({ address }) => address?.startsWith("transitions.") === true,
  );
}

function stateAmounts(story: RunStory): Amount[] {
  const { terms, run } = story;
  return [
    ...terms.accounts.map((_, i) => accountAt(story, i, AFTER_STEPS)),
    ...terms.caps.map((_, i) => capUsedAt(story, i, AFTER_STEPS)),
    ...terms.ledgers.map((_, i) => ledgerAt(story, i, AFTER_STEPS)),
    ...terms.variables.map((_, i) =>
      variableAt(story, i, { reader: AT_THE_END, value: run.state.variables[i] ?? 0n }),
    ),
    ...terms.series.map((_, i) => recordedNow(story, i)),
  ];
}

/** The report's figures and the fixings, so that they can be asked for by name. */
function inputAmounts(story: RunStory): Amount[] {
  const { terms, input, run } = story;
  const values = [...input.figures, ...run.extras];
  return values.map((value, i) => {
    const figure = figureOf(story, i, value);
    const fixing = terms.indices[i - terms.figures.length]?.name;
    const name = terms.figures[i]?.name;
    if (name !== undefined) return { ...figure, address: `figures.${name}` };
    return { ...figure, address: fixing === undefined ? "purchasePrice" : `indices.${fixing}` };
  });
}

/** Every amount that has an address, in the order in which an auditor reads a period. */
export function listAmounts(story: RunStory): Amount[] {
  const { terms } = story;
  const phase = phaseAfter(story);
  return [
    phase,
    ...transitionAmounts(story),
    ...triggerAmounts(story),
    ...inputAmounts(story),
    ...namedAmounts(story),
    ...stepAmounts(story),
    ...terms.classes.flatMap((_, i) => classResults(story, i)),
    ...terms.fees.flatMap((_, i) => feeResults(story, i)),
    ...stateAmounts(story),
    ...terms.payees.map((_, i) => payeeResult(story, i)),
  ];
}

/** The amount of an address; undefined where the run has none. */
export function findAmount(story: RunStory, address: string): Amount | undefined {
  return listAmounts(story).find((amount) => amount.address === address);
}
