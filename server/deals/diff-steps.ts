/** Two priorities of payments, step by step. */
import { alignLists } from "./align-lists.ts";
import type { DealTerms, PhaseTerms } from "./deal-terms.ts";
import { describeStep } from "./describe-step.ts";

/** A step as it reads, with what it can be recognised by when its words have changed. */
interface ReadStep {
  /** 1-based, within its program. */
  number: number;
  words: string;
  operation: string;
  label: string | null;
  clause: string;
}

function readSteps(terms: DealTerms, { firstStep, stepCount }: PhaseTerms): ReadStep[] {
  return terms.steps.slice(firstStep, firstStep + stepCount).map((step, i) => ({
    number: i + 1,
    words: `${describeStep(terms, firstStep + i)}${step.label === null || step.operation === "LET" ? "" : ` (${step.label})`}. [${step.clause}]`,
    operation: step.operation,
    label: step.label,
    clause: step.clause,
  }));
}

/** The same step with other words: it has the same name, or does the same under the same clause. */
function isChangedInto(before: ReadStep, after: ReadStep): boolean {
  if (before.operation !== after.operation) return false;
  if (before.label !== null && before.label === after.label) return true;
  return before.clause === after.clause && (before.label === null || after.label === null);
}

function diffSteps(before: readonly ReadStep[], after: readonly ReadStep[]): string[] {
  const aligned = alignLists(before, after, (a, b) => a.words === b.words);
  const added = aligned.flatMap((pair) => (pair.before === null && pair.after ? [pair.after] : []));
  const taken = new Set<ReadStep>();
  const take = (test: (step: ReadStep) => boolean) => {
    const found = added.find((step) => !taken.has(step) && test(step));
    if (found !== undefined) taken.add(found);
    return found;
  };
  const gone = aligned.flatMap((pair) => (pair.after === null && pair.before ? [pair.before] : []));
  const moved = new Map(gone.map((step) => [step, take(({ words }) => words === step.words)]));
  const changed = new Map(
    gone.map((step) => [step, moved.get(step) ?? take((other) => isChangedInto(step, other))]),
  );
  return aligned.flatMap(({ before: was, after: is }): string[] => {
    if (was !== null && is !== null) return [];
    if (was === null) {
      return is === null || taken.has(is) ? [] : [`  added    ${is.number}. ${is.words}`];
    }
    const now = changed.get(was);
    if (now === undefined) return [`  removed  ${was.number}. ${was.words}`];
    if (now.words === was.words)
      return [`  moved    ${was.number}. to ${now.number}. ${was.words}`];
    return [`  changed  ${was.number}. ${was.words}`, `       to  ${now.number}. ${now.words}`];
  });
}

/** What differs in the programs of two deals, phase by phase; phases that share a program once. */
export function diffPrograms(before: DealTerms, after: DealTerms): string[] {
  const groups = new Map<string, { phases: string[]; was: PhaseTerms; is: PhaseTerms }>();
  for (const was of before.phases) {
    const is = after.phases.find(({ name }) => name === was.name);
    if (is === undefined) continue;
    const key = `${was.firstStep} ${is.firstStep}`;
    const group = groups.get(key) ?? { phases: [], was, is };
    group.phases.push(was.name);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ phases, was, is }) => {
    const lines = diffSteps(readSteps(before, was), readSteps(after, is));
    const heading = `Priority of payments in the phase${phases.length === 1 ? "" : "s"} ${phases.join(", ")}`;
    return lines.length === 0 ? [] : ["", heading, ...lines];
  });
}
