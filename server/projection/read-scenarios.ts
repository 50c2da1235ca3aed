/** A scenarios file, YAML or JSON -> the scenarios to run, the grid multiplied out. Pure. */
import { isMap } from "yaml";
import type { DealProblem, Field, Section } from "../deals/deal-source.ts";
import {
  complain,
  complainAt,
  openDealSource,
  readEntries,
  readList,
  readSection,
  readText,
  readWhole,
} from "../deals/deal-source.ts";
import {
  ASSUMPTION_KEYS,
  alternativesOf,
  buildAssumptions,
  callOf,
  mergeSettings,
  purchasePriceOf,
  readSetting,
  readSettings,
  readTextVector,
} from "./read-assumptions.ts";
import type { Setting, Settings } from "./read-assumptions.ts";
import type { Scenario, TextVector } from "./scenario.ts";

const SCENARIOS_SCHEMA = "penstock-scenarios/1";
const MOST_SCENARIOS = 100_000;

export interface ScenariosFile {
  /** The pool file that it names, relative to itself; null without one. */
  pool: string | null;
  scenarios: Scenario[];
}

export interface ScenariosReading {
  /** Null when there is an error. */
  file: ScenariosFile | null;
  problems: DealProblem[];
}

const OTHER_KEYS = {
  "figures?": "figures of the deal that the servicer states: `{ ysoc: [100.00, 90.00] }`",
  "index?": "indices in percent: `{ SOFR30: 4.35 }`",
  "notices?": "notices with the first period in which they are in force: `{ acceleration: 12 }`",
};
const FILE_KEYS = {
  "schema?": "the version of this file's form",
  "pool?": "the pool file, relative to this one",
  "assume?": "what every scenario assumes unless it says otherwise",
  "scenarios?": "a list of scenarios",
  "grid?": "lists of values by assumption; every combination is one scenario",
};

/** A scenario before the grid: what it sets, and what it gives the deal to read. */
interface Draft {
  name: string;
  settings: Settings;
  given: Pick<Scenario, "figures" | "indices" | "notices">;
}

/** Reads a scenarios file. All faults come back at once; `file` is null when there is one. */
export function readScenarios(text: string): ScenariosReading {
  const source = openDealSource(text);
  const root: Field = { source, path: "", node: source.root, place: { line: 1, column: 1 } };
  if (!isMap(source.root)) return refuseWhole(root);
  const section = readSection(root, FILE_KEYS);
  checkSchema(root, section.get("schema"));
  const common = readDraft(section.get("assume"), "");
  const listed = readList(section.get("scenarios")).map((field, i) =>
    inherit(common, readDraft(field, `scenario ${i + 1}`)),
  );
  const drafts = section.has("scenarios") ? listed : [common];
  const points = readGrid(section.get("grid"));
  checkCount(root, drafts.length * points.length);
  const pool = readText(section.get("pool"))?.trim() ?? null;
  if (source.problems.length > 0) return { file: null, problems: source.problems };
  const scenarios = drafts.flatMap((draft) => points.map((point) => buildScenario(draft, point)));
  checkNames(root, scenarios);
  const file = source.problems.length > 0 ? null : { pool, scenarios };
  return { file, problems: source.problems };
}

/** What is no map of terms lacks every term: that is one fault. */
function refuseWhole(root: Field): ScenariosReading {
  const { source } = root;
  if (source.problems.length === 0) {
    const message = `the scenarios file is no map of terms; begin it with \`schema: ${SCENARIOS_SCHEMA}\``;
    complain(source, root.place, { code: "not-a-map", value: "", message });
  }
  return { file: null, problems: source.problems };
}

function checkSchema(root: Field, field: Field | undefined): void {
  if (field === undefined) {
    const message = `the scenarios file does not say its schema; write \`schema: ${SCENARIOS_SCHEMA}\``;
    complain(root.source, root.place, { code: "missing-term", value: "schema", message });
    return;
  }
  const text = readText(field);
  if (text === undefined || text === SCENARIOS_SCHEMA) return;
  complainAt(field, "bad-value", `write \`${SCENARIOS_SCHEMA}\``);
}

