import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { chooseFormat } from "../../../server/http/choose-format.ts";
import { type TestServer, startTestServer } from "../start-test-server.ts";

describe("what a newcomer asks", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  it("is told at / where the documentation is", async () => {
    const answer = await server.request(null, { url: "/" });
    assert.equal(answer.statusCode, 200);
    const { docs, openapi } = answer.json();
    assert.deepEqual([docs, openapi], ["/docs", "/openapi.json"]);
  });

  it("is told which verbs a known path takes: 405 with Allow", async () => {
    const wrong = [
      ["DELETE", "/v1/users", "GET, HEAD, POST"],
      ["PUT", "/v1/deals/some-deal/periods/2017-10/close", "POST"],
      ["GET", "/v1/keys/some-key/", "DELETE"],
      ["POST", "/health", "GET, HEAD"],
    ] as const;
    for (const [method, url, allowed] of wrong) {
      const answer = await server.request(null, { method, url });
      assert.deepEqual(
        [answer.statusCode, answer.json().code, answer.headers["allow"]],
        [405, "method-not-allowed", allowed],
      );
    }
    for (const url of ["/v1/nothing", "/v1/users/a/b/c"]) {
      const unknown = await server.request(null, { url });
      assert.deepEqual([unknown.statusCode, unknown.json().code], [404, "route-unknown"]);
    }
  });

  const addUser = (options: object) =>
    server.request(server.users.administrator, { method: "POST", url: "/v1/users", ...options });

  it("is told of every missing field at once, also without a body", async () => {
    const json = { "content-type": "application/json" };
    for (const options of [{ payload: {} }, {}, { headers: json, payload: "" }]) {
      const answer = await addUser(options);
      assert.equal(answer.statusCode, 400, answer.body);
      assert.deepEqual(answer.json().problems, [
        { field: "body.name", message: "is missing" },
        { field: "body.role", message: "is missing" },
      ]);
    }
  });

  it("is told of a field that nobody knows, and what a field may be", async () => {
    const answer = await addUser({ payload: { name: "Gil", role: "owner", wallet: "0x1" } });
    assert.equal(answer.statusCode, 400, answer.body);
    const problems = answer.json().problems as { field: string; message: string }[];
    assert.deepEqual(problems.map(({ field }) => field).toSorted(), ["body.role", "body.wallet"]);
    assert.ok(problems.some(({ message }) => message.startsWith("must be one of: servicer, ")));
  });

  it("reads first what is wrong, and lists last; a long list is cut", async () => {
    const deals = Array.from({ length: 900 }, () => ({}));
    const answer = await addUser({ payload: { name: "Hal", role: "auditor", deals } });
    assert.deepEqual(Object.keys(answer.json()), [
      ...["type", "title", "status", "code", "detail", "instance", "reason", "problems"],
    ]);
    assert.equal(answer.json().problems.length, 50);
    const { auditor } = server.users;
    const forbidden = await server.request(auditor, { method: "POST", url: "/v1/jobs/run" });
    assert.match(forbidden.body, /^\{"type":"[^"]*","title":"[^"]*","status":403,"code":/);
  });
});

describe("the Accept header", () => {
  const offered = ["json", "csv"];
  const cases: [accept: string, expected: string | undefined][] = [
    ["text/csv", "csv"],
    ["application/json, text/csv", "json"],
    ["application/json;q=0.5, text/csv", "csv"],
    ["text/csv;q=0, */*", undefined],
    ["text/plain, text/csv;q=0.1", "csv"],
    ["*/*", undefined],
    ["", undefined],
    ["text/csv;q=nonsense", undefined],
  ];
  for (const [accept, expected] of cases) {
    it(`"${accept}" asks for ${expected ?? "what the route answers anyway"}`, () => {
      assert.equal(chooseFormat(accept, offered), expected);
    });
  }
});
