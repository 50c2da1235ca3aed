/** How a route stands in the API's description: who may call it, what it answers, how it refuses. */
import type { FastifySchema, RouteOptions } from "fastify";
import { Type } from "typebox";
import { describeProblem, type ProblemCode } from "../errors.ts";
import { formatsOf } from "./choose-format.ts";

/** RFC 9457 problem details. Parameters of the detail and lists of what is wrong come beside it. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: "urn:penstock:problem:<code>" }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: "Stable: a client may branch on it" }),
    detail: Type.String({ description: "What is wrong and what to do, in a sentence" }),
    instance: Type.String({ description: "The path that was asked for" }),
  },
  { $id: "Problem", additionalProperties: true },
);

const PUBLIC: readonly ProblemCode[] = ["too-many-requests", "internal-error"];
const GUARDED: readonly ProblemCode[] = [...PUBLIC, "key-missing", "key-unknown", "role-forbidden"];
const OF_A_DEAL: readonly ProblemCode[] = ["deal-unknown", "deal-forbidden"];
const WITH_BODY: readonly ProblemCode[] = ["body-too-large", "media-type-unknown"];

/** Codes that a route can answer: its own, and what its access, deal, parameters and body bring. */
function problemsOf(route: RouteOptions, schema: FastifySchema): ProblemCode[] {
  const takesInput = [schema.params, schema.querystring, schema.body].some(
    (part) => part !== undefined,
  );
  const takesBody = schema.body !== undefined || schema.consumes !== undefined;
  const codes: ProblemCode[] = [
    ...(route.config?.problems ?? []),
    ...(route.config?.access === "public" ? PUBLIC : GUARDED),
    ...(takesInput ? (["request-invalid"] as const) : []),
    ...(takesBody ? WITH_BODY : []),
    ...(route.url.includes("/:deal") ? OF_A_DEAL : []),
  ];
  return [...new Set(codes)].toSorted();
}

function refusals(codes: readonly ProblemCode[]): Record<string, object> {
  const byStatus = Map.groupBy(codes, (code) => describeProblem(code).status);
  const answers = [...byStatus].map(([status, group]) => {
    const lines = group.map((code) => `- \`${code}\`: ${describeProblem(code).title}`);
    const content = { "application/problem+json": { schema: { $ref: "Problem#" } } };
    return [String(status), { description: lines.join("\n"), content }] as const;
  });
  return Object.fromEntries(answers);
}

const TYPES: Readonly<Record<string, string>> = { csv: "text/csv", text: "text/plain" };

/** The formats beside JSON, in words. */
function formatsInWords(formats: readonly string[]): string {
  if (formats.length === 0) return "";
  const queries = formats.map((format) => `?format=${format}`).join(" or ");
  const types = formats.map((format) => TYPES[format]).join(" or ");
  return `Also as ${queries}, or by Accept: ${types}.`;
}

const MEANINGS: Readonly<Record<string, string>> = {
  "200": "What was asked for; of a request that was done before, what is there",
  "201": "Done now, the first time",
  "204": "Done",
};

/** What the route answers when it does not refuse, in every format. */
function answersOf(schema: FastifySchema, formats: readonly string[]): Record<string, object> {
  const answers = Object.entries((schema.response ?? {}) as Record<string, object>);
  const described = answers.map(([status, answer]) => {
    const description = MEANINGS[status] ?? "Not as it should be";
    if (formats.length === 0 || status !== "200") {
      return [status, { ...answer, "x-response-description": description }] as const;
    }
    const others = formats.map(
      (format) => [TYPES[format], { schema: { type: "string" } }] as const,
    );
    const content = { "application/json": { schema: answer }, ...Object.fromEntries(others) };
    return [status, { description, content }] as const;
  });
  return Object.fromEntries(described);
}

/** The schema as it is described; what validates and answers is not changed. */
export function describeRoute(schema: FastifySchema, route: RouteOptions): FastifySchema {
  if (schema.hide === true) return schema;
  const formats = formatsOf(schema.querystring).filter((format) => format !== "json");
  const description = [schema.description, formatsInWords(formats)].filter(Boolean).join(" ");
  return {
    ...schema,
    ...(description === "" ? {} : { description }),
    ...(route.config?.access === "public" ? { security: [] } : {}),
    response: { ...answersOf(schema, formats), ...refusals(problemsOf(route, schema)) },
  };
}

interface Described {
  requestBody?: {
    required?: boolean;
    content?: Record<string, { schema?: { type?: string; required?: string[] } }>;
  };
  parameters?: { required?: boolean; schema?: ParameterSchema | undefined }[];
}

interface ParameterSchema {
  default?: unknown;
  anyOf?: { type?: string; enum?: unknown[] }[];
}

/** A choice of words as one list, which the pages show whole. */
function asEnumeration(schema: ParameterSchema | undefined): ParameterSchema | undefined {
  const words = schema?.anyOf?.flatMap((choice) => choice.enum ?? []) ?? [];
  if (schema?.anyOf === undefined || words.length !== schema.anyOf.length) return schema;
  const { anyOf: _choices, ...rest } = schema;
  return { type: "string", enum: words, ...rest } as ParameterSchema;
}

/**
 * Choices are described as lists, and what may be left out as such: a parameter that has a default, and a body of which every
 * field may be left out (http/empty-body.ts).
 */
export function relaxRequired(
  paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): void {
  for (const operation of Object.values(paths).flatMap((verbs) => Object.values(verbs))) {
    const { requestBody, parameters } = operation as Described;
    for (const parameter of parameters ?? []) {
      if (parameter.schema?.default !== undefined) parameter.required = false;
      parameter.schema = asEnumeration(parameter.schema);
    }
    const schema = requestBody?.content?.["application/json"]?.schema;
    if (requestBody === undefined || schema?.type !== "object") continue;
    requestBody.required = (schema.required ?? []).length > 0;
  }
}
