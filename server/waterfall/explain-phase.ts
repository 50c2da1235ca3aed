/** Why the deal is in its phase: the phase before, SET steps, and each transition that was judged. */
import { FLAG } from "../deals/terms-format.ts";
import { explainExpression } from "./explain-expression.ts";
import { amountOf, say } from "./explain-node.ts";
import type { Amount, Formula } from "./explain-node.ts";
import {
  AFTER_STEPS,
  BEFORE_STEPS,
  monthOfPeriod,
  nameStep,
  stepTermsOf,
} from "./explain-story.ts";
import type { Reader, RunStory } from "./explain-story.ts";
import type { Derivation } from "./run-memory.ts";

const quoted = ({ terms }: RunStory, phase: number): string =>
  `'${terms.phases[phase]?.name ?? phase}'`;

function phaseBefore(story: RunStory): Amount {
  const { lastPeriod, phase } = story.input.state;
  const month = monthOfPeriod(story, lastPeriod);
  return amountOf({
    key: "phase.before",
    name: "phase before",
    value: BigInt(phase),
    valueText: quoted(story, phase),
    unit: "phase",
    words: "phase in which the period began",
    source:
      lastPeriod === 0
        ? { kind: "opening balance", words: "the first phase of the deal" }
        : {
            kind: "opening balance",
            words: `as period ${lastPeriod} (${month}) left it`,
            period: month,
            amount: "phase",
          },
  });
}

/** One transition that was judged. */
function transitionOf(story: RunStory, derived: Derivation): Amount {
  const transition = story.terms.transitions[derived.index];
  const to = story.terms.phases[transition?.to ?? 0]?.name ?? "";
  const at = derived.at === "before" ? BEFORE_STEPS : AFTER_STEPS;
  const held = derived.value === 0n ? "does not hold" : "holds";
  return amountOf({
    key: `transition.${derived.index}`,
    name: `transition ${derived.index + 1}`,
    address: `transitions.${derived.index + 1}`,
    value: derived.value,
    unit: "flag",
    words: `the condition to go to ${to} ${held}`,
    clause: transition?.clause ?? null,
    source: { kind: "transition", words: `to ${to}, judged ${derived.at} the steps` },
    formula: () =>
      explainExpression(story, {
        tokens: transition?.when ?? [],
        readings: derived.readings,
        position: -1,
        reader: { at, by: "transition", index: derived.index },
      }),
  });
}

/** `iff(transition 1, 'EARLY', iff(transition 2, 'ACCELERATED', phase before))`. */
function chain(story: RunStory, at: "before" | "after", start: Amount): Formula {
  const judged = story.run.derivations.filter((one) => one.of === "transition" && one.at === at);
  return judged.reduceRight<Formula>(
    (otherwise, derived) => {
      const to = quoted(story, story.terms.transitions[derived.index]?.to ?? 0);
      return say`iff(${transitionOf(story, derived)}, ${to}, ${otherwise})`;
    },
    say`${start}`,
  );
}

/** The phase whose program ran. */
function phaseRun(story: RunStory): Amount {
  const before = phaseBefore(story);
  const { phaseRun: phase } = story.run;
  const judged = story.run.derivations.some(
    (one) => one.of === "transition" && one.at === "before",
  );
  if (!judged) return before;
  return amountOf({
    key: "phase.run",
    name: "phase",
    value: BigInt(phase),
    valueText: quoted(story, phase),
    unit: "phase",
    words: "phase whose program ran",
    source: { kind: "transition", words: "transitions judged before the steps" },
    formula: () => chain(story, "before", before),
  });
}

/** The last SET of the phase before a moment. */
function phaseSet(story: RunStory, at: number, modes: readonly string[]): Amount | null {
  const step = story.run.records.findLastIndex(
    ({ operation, flags }, i) =>
      operation === "SET" &&
      i < at &&
      (flags & FLAG.SKIPPED) === 0 &&
      modes.includes(stepTermsOf(story, i).mode),
  );
  if (step === -1) return null;
  const { destination, clause } = stepTermsOf(story, step);
  return amountOf({
    key: `phase.set.${step}`,
    name: "phase set",
    value: BigInt(destination),
    valueText: quoted(story, destination),
    unit: "phase",
    words: `set by ${nameStep(story, step)}`,
    clause,
    source: { kind: "step", words: nameStep(story, step) },
  });
}

/** The phase register as an expression reads it. */
export function phaseAt(story: RunStory, reader: Reader): Amount {
  if (reader.at < 0) return phaseBefore(story);
  return phaseSet(story, reader.at, ["NOW"]) ?? phaseRun(story);
}

/** The phase in which the next run begins. */
export function phaseAfter(story: RunStory): Amount {
  const { phaseAfter: phase } = story.run;
  const start = phaseSet(story, AFTER_STEPS, ["PHASE", "NOW"]) ?? phaseRun(story);
  return amountOf({
    key: "phase.after",
    name: "phase after",
    address: "phase",
    value: BigInt(phase),
    valueText: quoted(story, phase),
    unit: "phase",
    words: "phase of the deal after the run",
    source: { kind: "transition", words: "steps and transitions of this run" },
    formula: () => chain(story, "after", start),
  });
}
