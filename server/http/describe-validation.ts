import type { FastifyError } from "fastify";

export interface FieldProblem {
  /** Dotted path, e.g. "body.name". */
  field: string;
  message: string;
}

type Validation = NonNullable<FastifyError["validation"]>[number];

/** More than a person reads; a body can hold as many mistakes as it has bytes. */
const LISTED = 50;

/** What a request lacks or has wrong, every field once. */
export function describeValidation(
  found: readonly Validation[],
  part: string,
): { reason: string; problems: FieldProblem[] } {
  const inChoice = (entry: Validation): boolean => entry.schemaPath.includes("/anyOf/");
  const whole = found.filter((entry) => !inChoice(entry));
  const problems = new Map<string, FieldProblem>();
  for (const entry of whole.length === 0 ? found : whole) {
    const choices = found.filter(
      (other) => inChoice(other) && other.instancePath === entry.instancePath,
    );
    const described = describe(entry, part, choices);
    if (!problems.has(described.field)) problems.set(described.field, described);
    if (problems.size === LISTED) break;
  }
  const listed = [...problems.values()];
  return {
    reason: listed.map(({ field, message }) => `${field} ${message}`).join("; "),
    problems: listed,
  };
}

function describe(entry: Validation, part: string, choices: readonly Validation[]): FieldProblem {
  const { instancePath, keyword, params } = entry;
  const field = `${part}${instancePath.replaceAll("/", ".")}`;
  const one = (values: readonly unknown[]): string =>
    `must be one of: ${values.map(String).join(", ")}`;
  switch (keyword) {
    case "required":
      return { field: `${field}.${String(params["missingProperty"])}`, message: "is missing" };
    case "additionalProperties":
      return {
        field: `${field}.${String(params["additionalProperty"])}`,
        message: "is not a field of this request",
      };
    case "enum":
      return { field, message: one(params["allowedValues"] as unknown[]) };
    case "anyOf": {
      const values = choices.flatMap((choice) =>
        choice.keyword === "const" ? [choice.params["allowedValue"]] : [],
      );
      if (values.length > 0) return { field, message: one(values) };
    }
  }
  return { field, message: entry.message ?? "is not valid" };
}
