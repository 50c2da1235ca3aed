import rateLimit from "@fastify/rate-limit";
import type { Config } from "../config.ts";
import { problem } from "../errors.ts";
import { parseApiKey } from "./api-key.ts";
import type { App } from "./app-type.ts";

/**
 * Limits requests a minute per key id, and per address for requests without a key; the limit is
 * counted before the key is checked, so that guessing is limited too.
 */
export async function addRateLimit(app: App, config: Config): Promise<void> {
  await app.register(rateLimit, { global: false });
  const limit = app.rateLimit({
    max: config.rateLimitPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => {
      const token = request.headers.authorization?.split(" ").at(-1) ?? "";
      const key = parseApiKey(token);
      return key === null ? request.ip : `${request.ip} ${key.id}`;
    },
    errorResponseBuilder: (_request, { max, ttl }) =>
      problem("too-many-requests", { limit: max, seconds: Math.ceil(ttl / 1_000) }),
  });
  app.addHook("onRequest", limit);
}
