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

/** What every list says of its other forms. */
function formatsInWords(schema: FastifySchema): string {
  const others = formatsOf(schema.querystring).filter((format) => format !== "json");
  if (others.length === 0) return "";
  const [type, query] = [others.map((format) => TYPES[format]), others];
  return `Also as ${query.map((format) => `?format=${format}`).join(" or ")}, or by Accept: ${type.join(" or ")}.`;
}

const TYPES: Readonly<Record<string, string>> = { csv: "text/csv", text: "text/plain" };

/** The schema as it is described; what validates and answers is not changed. */
export function describeRoute(schema: FastifySchema, route: RouteOptions): FastifySchema {
  if (schema.hide === true) return schema;
  const description = [schema.description, formatsInWords(schema)].filter(Boolean).join(" ");
  const answers = (schema.response ?? {}) as Record<string, object>;
  return {
    ...schema,
    ...(description === "" ? {} : { description }),
    ...(route.config?.access === "public" ? { security: [] } : {}),
    response: { ...answers, ...refusals(problemsOf(route, schema)) },
  };
}
