import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer, TestUser } from "../start-test-server.ts";
import { compileGolden, readGoldenText } from "../waterfall/golden-deals.ts";

const AUTO = readGoldenText("amcar-2017-4/deal.yaml");

describe("deals over HTTP", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  const upload = (user: TestUser, payload: string, type = "application/yaml") =>
    server.request(user, {
      method: "POST",
      url: "/v1/deals",
      headers: { "content-type": type },
      payload,
    });

  test("an administrator stores a deal file; the same terms again answer 200", async () => {
    const { administrator } = server.users;
    const first = await upload(administrator, AUTO);
    assert.equal(first.statusCode, 201, first.body);
    const { termsHash } = compileGolden("amcar-2017-4");
    const { createdAt, ...facts } = first.json();
    assert.ok(createdAt);
    assert.deepEqual(facts, {
      id: "amcar-2017-4",
      name: "AmeriCredit 2017-4, twelve loans",
      termsHash,
      chainDealId: null,
      codeAddress: null,
      warnings: [],
    });
    const again = await upload(administrator, AUTO, "text/yaml; charset=utf-8");
    assert.equal(again.statusCode, 200);
    assert.deepEqual(again.json(), first.json());
    const stored = await server.context.db.selectFrom("deals").selectAll().execute();
    assert.equal(stored.length, 1);
    assert.deepEqual(new Uint8Array(stored[0]?.terms ?? []), compileGolden("amcar-2017-4").bytes);
  });

  test("other terms under the same id are refused: terms do not change", async () => {
    const answer = await upload(
      server.users.administrator,
      AUTO.replace("coupon: 4 %", "coupon: 5 %"),
    );
    assert.equal(answer.statusCode, 409);
    assert.equal(answer.json().code, "deal-exists");
  });

  test("a file with errors is refused with all of them, and nothing is stored", async () => {
    const broken = AUTO.replace("id: amcar-2017-4", "id: broken-deal")
      .replace("coupon: 4 %", "coupon: 400 %")
      .replace("INT COLL -> B ", "INT COLL -> Z ");
    const answer = await upload(server.users.administrator, broken);
    assert.equal(answer.statusCode, 422);
    const { code, count, problems } = answer.json();
    assert.deepEqual([code, count], ["deal-invalid", 2]);
    const [first, second] = problems as { line: number; column: number; value: string }[];
    assert.deepEqual([first?.value, second?.value], ["400 %", "Z"]);
    assert.ok(first && first.line > 1 && first.column > 1);
    const missing = await server.request(server.users.administrator, {
      url: "/v1/deals/broken-deal",
    });
    assert.equal(missing.statusCode, 404);
  });

  test("only an administrator uploads, and only YAML", async () => {
    assert.equal((await upload(server.users.servicer, AUTO)).statusCode, 403);
    assert.equal(
      (await upload(server.users.administrator, "{}", "application/pdf")).statusCode,
      415,
    );
    assert.equal((await upload(server.users.administrator, "a".repeat(600_000))).statusCode, 413);
  });

  test("a member reads the deal in words; who is no member does not see it", async () => {
    const url = "/v1/deals/amcar-2017-4";
    assert.equal((await server.request(server.users.auditor, { url })).statusCode, 403);
    assert.deepEqual((await server.request(server.users.auditor, { url: "/v1/deals" })).json(), {
      items: [],
      next: null,
    });
    await server.joinDeal(server.users.auditor, "amcar-2017-4");
    const deal = (await server.request(server.users.auditor, { url })).json();
    assert.equal(deal.holderCap, "60 %");
    assert.deepEqual(deal.classes[2], {
      class: "C",
      seniority: "junior",
      face: "27000.00",
      coupon: "9 %",
      finalPaymentDate: "2021-01-19",
    });
    assert.deepEqual(deal.calendar[0], {
      period: 1,
      month: "2017-10",
      determinationTime: "2017-11-01T00:00:00.000Z",
      recordTime: "2017-11-17T22:00:00.000Z",
      paymentTime: "2017-11-20T14:00:00.000Z",
      paymentDate: "2017-11-20",
    });
    const { phase, steps } = deal.programs[0];
    assert.equal(phase, "amortising");
    assert.deepEqual(steps.at(-1), {
      step: steps.length,
      operation: "REST",
      label: null,
      words: "Pay all that is left in COLL to residual",
      clause: "8.04(a)(xii)",
    });
    assert.equal(deal.source, AUTO);
  });

  test("lists go page by page", async () => {
    const other = readGoldenText("amcar-2017-4-write-down/deal.yaml");
    assert.equal((await upload(server.users.administrator, other)).statusCode, 201);
    const page = async (url: string) =>
      (await server.request(server.users.administrator, { url })).json();
    const first = await page("/v1/deals?limit=1");
    assert.deepEqual([first.items[0].id, first.next], ["amcar-2017-4", "amcar-2017-4"]);
    const second = await page(`/v1/deals?limit=1&cursor=${first.next}`);
    assert.deepEqual([second.items[0].id, second.next], ["amcar-2017-4-write-down", null]);
  });
});
