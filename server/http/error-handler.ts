import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { Problem, problem } from "../errors.ts";
import type { App } from "./app-type.ts";
import { describeValidation } from "./describe-validation.ts";
import { collectPaths } from "./known-paths.ts";

/** Answers every error as RFC 9457 problem details; what is not a Problem of ours stays in the log. */
export function addErrorHandler(app: App): void {
  const paths = collectPaths(app);
  app.setErrorHandler<FastifyError | Problem>((error, request, reply) => {
    const known = error instanceof Problem ? error : translate(error, request);
    if (known.status >= 500) request.log.error({ err: error }, "request failed");
    return answer(known, request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const { method } = request;
    const path = pathOf(request);
    const allowed = paths.verbsOf(path).join(", ");
    if (allowed === "") return answer(problem("route-unknown", { method, path }), request, reply);
    void reply.header("allow", allowed);
    return answer(problem("method-not-allowed", { method, path, allowed }), request, reply);
  });
}

function answer(known: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (known.status === 401) void reply.header("www-authenticate", "Bearer");
  return reply
    .status(known.status)
    .type("application/problem+json")
    .send(problemDetails(known, request));
}

/** What a reader needs first, then the parameters, then the lists. */
function problemDetails(known: Problem, request: FastifyRequest): Record<string, unknown> {
  const details = {
    type: `urn:penstock:problem:${known.code}`,
    title: known.title,
    status: known.status,
    code: known.code,
    detail: known.detail,
    instance: pathOf(request),
  };
  const isList = ([, value]: [string, unknown]): boolean => typeof value === "object";
  const extra = Object.entries(namePeriod(known.extra, request));
  const short = Object.fromEntries(extra.filter((entry) => !isList(entry)));
  const long = Object.fromEntries(extra.filter(isList));
  return { ...details, ...short, ...long, ...details };
}

const MONTH = /^\d{4}-\d{2}$/;

/** As in every answer `period` is the ordinal and `month` the collection month that the URL names. */
function namePeriod(
  { period, ...extra }: Record<string, unknown>,
  request: FastifyRequest,
): Record<string, unknown> {
  if (period === undefined) return extra;
  if (typeof period === "string" && MONTH.test(period)) return { month: period, ...extra };
  const { period: month } = (request.params ?? {}) as { period?: string };
  return month !== undefined && MONTH.test(month)
    ? { period, month, ...extra }
    : { period, ...extra };
}

/**
 * Errors of PostgreSQL that only a value from outside brings about: a text with a zero byte (22021; 22P05 inside JSON),
 * which it has no form for, and a number beyond its column (22003).
 */
const VALUES_REFUSED = new Set(["22021", "22P05", "22003"]);

/** Fastify's own errors in our words. */
function translate(error: FastifyError, request: FastifyRequest): Problem {
  if (VALUES_REFUSED.has(error.code)) {
    request.log.warn({ err: error }, "a value that cannot be stored");
    return problem("request-invalid", {
      reason: "a text holds a zero byte or a number is too large",
    });
  }
  if (error.validation !== undefined) {
    const { validation, validationContext } = error;
    const { reason, problems } = describeValidation(validation, validationContext ?? "body");
    return problem("request-invalid", { reason }, { problems });
  }
  if (error.statusCode === 413) {
    return problem("body-too-large", { limit: request.routeOptions.bodyLimit ?? 0 });
  }
  if (error.statusCode === 415) return problem("media-type-unknown", { reason: error.message });
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return problem("request-invalid", { reason: error.message });
  }
  return problem("internal-error", { request: request.id });
}

function pathOf(request: FastifyRequest): string {
  return request.url.split("?", 1)[0] ?? request.url;
}
