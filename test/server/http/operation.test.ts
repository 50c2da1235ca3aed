import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { formatApiKey, makeSecret } from "../../../server/http/api-key.ts";
import { describeProblem, type ProblemCode } from "../../../server/errors.ts";
import { reportProblems } from "../../../server/problems/report-problems.ts";
import { requestProblems } from "../../../server/problems/request-problems.ts";
import { settlementProblems } from "../../../server/problems/settlement-problems.ts";
import { tapeProblems } from "../../../server/problems/tape-problems.ts";
import { type TestServer, startTestServer } from "../start-test-server.ts";

/** Of no route, or of an intent that only the server itself names. */
const OF_NO_ROUTE = [
  ...["method-not-allowed", "route-unknown"],
  ...["sender-unknown", "transaction-unknown"],
];

describe("the operator's routes", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ chain: true });
  });
  after(() => server.close());

  const get = (url: string) => server.request(null, { method: "GET", url });

  it("says at /health, to anybody, that database, chain and queue answer", async () => {
    const response = await get("/health");
    assert.equal(response.statusCode, 200);
    const health = response.json();
    assert.equal(health.status, "ok");
    assert.deepEqual([health.database.ok, health.chain.ok, health.queue.ok], [true, true, true]);
  });

  it("serves OpenAPI 3.1 from the schemas that validate", async () => {
    const document = (await get("/openapi.json")).json();
    assert.equal(document.openapi, "3.1.0");
    const { post } = document.paths["/v1/users"];
    assert.equal(post.summary, "Adds a user, or deals to a user");
    assert.ok(post.requestBody.content["application/json"].schema.properties.role);
    assert.equal((await get("/docs/")).statusCode, 200);
  });

  type Operation = {
    security?: unknown[];
    requestBody?: { required: boolean };
    parameters?: { name: string; required: boolean }[];
    responses: Record<string, { description: string; content?: Record<string, unknown> }>;
  };
  const operations = async (): Promise<[string, Operation][]> => {
    const { paths } = (await get("/openapi.json")).json<{
      paths: Record<string, Record<string, Operation>>;
    }>();
    return Object.entries(paths).flatMap(([route, verbs]) =>
      Object.entries(verbs).map(([verb, operation]): [string, Operation] => [
        `${verb} ${route}`,
        operation,
      ]),
    );
  };

  it("describes which routes need no key, and puts no lock on them", async () => {
    const open = (await operations()).filter(([, { security }]) => security?.length === 0);
    assert.deepEqual(open.map(([name]) => name).toSorted(), [
      "get /",
      "get /health",
      "get /schemas/deal-file.json",
    ]);
  });

  it("describes how every route refuses: each code under its status, as problem details", async () => {
    const named = new Set<string>();
    for (const [name, { responses }] of await operations()) {
      const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400);
      assert.ok(refusals.length >= 2, name);
      for (const [status, { description, content }] of refusals) {
        if (name === "get /health" && status === "503") continue;
        assert.deepEqual(Object.keys(content ?? {}), ["application/problem+json"], name);
        for (const [, code = ""] of description.matchAll(/`([a-z-]+)`/g)) {
          named.add(code);
          assert.equal(String(describeProblem(code as ProblemCode).status), status, code);
        }
      }
    }
    const known = [requestProblems, tapeProblems, reportProblems, settlementProblems];
    const missing = known.flatMap((codes) => Object.keys(codes)).filter((code) => !named.has(code));
    assert.deepEqual(missing.toSorted(), OF_NO_ROUTE);
  });

  it("describes the CSV beside the JSON, and what may be left out", async () => {
    const all = new Map(await operations());
    const history = all.get("get /v1/deals/{deal}/history")?.responses["200"]?.content ?? {};
    assert.deepEqual(Object.keys(history), ["application/json", "text/csv"]);
    const close = all.get("post /v1/deals/{deal}/periods/{period}/close");
    assert.equal(close?.requestBody?.required, false);
    const parameters = all.get("get /v1/deals/{deal}/history")?.parameters ?? [];
    assert.deepEqual(
      parameters.filter(({ required }) => required).map(({ name }) => name),
      ["deal"],
    );
    assert.equal(all.get("post /v1/users")?.requestBody?.required, true);
  });

  it("shows the pages under its own name and mark", async () => {
    const page = await get("/docs/");
    assert.match(page.body, /<title>Penstock: the API<\/title>/);
    assert.match(page.body, /rel="icon"[^>]*mark\.svg/);
    const setup = (await get("/docs/static/swagger-initializer.js")).body;
    const logo = /data:image\/svg\+xml;base64,([A-Za-z0-9+/=]+)/.exec(setup)?.[1] ?? "";
    assert.match(Buffer.from(logo, "base64").toString(), />Penstock<\/text>/);
  });

  it("shows metrics to administrators alone", async () => {
    assert.equal((await get("/metrics")).statusCode, 401);
    const url = "/metrics";
    const forAuditor = await server.request(server.users.auditor, { method: "GET", url });
    assert.equal(forAuditor.statusCode, 403);
    const response = await server.request(server.users.administrator, { method: "GET", url });
    assert.equal(response.statusCode, 200, response.body);
    assert.match(response.body, /^penstock_jobs\{state="waiting"\} 0$/m);
    assert.match(response.body, /^penstock_chain_lag_blocks \d+$/m);
    assert.match(response.body, /^penstock_upload_part_bytes 0$/m);
    const route = 'method="GET",route="/health",status="200"';
    assert.ok(response.body.includes(`penstock_http_request_duration_seconds_count{${route}}`));
  });

  it("sends the security headers with every answer", async () => {
    for (const url of ["/health", "/v1/nothing"]) {
      const { headers } = await get(url);
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["x-frame-options"], "DENY");
      assert.equal(headers["cache-control"], "no-store");
    }
  });
});

