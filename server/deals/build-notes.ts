/** What a deal file says beside what the engines read, as the notes of its terms. */
import { formatTimeOfDay } from "../lib/dates.ts";
import { describeCalendarRules } from "./describe-file.ts";
import type { AccrualBasis, DealFile, IndexEntry } from "./deal-file.ts";
import { MAX_NOTE_BYTES, UNIT_LETTERS, writeValue } from "./deal-notes.ts";
import type { UnitList, ValueUnit } from "./deal-notes.ts";
import type { ScheduleTerms } from "./deal-terms.ts";

/** What compiling collects beside the file: literals, bases and schedules in their final order. */
export interface Collected {
  units: readonly ValueUnit[];
  bases: readonly AccrualBasis[];
  schedules: readonly ScheduleTerms[];
}

function unitNote(list: UnitList, units: readonly ValueUnit[]): string[] {
  if (units.length === 0) return [];
  return [`units ${list} ${units.map((unit) => UNIT_LETTERS[unit]).join("")}`];
}

function unitNotes(file: DealFile, { units, schedules }: Collected): string[] {
  const reported = new Set(
    file.indices.filter(({ feed }) => feed === null).map(({ name }) => name),
  );
  const ofConstant = (name: string) => file.constants.find((entry) => entry.name === name)?.unit;
  const settable = file.constants.filter(({ value }) => value.kind === "settable");
  return [
    ...unitNote(
      "figures",
      file.figures.map(({ name, unit }) => (reported.has(name) ? "index" : unit)),
    ),
    ...unitNote("constants", units),
    // The schedule of a stepped coupon is no constant: it holds rates.
    ...unitNote(
      "schedules",
      schedules.map(({ name }) => ofConstant(name) ?? "rate"),
    ),
    ...unitNote(
      "variables",
      settable.map(({ unit }) => unit),
    ),
  ];
}

function fixingNotes(indices: readonly IndexEntry[]): string[] {
  return indices.flatMap(({ feed }) => {
    if (feed === null) return [];
    const { name, fixingBusinessDaysBefore: days, fixingSeconds: time } = feed;
    const at = time === null ? "at the time of the determination" : `at ${formatTimeOfDay(time)}`;
    return [`fixing ${name} ${days} business day${days === 1 ? "" : "s"} before accrual, ${at}`];
  });
}

/** `while ocTarget iff(trig.cnl, 5 %, 2 %)`: a constant that triggers change, as it compiles. */
function whileNotes(file: DealFile): string[] {
  return file.constants.flatMap(({ name, value, unit }) => {
    if (value.kind !== "while") return [];
    const formula = value.during.reduceRight(
      (rest, one) => `iff(trig.${one.trigger.text}, ${writeValue(one.value, unit)}, ${rest})`,
      writeValue(value.value, unit),
    );
    return [`while ${name} ${formula}`];
  });
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** The longest beginning of a text that fits a note. */
function cut(text: string): string {
  if (bytesOf(text) <= MAX_NOTE_BYTES) return text;
  const characters = Array.from(text);
  while (bytesOf(`${characters.join("")}…`) > MAX_NOTE_BYTES) characters.pop();
  return `${characters.join("")}…`;
}

/**
 * The notes of a deal in a fixed order: equal files give equal notes. A name that is too long for a
 * note is cut; a formula that is too long is left out, and reads as what it compiles to.
 */
export function buildNotes(file: DealFile, collected: Collected): string[] {
  const names = [
    `title ${file.name}`,
    `currency ${file.currency}`,
    ...file.parties.map(({ name, title }) => `party ${name} ${title}`),
    ...describeCalendarRules(file.calendar).map((rule) => `calendar ${rule.trim()}`),
    ...fixingNotes(file.indices),
  ];
  const formulas = whileNotes(file).filter((note) => bytesOf(note) <= MAX_NOTE_BYTES);
  const bases = collected.bases.map((basis) => `basis ${basis.dayCount} ${basis.accrualDates}`);
  return [...names.map(cut), ...bases, ...unitNotes(file, collected), ...formulas];
}
