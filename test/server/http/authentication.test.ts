import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { formatApiKey, makeSecret, parseApiKey } from "../../../server/http/api-key.ts";
import type { App } from "../../../server/http/app-type.ts";
import { addAuthentication } from "../../../server/http/authenticate.ts";
import { addErrorHandler } from "../../../server/http/error-handler.ts";
import { type TestServer, startTestServer } from "../start-test-server.ts";
import Fastify from "fastify";

const RUN = { method: "POST", url: "/v1/jobs/run" } as const;

describe("authentication", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  it("answers 401 as problem details without a key", async () => {
    const response = await server.request(null, RUN);
    assert.equal(response.statusCode, 401);
    assert.match(String(response.headers["content-type"]), /^application\/problem\+json/);
    assert.equal(response.headers["www-authenticate"], "Bearer");
    assert.deepEqual(response.json(), {
      type: "urn:penstock:problem:key-missing",
      title: "No API key",
      status: 401,
      code: "key-missing",
      detail: "Send an Authorization header of the form: Bearer pk_<key id>.<secret>.",
      instance: "/v1/jobs/run",
    });
  });

  it("answers 401 to a key with a wrong secret, of an unknown id, or of another form", async () => {
    const { id } = parseApiKey(server.users.administrator.key) ?? { id: "" };
    const keys = [
      formatApiKey({ id, secret: makeSecret() }),
      formatApiKey({ id: randomUUID(), secret: makeSecret() }),
      "pk_not-a-key",
      `${server.users.administrator.key}x`,
    ];
    for (const key of keys) {
      const response = await server.request({ ...server.users.administrator, key }, RUN);
      assert.equal(response.statusCode, 401, key);
      assert.equal(response.json().code, "key-unknown");
    }
  });

  it("answers 401 to another scheme", async () => {
    const { key } = server.users.administrator;
    const response = await server.request(null, {
      ...RUN,
      headers: { authorization: `Basic ${key}` },
    });
    assert.equal(response.json().code, "key-missing");
  });

  it("answers 403 to a role that is not listed", async () => {
    const response = await server.request(server.users.servicer, RUN);
    assert.equal(response.statusCode, 403);
    assert.equal(response.json().code, "role-forbidden");
    assert.equal(response.json().role, "servicer");
  });

  it("lets a listed role in", async () => {
    const response = await server.request(server.users.administrator, RUN);
    assert.equal(response.statusCode, 200);
  });

  it("answers 404 as problem details for a route that does not exist", async () => {
    const response = await server.request(null, { method: "GET", url: "/v1/nothing?x=1" });
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().code, "route-unknown");
    assert.equal(response.json().instance, "/v1/nothing");
  });
});

describe("the guard of deals", () => {
  let server: TestServer;
  let app: App;
  before(async () => {
    server = await startTestServer();
    app = Fastify() as App;
    addErrorHandler(app);
    addAuthentication(app, server.context);
    app.get("/deals/:deal", { config: { access: ["auditor", "administrator"] } }, (request) =>
      Promise.resolve({ deal: (request.params as { deal: string }).deal, user: request.user.name }),
    );
    await server.addDeal("deal-one");
    await server.joinDeal(server.users.auditor, "deal-one");
  });
  after(async () => {
    await app.close();
    await server.close();
  });

  const ask = (key: string, deal: string) =>
    app.inject({ url: `/deals/${deal}`, headers: { authorization: `Bearer ${key}` } });

  it("lets a member and every administrator in", async () => {
    const member = await ask(server.users.auditor.key, "deal-one");
    assert.deepEqual(member.json(), { deal: "deal-one", user: "auditor" });
    assert.equal((await ask(server.users.administrator.key, "deal-one")).statusCode, 200);
  });

  it("answers 403 to a listed role that is not a member", async () => {
    const stranger = await server.addUser("auditor", { name: "stranger" });
    const response = await ask(stranger.key, "deal-one");
    assert.equal(response.statusCode, 403);
    assert.equal(response.json().code, "deal-forbidden");
  });

  it("answers 404 for an unknown deal, whoever asks", async () => {
    for (const role of ["auditor", "administrator"] as const) {
      const response = await ask(server.users[role].key, "deal-none");
      assert.equal(response.statusCode, 404);
      assert.equal(response.json().code, "deal-unknown");
    }
  });

  it("refuses to start with a route that names no access", () => {
    const careless = Fastify() as App;
    addAuthentication(careless, server.context);
    assert.throws(() => careless.get("/open", () => "x"), /GET \/open names no access/);
  });
});
