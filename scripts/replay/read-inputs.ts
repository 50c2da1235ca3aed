/** The text of an inputs file -> its periods, or everything that is wrong with it, with places. */
import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { Settings } from "typebox/system";
import { Value } from "typebox/value";
import { Inputs, type InputsFile } from "./inputs-schema.ts";

/** Where something stands in the file: keys and positions from the root. */
export type InputPath = readonly (string | number)[];

export interface InputFault {
  path: InputPath;
  /** What is wrong and what to write instead. */
  message: string;
}

/** An inputs file as read, with the means to point into it. */
export interface InputsSource {
  inputs: InputsFile;
  /** `line:column` of the value at a path, 1-based. */
  placeOf(path: InputPath): string;
}

/** An inputs file that cannot be run; the message lists every fault, one a line. */
export class InputsError extends Error {
  override readonly name = "InputsError";
}

const LISTED = 20;

/** `periods[3].expected.paid.regular`, positions counted from 1 as people count. */
function formatPath(path: InputPath): string {
  const parts = path.map((part) => (typeof part === "number" ? `[${part + 1}]` : `.${part}`));
  return parts.length === 0 ? "the file" : parts.join("").replace(/^\./, "");
}

/** @throws InputsError naming the file, the place and the path of every fault */
export function refuseInputs(
  name: string,
  placeOf: InputsSource["placeOf"],
  faults: readonly InputFault[],
): void {
  if (faults.length === 0) return;
  const lines = faults
    .slice(0, LISTED)
    .map(({ path, message }) => `${name}:${placeOf(path)}: ${formatPath(path)}: ${message}`);
  if (faults.length > LISTED) lines.push(`and ${faults.length - LISTED} more`);
  throw new InputsError(lines.join("\n"));
}

type Document = ReturnType<typeof parseDocument>;

/** JSON is YAML, and the YAML reader knows where everything stands. */
function placer(document: Document, lines: LineCounter): InputsSource["placeOf"] {
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  return (path) => {
    const node = (length: number): unknown => document.getIn(path.slice(0, length), true);
    for (let length = path.length; length >= 0; length -= 1) {
      const parent = length === 0 ? undefined : node(length - 1);
      const pair = isMap(parent)
        ? parent.items.find(({ key }) => isScalar(key) && key.value === path[length - 1])
        : undefined;
      const found = pair?.key ?? (length === 0 ? document.contents : node(length));
      const range = (found as { range?: [number, number, number] | null } | undefined)?.range;
      if (range) return at(range[0]);
    }
    return "1:1";
  };
}

/** Node says where JSON breaks off in long texts only; the YAML reader, whose JSON is a part, always. */
function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
    const lines = new LineCounter();
    const [fault] = parseDocument(text, { lineCounter: lines }).errors;
    const offset = Number(/at position (\d+)/.exec(reason)?.[1] ?? fault?.pos[0] ?? 0);
    const { line, col } = lines.linePos(offset);
    const place = `${Math.max(1, line)}:${Math.max(1, col)}`;
    throw new InputsError(`${name}:${place}: this is not JSON: ${reason}`);
  }
}

type SchemaError = ReturnType<typeof Value.Errors>[number];

function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** The schema at a place of the schema, for the words that say what belongs there. */
function schemaAt(pointer: string): { description?: string; properties?: object } {
  const parts = pointer.replace(/^#/, "").split("/").slice(1);
  return parts.reduce<Record<string, unknown>>(
    (schema, part) =>
      (schema[part.replaceAll("~1", "/").replaceAll("~0", "~")] ?? {}) as Record<string, unknown>,
    Inputs as unknown as Record<string, unknown>,
  );
}

function describe(error: SchemaError): InputFault[] {
  const path = pathOf(error.instancePath);
  const schema = schemaAt(error.schemaPath);
  const params = error.params as Record<string, unknown>;
  if (error.keyword === "additionalProperties") {
    const known = Object.keys(schema.properties ?? {}).join(", ");
    return (params["additionalProperties"] as string[]).map((key) => ({
      path: [...path, key],
      message: `there is no such key; known here: ${known}`,
    }));
  }
  if (error.keyword === "required") {
    const missing = (params["requiredProperties"] as string[]).join(", ");
    return [{ path, message: `${missing} is missing` }];
  }
  const wanted = schema.description ?? error.message.replace("must be ", "");
  return [{ path, message: `write ${wanted}` }];
}

/** What the schema says, each place once: a choice says it once for all that it offers. */
function schemaFaults(value: unknown): InputFault[] {
  // The reader stops at eight otherwise, and a choice alone takes three.
  Settings.Set({ maxErrors: 1_000 });
  const errors = Value.Errors(Inputs, value).filter(({ keyword }) => keyword !== "boolean");
  Settings.Reset();
  const whole = errors.filter(({ schemaPath }) => !schemaPath.includes("/anyOf/"));
  const seen = new Set<string>();
  return whole.flatMap(describe).filter(({ path }) => {
    const key = path.join("/");
    return seen.has(key) ? false : seen.add(key);
  });
}

/** Periods follow each other; without an opening state the first one is the deal's first. */
function orderFaults(inputs: InputsFile): InputFault[] {
  const first = inputs.periods[0]?.period ?? 1;
  if (inputs.opening === undefined && first !== 1) {
    const message = `the first period is 1; to begin with ${first}, give the state before it as \`opening\``;
    return [{ path: ["periods", 0, "period"], message }];
  }
  return inputs.periods.flatMap(({ period }, i) =>
    period === first + i
      ? []
      : [
          {
            path: ["periods", i, "period"],
            message: `write ${first + i}: periods are consecutive`,
          },
        ],
  );
}

/**
 * Reads an inputs file. Names are not looked up yet: `bindInputs` does, with the deal.
 * @param name of the file, for messages
 * @throws InputsError with every fault and its place
 */
export function readInputs(name: string, text: string): InputsSource {
  const value = parseJson(name, text);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const placeOf = placer(document, lines);
  const repeated = document.errors.map(({ pos, message }) => {
    const { line, col } = lines.linePos(pos[0]);
    return `${name}:${line}:${col}: ${message.split(" at line ")[0]}`;
  });
  if (repeated.length > 0) throw new InputsError(repeated.join("\n"));
  refuseInputs(name, placeOf, schemaFaults(value));
  const inputs = value as InputsFile;
  refuseInputs(name, placeOf, orderFaults(inputs));
  return { inputs, placeOf };
}
