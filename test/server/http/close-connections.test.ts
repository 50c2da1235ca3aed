import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent, request } from "node:http";
import { once } from "node:events";
import Fastify from "fastify";
import type { App } from "../../../server/http/app-type.ts";
import { closeConnections } from "../../../server/http/close-connections.ts";

test("a connection that is busy when the closing begins does not hold it up afterwards", async () => {
  const app = Fastify() as unknown as App;
  closeConnections(app);
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  app.get("/", async () => {
    asked.resolve();
    await answer.promise;
    return { ok: true };
  });
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  const agent = new Agent({ keepAlive: true });
  const sent = request(address, { agent });
  sent.end();
  await asked.promise;
  const closing = app.close();
  answer.resolve();
  const [response] = await once(sent, "response");
  response.resume();
  await once(response, "end");
  await closing;
  assert.equal(app.server.listening, false);
  agent.destroy();
});
