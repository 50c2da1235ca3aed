import rateLimit from "@fastify/rate-limit";
import type { Config } from "../config.ts";
import { problem } from "../errors.ts";
import { parseApiKey } from "./api-key.ts";
import type { App } from "./app-type.ts";

const MINUTE_MS = 60_000;
/** Key ids are free to make up: whatever keys it names, an address has no more requests than so many keys. */
const KEYS_PER_ADDRESS = 10;

/**
 * Limits requests a minute per key id, and per address for requests without a key; and per address over all the keys that
 * it names. The limits are counted before the key is checked, so that guessing is limited too.
 */
export async function addRateLimit(app: App, config: Config): Promise<void> {
  await app.register(rateLimit, { global: false });
  const perMinute = config.rateLimitPerMinute;
  const addressLimit = app.createRateLimit({
    max: perMinute * KEYS_PER_ADDRESS,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => `address ${request.ip}`,
  });
  app.addHook("onRequest", async (request, reply) => {
    const found = await addressLimit(request);
    if (found.isAllowed || !found.isExceeded) return;
    void reply.header("retry-after", found.ttlInSeconds);
    throw problem("too-many-requests", { limit: found.max, seconds: found.ttlInSeconds });
  });
  const limit = app.rateLimit({
    max: perMinute,
    timeWindow: MINUTE_MS,
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
