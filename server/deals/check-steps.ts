/** Steps against the terms of what they pay, test and capitalise. */
import type { DealFile, ProgramEntry } from "./deal-file.ts";
import type { Refuse } from "./deal-source.ts";
import { flattenSteps } from "./program-syntax.ts";
import type { NameNode, ParsedStep } from "./program-syntax.ts";

const placeOf = ({ line, column }: NameNode) => ({ line, column });

/** Only classes that capitalise may stand in a PIK. */
function checkCapitalisation(file: DealFile, step: ParsedStep, refuse: Refuse): void {
  for (const entry of step.list) {
    const found = file.classes.find(({ name }) => name === entry.text);
    if (found === undefined || found.capitalises) continue;
    const message = `class ${entry.text} does not capitalise; write capitalises: true in the class`;
    refuse(placeOf(entry), "not-capitalising", entry.text, message);
  }
}

/** INT … OF pays what an ordinary INT of the class leaves out. */
function checkPart(file: DealFile, step: ParsedStep, refuse: Refuse): void {
  const { part } = step;
  if (part === null) return;
  for (const entry of step.list) {
    const found = file.classes.find(({ name }) => name === entry.text);
    if (found === undefined) continue;
    const has = part === "deferred" ? found.defers : found.availableFundsCap !== null;
    const term = part === "deferred" ? "unpaidInterest: deferred" : "an availableFundsCap";
    if (!has) {
      const message = `class ${entry.text} has nothing ${part}; it has with the term ${term}`;
      refuse(placeOf(entry), "no-such-amount", entry.text, message);
    } else if (found.componentOrder.includes(part)) {
      const message = `an ordinary INT pays ${part} of class ${entry.text}; take it out of its componentOrder`;
      refuse(placeOf(entry), "paid-twice", entry.text, message);
    }
  }
}

function checkCapEach(file: DealFile, step: ParsedStep, refuse: Refuse): void {
  if (!step.capEach) return;
  for (const entry of step.list) {
    const fee = file.fees.find(({ name }) => name === entry.text);
    if (fee === undefined || fee.cap !== null) continue;
    const message = `fee ${entry.text} has no cap; write cap: … in the fee or leave CAP EACH out`;
    refuse(placeOf(entry), "cap-mismatch", entry.text, message);
  }
}

/** How often a trigger is tested at most on one way through the steps. */
function testsOnPath(steps: readonly ParsedStep[], trigger: string): number {
  return steps.reduce((count, step) => {
    if (step.operation === "IF") {
      const yes = testsOnPath(step.whenTrue, trigger);
      return count + Math.max(yes, testsOnPath(step.otherwise ?? [], trigger));
    }
    const tests = step.operation === "TEST" && step.destination?.text === trigger;
    return count + (tests ? 1 : 0);
  }, 0);
}

function testsIn({ steps }: ProgramEntry, trigger: string): ParsedStep[] {
  return flattenSteps(steps).filter(
    (step) => step.operation === "TEST" && step.destination?.text === trigger,
  );
}

/** A trigger tested within the steps stands in a program, at most once on any way through it. */
function checkTests(file: DealFile, refuse: Refuse): void {
  for (const { name, at, place } of file.triggers) {
    const tests = file.programs.flatMap((program) => testsIn(program, name));
    if (at === "within" && tests.length === 0) {
      const message = `no program tests ${name}; write \`TEST ${name}\` where it is to be tested, or when: after`;
      refuse(place, "not-tested", name, message);
    }
    if (at !== "within" && tests[0] !== undefined) {
      const message = `${name} is tested ${at} the steps; write when: within in the trigger`;
      refuse(tests[0], "not-tested", name, message);
    }
    for (const program of file.programs) {
      if (testsOnPath(program.steps, name) < 2) continue;
      const again = testsIn(program, name)[1] ?? program.place;
      refuse(again, "tested-twice", name, `${name} is tested twice in one run; leave one TEST`);
    }
  }
}

/** Complains of steps that the terms of a class, fee or trigger do not allow. */
export function checkSteps(file: DealFile, refuse: Refuse): void {
  for (const program of file.programs) {
    for (const step of flattenSteps(program.steps)) {
      if (step.operation === "PIK") checkCapitalisation(file, step, refuse);
      if (step.operation === "INT") checkPart(file, step, refuse);
      if (step.operation === "FEE") checkCapEach(file, step, refuse);
    }
  }
  checkTests(file, refuse);
}