function checkCount(root: Field, count: number): void {
  if (count > 0 && count <= MOST_SCENARIOS) return;
  const message =
    count === 0
      ? "there is no scenario; write `scenarios`, `grid` or both"
      : `${count} scenarios; the limit is ${MOST_SCENARIOS}`;
  complain(root.source, root.place, { code: "bad-count", value: `${count}`, message });
}

/** Results are told apart by name. */
function checkNames(root: Field, scenarios: readonly Scenario[]): void {
  const seen = new Set<string>();
  for (const { name } of scenarios) {
    if (seen.has(name)) {
      const message = `two scenarios are called \`${name}\`; give each a name of its own`;
      complain(root.source, root.place, { code: "repeated-name", value: name, message });
      return;
    }
    seen.add(name);
  }
}

function readDraft(field: Field | undefined, otherwise: string): Draft {
  const keys = { "name?": "its name", ...ASSUMPTION_KEYS, ...OTHER_KEYS };
  const section = readSection(field, keys);
  const name = readText(section.get("name"))?.trim() ?? otherwise;
  const given = {
    figures: readVectors(section, "figures"),
    indices: readVectors(section, "index"),
    notices: readNotices(section),
  };
  return { name, settings: readSettings(section), given };
}

function readVectors(section: Section, key: string): Map<string, TextVector> {
  const entries = [...readEntries(section.get(key))];
  return new Map(entries.map(([name, field]) => [name, readTextVector(field)]));
}

function readNotices(section: Section): Map<string, number> {
  const entries = [...readEntries(section.get("notices"))];
  return new Map(
    entries.map(([name, field]) => [name, readWhole(field, { minimum: 1, maximum: 9999 }) ?? 1]),
  );
}

function inherit(common: Draft, draft: Draft): Draft {
  return {
    name: draft.name,
    settings: mergeSettings(common.settings, draft.settings),
    given: {
      figures: new Map([...common.given.figures, ...draft.given.figures]),
      indices: new Map([...common.given.indices, ...draft.given.indices]),
      notices: new Map([...common.given.notices, ...draft.given.notices]),
    },
  };
}

/** The cross product of the grid's lists; one empty point without a grid. */
function readGrid(field: Field | undefined): Settings[] {
  const section = readSection(field, ASSUMPTION_KEYS);
  let points: Map<string, Setting>[] = [new Map()];
  for (const [key, axis] of section) {
    const clash = alternativesOf(key).find((other) => section.has(other));
    if (clash !== undefined) {
      const message = `a grid has one of \`${key}\` and \`${clash}\``;
      complain(axis.source, axis.place, { code: "two-speeds", value: key, message });
      return [new Map()];
    }
    const values = readList(axis).flatMap((item) => readSetting(key, item) ?? []);
    if (values.length === 0) complainAt(axis, "empty-list", "write a list of values");
    if (points.length * values.length > MOST_SCENARIOS) {
      complainAt(axis, "too-many", `the grid has more than ${MOST_SCENARIOS} scenarios`);
      return [new Map()];
    }
    points = points.flatMap((point) => values.map((value) => new Map([...point, [key, value]])));
  }
  return points;
}

function buildScenario(draft: Draft, point: Settings): Scenario {
  const settings = mergeSettings(draft.settings, point);
  const place = [...point].map(([key, { text }]) => `${key} ${text}`).join(", ");
  const name = [draft.name, place].filter((part) => part !== "").join(": ");
  return {
    name: name === "" ? "base" : name,
    assumptions: buildAssumptions(settings),
    call: callOf(settings),
    purchasePrice: purchasePriceOf(settings),
    ...draft.given,
  };
}