describe("limits", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ config: { rateLimitPerMinute: 5, bodyLimitBytes: 2_048 } });
  });
  after(() => server.close());

  it("refuses a body above the limit with 413", async () => {
    const response = await server.request(server.users.administrator, {
      method: "POST",
      url: "/v1/users",
      payload: { name: "x".repeat(4_000), role: "auditor" },
    });
    assert.equal(response.statusCode, 413);
    assert.equal(response.json().code, "body-too-large");
    assert.equal(response.json().limit, 2_048);
  });

  it("refuses a body that is not JSON with 400, and another media type with 415", async () => {
    const post = { method: "POST", url: "/v1/users" } as const;
    const broken = await server.request(server.users.administrator, {
      ...post,
      payload: "{",
      headers: { "content-type": "application/json" },
    });
    assert.equal(broken.statusCode, 400);
    const strange = await server.request(server.users.administrator, {
      ...post,
      payload: "x",
      headers: { "content-type": "application/x-strange" },
    });
    assert.equal(strange.statusCode, 415);
  });

  it("answers 429 to a key that asks too often, and leaves others alone", async () => {
    const ask = () => server.request(server.users.auditor, { method: "GET", url: "/metrics" });
    for (let request = 0; request < 5; request += 1) assert.equal((await ask()).statusCode, 403);
    const refused = await ask();
    assert.equal(refused.statusCode, 429);
    assert.equal(refused.json().code, "too-many-requests");
    assert.ok(Number(refused.headers["retry-after"]) > 0);
    const other = await server.request(server.users.trustee, { method: "GET", url: "/metrics" });
    assert.equal(other.statusCode, 403);
  });

  // The last of its kind here: it uses up what this address has.
  it("answers 429 to an address that makes up a key for every request", async () => {
    const statuses: number[] = [];
    for (let request = 0; request < 55; request += 1) {
      const key = formatApiKey({ id: randomUUID(), secret: makeSecret() });
      const guess = { ...server.users.auditor, key };
      const response = await server.request(guess, { method: "GET", url: "/metrics" });
      statuses.push(response.statusCode);
    }
    assert.equal(statuses[0], 401);
    assert.equal(statuses.at(-1), 429);
  });
});

describe("values that PostgreSQL cannot hold", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await server.addDeal("deal-one");
    await server.joinDeal(server.users.auditor, "deal-one");
  });
  after(() => server.close());

  it("are the sender's fault, not the server's: 400", async () => {
    const { administrator, auditor } = server.users;
    const requests = [
      server.request(administrator, { method: "GET", url: "/v1/deals/a%00b" }),
      server.request(auditor, { method: "GET", url: "/v1/deals/deal-one/loans/a%00b" }),
      server.request(administrator, {
        ...{ method: "POST", url: "/v1/users" },
        payload: { name: "a\u0000b", role: "auditor" },
      }),
    ];
    for (const response of await Promise.all(requests)) {
      assert.equal(response.statusCode, 400, response.body);
      assert.equal(response.json().code, "request-invalid");
    }
  });
});
