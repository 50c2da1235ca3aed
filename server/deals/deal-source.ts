/** The YAML text of a deal file with the place of everything in it, and what is wrong with it. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Scalar, YAMLMap } from "yaml";
import { instead as insteadOf } from "./suggest-instead.ts";

export interface Place {
  /** 1-based. */
  line: number;
  column: number;
}

/** One fault (or, as a warning, one doubt) of a deal file. */
export interface DealProblem extends Place {
  severity: "error" | "warning";
  /** Stable, kebab-case. */
  code: string;
  /** The text that is wrong, as written. */
  value: string;
  /** What is wrong and what to write instead. */
  message: string;
}

export interface DealSource {
  text: string;
  root: unknown;
  problems: DealProblem[];
  placeOf(node: unknown): Place;
}

/** A value of the file: its path (`classes.A.face`), its node and the place to point at. */
export interface Field {
  source: DealSource;
  path: string;
  node: unknown;
  place: Place;
}

/** What a fault of the YAML means for who writes a deal. */
function yamlMessage(code: string, message: string): string {
  if (code === "DUPLICATE_KEY") return "this name stands twice in its section; rename one";
  return (message.split(" at line ")[0] ?? message).trim();
}

/** A tab that indents a line: YAML's own faults about it are many and do not name it. */
function misplacedTabs(text: string, isBroken: boolean): DealProblem[] {
  if (!isBroken) return [];
  return text.split("\n").flatMap((line, i): DealProblem[] => {
    const column = /^ *\t/.exec(line)?.[0].length;
    if (column === undefined) return [];
    const message = "a tab indents this line; write spaces, as many as the lines around it have";
    return [{ line: i + 1, column, severity: "error", code: "tab", value: "", message }];
  });
}

/** What follows from the first fault of the syntax is not told; a repeated name is a fault of its own. */
const withoutEcho = <E extends { code: string }>(errors: readonly E[]): E[] => {
  const first = errors.find(({ code }) => code !== "DUPLICATE_KEY");
  return errors.filter((error) => error === first || error.code === "DUPLICATE_KEY");
};

/** Parses the YAML; syntax errors and repeated keys become problems. */
export function openDealSource(text: string): DealSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.2" });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems = withoutEcho(document.errors).map((error): DealProblem => ({
    ...at(error.pos[0]),
    severity: "error",
    code: "yaml",
    value: text.slice(error.pos[0], error.pos[1]).split("\n")[0] ?? "",
    message: yamlMessage(error.code, error.message),
  }));
  problems.push(...misplacedTabs(text, problems.length > 0));
  const placeOf = (node: unknown): Place => {
    const range = (node as { range?: [number, number, number] | null } | null)?.range;
    return at(range?.[0] ?? 0);
  };
  return { text, root: document.contents, problems, placeOf };
}

export interface Complaint {
  code: string;
  value: string;
  message: string;
}

/** Tells of an error between sections. */
export type Refuse = (place: Place, code: string, value: string, message: string) => void;

/** Records an error at a place. */
export function complain(source: DealSource, place: Place, complaint: Complaint): void {
  const { line, column } = place;
  source.problems.push({ line, column, severity: "error", ...complaint });
}

/** Records an error at a field, with the field's own text as the value. */
export function complainAt(field: Field, code: string, message: string): void {
  const value = isScalar(field.node) ? scalarText(field.node) : sourceText(field);
  complain(field.source, field.place, { code, value, message: `${field.path}: ${message}` });
}

/** The first line of a list or map as written. */
function sourceText({ source, node }: Field): string {
  const range = (node as { range?: [number, number, number] | null } | null)?.range;
  return range ? (source.text.slice(range[0], range[1]).split("\n")[0] ?? "").trim() : "";
}

/** The scalar exactly as written, so that no number passes through a float. */
function scalarText(scalar: Scalar): string {
  if (typeof scalar.value === "string") return scalar.value;
  return scalar.source ?? String(scalar.value);
}

/** Keys of a section: what each holds, in words that a message can quote; `?` marks optional. */
export type Keys = Readonly<Record<string, string>>;

export type Section = ReadonlyMap<string, Field>;

/** A map of named entries (classes, accounts …) in the file's order. */
export function readEntries(field: Field | undefined): Section {
  if (field === undefined) return new Map();
  if (!isMap(field.node)) {
    complainAt(field, "not-a-map", "write one `name: …` per line below it");
    return new Map();
  }
  const entries = new Map<string, Field>();
  for (const pair of field.node.items) {
    const key = isScalar(pair.key) ? scalarText(pair.key) : "";
    const place = field.source.placeOf(pair.key);
    const path = field.path === "" ? key : `${field.path}.${key}`;
    const node = pair.value;
    const inner = isScalar(node) || isSeq(node) ? field.source.placeOf(node) : place;
    entries.set(key, { source: field.source, path, node, place: inner });
  }
  return entries;
}

