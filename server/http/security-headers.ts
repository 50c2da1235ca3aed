import type { App } from "./app-type.ts";

const HEADERS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "strict-transport-security": "max-age=31536000",
} as const;

/** Headers that keep browsers from guessing, framing and leaking; answers are never cached. */
export function addSecurityHeaders(app: App): void {
  app.addHook("onSend", async (request, reply) => {
    void reply.headers(HEADERS);
    if (!request.url.startsWith("/docs")) {
      void reply.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
      void reply.header("cache-control", "no-store");
    }
  });
}
