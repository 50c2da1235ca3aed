import type { FastifyRequest } from "fastify";
import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { hashSecret, matchesHash, parseApiKey } from "./api-key.ts";
import { findMembership, findUserOfKey } from "./api-key-queries.ts";
import type { App, RequestUser } from "./app-type.ts";

/** Compared against when a key is unknown, so that both answers take the same time. */
const NO_HASH = hashSecret("");

/**
 * Guards every route by its `config.access`: 401 without a valid key, 403 for a role that is not
 * listed, 404 for a deal that does not exist, 403 for a deal that the user is not a member of.
 * A route that names no access stops the start.
 */
export function addAuthentication(app: App, context: Context): void {
  // The user of a public route is never read; Fastify wants the shape declared once.
  app.decorateRequest("user");
  app.addHook("onRoute", (route) => {
    if (route.config?.access === undefined && route.method !== "HEAD") {
      throw new Error(`route ${String(route.method)} ${route.url} names no access`);
    }
  });
  app.addHook("onRequest", async (request) => {
    const access = request.routeOptions.config.access;
    if (access === "public" || request.is404) return;
    const user = await authenticate(context, request.headers.authorization);
    request.user = user;
    if (access === undefined || !access.includes(user.role)) {
      throw problem("role-forbidden", { role: user.role, allowed: access?.join(", ") ?? "none" });
    }
    await requireMembership(context, request, user);
  });
}

/** The user behind an Authorization header. */
export async function authenticate(
  context: Context,
  header: string | undefined,
): Promise<RequestUser> {
  if (header === undefined) throw problem("key-missing");
  const [scheme, token, ...rest] = header.trim().split(/ +/);
  const isBearer = scheme?.toLowerCase() === "bearer" && token !== undefined && rest.length === 0;
  if (!isBearer) throw problem("key-missing");
  const key = parseApiKey(token);
  const found = key === null ? undefined : await findUserOfKey(context.db, key.id);
  const matches = matchesHash(key?.secret ?? token, found?.secretHash ?? NO_HASH);
  if (found === undefined || !matches) throw problem("key-unknown");
  return { id: found.id, name: found.name, role: found.role, address: found.address };
}

async function requireMembership(
  context: Context,
  request: FastifyRequest,
  user: RequestUser,
): Promise<void> {
  const { deal } = request.params as { deal?: string };
  if (deal === undefined) return;
  const membership = await findMembership(context.db, deal, user.id);
  if (membership === undefined) throw problem("deal-unknown", { deal });
  if (!membership.member && user.role !== "administrator") {
    throw problem("deal-forbidden", { deal });
  }
}