/** A map whose keys are known: refuses the unknown, reports the missing. */
export function readSection(field: Field | undefined, keys: Keys): Section {
  const entries = readEntries(field);
  if (field === undefined || !isMap(field.node)) return entries;
  const names = Object.keys(keys).map((key) => key.replace("?", ""));
  for (const [key, entry] of entries) {
    if (names.includes(key)) continue;
    complain(field.source, keyPlace(field, key) ?? entry.place, {
      code: "unknown-key",
      value: key,
      message: `${entry.path}: there is no such term; ${insteadOf(key, names)}known here: ${names.join(", ")}`,
    });
  }
  for (const [key, meaning] of Object.entries(keys)) {
    if (key.endsWith("?") || entries.has(key)) continue;
    const where = field.path === "" ? "the deal file" : field.path;
    complain(field.source, field.place, {
      code: "missing-term",
      value: key,
      message: `${where} lacks the term \`${key}\`; write ${meaning}`,
    });
  }
  return entries;
}

/** The key itself as a field, where keys are values (periods, dates). */
export function keyField(field: Field | undefined, name: string): Field | undefined {
  if (field === undefined || !isMap(field.node)) return undefined;
  const pair = field.node.items.find(({ key }) => isScalar(key) && scalarText(key) === name);
  if (pair === undefined) return undefined;
  return { ...field, node: pair.key, place: field.source.placeOf(pair.key) };
}

function keyPlace(field: Field, name: string): Place | undefined {
  const pairs = (field.node as YAMLMap).items;
  const pair = pairs.find(({ key }) => isScalar(key) && scalarText(key) === name);
  return pair && field.source.placeOf(pair.key);
}

/** The items of a list field. */
export function readList(field: Field | undefined): Field[] {
  if (field === undefined) return [];
  if (!isSeq(field.node)) {
    complainAt(field, "not-a-list", "write a list, `[a, b]` or one `- item` per line");
    return [];
  }
  return field.node.items.map((node, i) => ({
    source: field.source,
    path: `${field.path}[${i + 1}]`,
    node,
    place: field.source.placeOf(node),
  }));
}

/** The text of a scalar; undefined (and a problem) for anything else. */
export function readText(field: Field | undefined): string | undefined {
  if (field === undefined) return undefined;
  if (!isScalar(field.node) || field.node.value === null) {
    complainAt(field, "not-a-value", "write one value");
    return undefined;
  }
  return scalarText(field.node);
}

/** Reads a scalar with `parse`; a RangeError of it becomes a problem at the field's place. */
export function readWith<T>(
  field: Field | undefined,
  parse: (text: string) => T,
  instead: string,
): T | undefined {
  const text = readText(field);
  if (field === undefined || text === undefined) return undefined;
  try {
    return parse(text.trim());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // A reader that knows what was meant says so itself.
    const isTold = error.message.includes("; write ");
    complainAt(field, "bad-value", isTold ? error.message : `${error.message}; write ${instead}`);
    return undefined;
  }
}

/** One of a list of words. */
export function readChoice<T extends string>(
  field: Field | undefined,
  words: readonly T[],
): T | undefined {
  const choices = words.join(" | ");
  return readWith(
    field,
    (text) => {
      const word = words.find((choice) => choice === text);
      if (word === undefined) {
        const meant = insteadOf(text, words);
        const hint = meant === "" ? "" : `; ${meant}known: ${choices}`;
        throw new RangeError(`"${text}" is none of the words known here${hint}`);
      }
      return word;
    },
    `one of: ${choices}`,
  );
}

export function readBoolean(field: Field | undefined): boolean | undefined {
  const word = readChoice(field, ["true", "false"]);
  return word === undefined ? undefined : word === "true";
}

export interface Bounds {
  minimum: number;
  maximum: number;
}

/** A whole number within bounds. */
export function readWhole(field: Field | undefined, bounds: Bounds): number | undefined {
  const range = `a whole number from ${bounds.minimum} to ${bounds.maximum}`;
  return readWith(
    field,
    (text) => {
      const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      if (!(value >= bounds.minimum && value <= bounds.maximum)) {
        throw new RangeError(`"${text}" is not ${range}`);
      }
      return value;
    },
    range,
  );
}
