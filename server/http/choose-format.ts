import type { FastifyRequest } from "fastify";
import type { App } from "./app-type.ts";

/** Media types by the name that `?format=` has for them. */
const FORMATS: Readonly<Record<string, string>> = {
  "application/json": "json",
  "text/csv": "csv",
  "text/plain": "text",
};

/** The parts of a route's query schema that name its formats. */
export interface FormatQuery {
  properties?: { format?: { anyOf?: { const?: string }[] } };
}

/** The formats that a route offers with `?format=`; none when it has no such parameter. */
export function formatsOf(querystring: unknown): string[] {
  const choices = (querystring as FormatQuery | undefined)?.properties?.format?.anyOf ?? [];
  return choices.flatMap((choice) => choice.const ?? []);
}

/**
 * The format that an Accept header asks for first: highest q, then the order of the header. What is
 * not offered is passed over; undefined when nothing of it is.
 */
export function chooseFormat(accept: string, offered: readonly string[]): string | undefined {
  const asked = accept.split(",").map((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    return { format: FORMATS[type], q: q === undefined ? 1 : Number(q) };
  });
  const wanted = asked
    .filter(({ format, q }) => format !== undefined && offered.includes(format) && q > 0)
    .toSorted((left, right) => right.q - left.q);
  return wanted[0]?.format;
}

/** `Accept: text/csv` works like `?format=csv` wherever that is offered; the parameter goes first. */
export function addFormatChoice(app: App): void {
  app.addHook("preValidation", async (request: FastifyRequest, reply) => {
    const offered = formatsOf(request.routeOptions.schema?.querystring);
    if (offered.length === 0) return;
    void reply.header("vary", "accept");
    const query = request.query as { format?: string };
    if (query.format !== undefined) return;
    const chosen = chooseFormat(request.headers.accept ?? "", offered);
    if (chosen !== undefined) query.format = chosen;
  });
}
