import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type TestServer, startTestServer } from "../start-test-server.ts";

describe("authentication", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  const run = { method: "POST", url: "/v1/jobs/run" } as const;

  it("answers 401 as problem details without a key", async () => {
    const response = await server.request(null, run);
    assert.equal(response.statusCode, 401);
    assert.match(String(response.headers["content-type"]), /^application\/problem\+json/);
    assert.equal(response.headers["www-authenticate"], "Bearer");
    assert.equal(response.json().code, "key-missing");
  });

  it("answers 403 to a role that is not listed", async () => {
    const response = await server.request(server.users.servicer, run);
    assert.equal(response.statusCode, 403);
    assert.equal(response.json().code, "role-forbidden");
  });

  it("lets a listed role in", async () => {
    const response = await server.request(server.users.administrator, run);
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json(), { ran: [], failed: [] });
  });
});
