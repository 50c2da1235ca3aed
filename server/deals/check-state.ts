/** Triggers, constants that they change, phases and accounts that receive figures. */
import type { DealFile, TriggerEntry } from "./deal-file.ts";
import type { Refuse } from "./deal-source.ts";
import { known } from "./expression-scope.ts";

function checkTrigger(trigger: TriggerEntry, refuse: Refuse): void {
  const { name, place, smoothing, smoothingPlace, at, decimals, denominator, clause } = trigger;
  if (smoothing.kind !== "none" && at === "within") {
    const message = `${name} looks at several periods, so it is tested before or after the steps; write when: after`;
    refuse(smoothingPlace, "not-tested", name, message);
  }
  if (decimals !== null && denominator === null) {
    const message = `${name} compares an amount, which has no decimals to round to; leave decimals out`;
    refuse(place, "bad-value", name, message);
  }
  if (clause.trim() === "") {
    refuse(
      place,
      "clause-missing",
      name,
      `trigger ${name} lacks its clause; write clause: 5.01(a)`,
    );
  }
}

/** The triggers of `while` exist. */
function checkWhile(file: DealFile, refuse: Refuse): void {
  const triggers = file.triggers.map(({ name }) => name);
  for (const { name, value } of file.constants) {
    if (value.kind !== "while") continue;
    for (const { trigger } of value.during) {
      if (triggers.includes(trigger.text)) continue;
      const message = `constant ${name}: there is no trigger \`${trigger.text}\`; known: ${known(triggers)}`;
      refuse(trigger, "unknown-name", trigger.text, message);
    }
  }
}

function checkPrograms(file: DealFile, refuse: Refuse): void {
  for (const { name, place } of file.programs) {
    if (file.phases.some(({ program }) => program.text === name)) continue;
    const message = `no phase runs program ${name}; name it in phases or take it out`;
    refuse(place, "unused-program", name, message);
  }
}

/** What an account receives is an amount of money, and not what the others share already. */
function checkReceives(file: DealFile, refuse: Refuse): void {
  const seen = new Set<string>();
  for (const { name, receives } of file.accounts) {
    if (receives === null) continue;
    const figure = file.figures.find((entry) => entry.name === receives.text);
    if (figure !== undefined && figure.unit !== "money") {
      const message = `${name} receives ${receives.text}, which is a ${figure.unit}; name a figure of money`;
      refuse(receives, "wrong-unit", receives.text, message);
    }
    if (seen.has(receives.text)) {
      const message = `two accounts receive ${receives.text}; give each its own figure`;
      refuse(receives, "repeated-name", receives.text, message);
    }
    seen.add(receives.text);
  }
}

export function checkState(file: DealFile, refuse: Refuse): void {
  for (const trigger of file.triggers) checkTrigger(trigger, refuse);
  checkWhile(file, refuse);
  checkPrograms(file, refuse);
  checkReceives(file, refuse);
}
