import type { App } from "./app-type.ts";

const SWEEP_MS = 50;

/**
 * A client's connection that was busy when the closing began is kept alive for a minute after its
 * answer: while the server closes, such connections are closed as soon as they are idle.
 */
export function closeConnections(app: App): void {
  app.addHook("preClose", (done) => {
    if (app.server.listening) {
      const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
      app.server.once("close", () => clearInterval(sweep));
    }
    done();
  });
}
