/** Phases, their programs and what leads from one phase to another. */
import { isScalar } from "yaml";
import type { Scalar } from "yaml";
import type { PhaseEntry, ProgramEntry, TransitionEntry } from "./deal-file.ts";
import { complainAt, readChoice, readList, readSection, readText } from "./deal-source.ts";
import type { Field, Place } from "./deal-source.ts";
import { parseProgram } from "./parse-program.ts";
import { readExpression, readName, readNamed } from "./read-names.ts";
import { LIMITS } from "./terms-format.ts";

export const TRANSITION_KEYS = {
  from: "a phase, or any",
  to: "a phase",
  when: "a condition in program notation",
  clause: "the clause of the document",
  "at?": "before | after the steps (after without it)",
};

/** The lines of a block scalar (`|`), each with its place in the file. */
function readProgramLines(field: Field): { text: string; place: Place }[] {
  const scalar = field.node as Scalar;
  if (!isScalar(field.node) || scalar.type !== "BLOCK_LITERAL") {
    complainAt(field, "not-a-program", "write the program below the name as a block: `phase: |`");
    return [];
  }
  const fileLines = field.source.text.split("\n");
  return String(scalar.value)
    .split("\n")
    .map((text, i) => {
      const line = field.place.line + 1 + i;
      const written = (fileLines[line - 1] ?? "").replace(/\r$/, "");
      return { text, place: { line, column: Math.max(0, written.length - text.length) + 1 } };
    });
}

export function readPrograms(field: Field | undefined): ProgramEntry[] {
  return readNamed(field, LIMITS.phases, (name, entry) => ({
    name,
    place: entry.place,
    steps: parseProgram(entry.source, readProgramLines(entry)),
  }));
}

/** The phases; without the section each program is the phase of its name. */
export function readPhases(
  field: Field | undefined,
  programs: readonly ProgramEntry[],
): PhaseEntry[] {
  if (field === undefined) {
    return programs.map(({ name, place }) => ({ name, place, program: { text: name, ...place } }));
  }
  return readNamed(field, LIMITS.phases, (name, entry) => ({
    name,
    place: entry.place,
    program: readName(entry) ?? { text: "", ...entry.place },
  }));
}

export function readTransitions(field: Field | undefined): TransitionEntry[] {
  const items = readList(field);
  if (field !== undefined && items.length > LIMITS.transitions) {
    complainAt(
      field,
      "too-many",
      `${items.length} transitions; the limit is ${LIMITS.transitions}`,
    );
  }
  return items.flatMap((item) => {
    const section = readSection(item, TRANSITION_KEYS);
    const when = readExpression(section.get("when"));
    if (when === null) return [];
    const text = (key: string) => readText(section.get(key)) ?? "";
    const { place } = item;
    const placeOf = (key: string) => section.get(key)?.place ?? place;
    const places = { from: placeOf("from"), to: placeOf("to") };
    const at = readChoice(section.get("at"), ["before", "after"] as const) ?? "after";
    const names = { from: text("from"), to: text("to"), clause: text("clause") };
    return [{ place, places, when, at, ...names }];
  });
}
