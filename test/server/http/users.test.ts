import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { parseApiKey } from "../../../server/http/api-key.ts";
import { type TestServer, startTestServer } from "../start-test-server.ts";

const WALLET = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

describe("users and their keys", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  const addUser = (payload: object) =>
    server.request(server.users.administrator, { method: "POST", url: "/v1/users", payload });

  it("adds a user with a checksummed wallet: 201, and 200 when repeated", async () => {
    const facts = { name: "Ada", role: "approver", address: WALLET.toLowerCase() };
    const first = await addUser(facts);
    assert.equal(first.statusCode, 201);
    assert.equal(first.json().address, WALLET);
    const second = await addUser(facts);
    assert.equal(second.statusCode, 200);
    assert.deepEqual(second.json(), first.json());
  });

  it("refuses the same name with another role, and says why", async () => {
    await addUser({ name: "Ben", role: "servicer" });
    const response = await addUser({ name: "Ben", role: "approver" });
    assert.equal(response.statusCode, 409);
    assert.equal(response.json().code, "user-exists");
    assert.match(response.json().detail, /already there as servicer with no wallet/);
    const withWallet = await addUser({ name: "Ben", role: "servicer", address: WALLET });
    assert.deepEqual([withWallet.statusCode, withWallet.json().code], [409, "user-exists"]);
  });

  it("refuses a wallet with a wrong checksum", async () => {
    const address = WALLET.replace("F6F4", "f6f4");
    const response = await addUser({ name: "Cyd", role: "investor", address });
    assert.equal(response.statusCode, 422);
    assert.equal(response.json().code, "address-invalid");
  });

  it("refuses an unknown role and an unknown member of the body, naming both", async () => {
    const role = await addUser({ name: "Dan", role: "owner" });
    assert.equal(role.statusCode, 400);
    assert.equal(role.json().code, "request-invalid");
    assert.match(role.json().problems[0].field, /role/);
  });

  it("gives a key that works at once and not after it is revoked", async () => {
    const { id } = (await addUser({ name: "Eve", role: "administrator" })).json();
    const made = await server.request(server.users.administrator, {
      method: "POST",
      url: `/v1/users/${id}/keys`,
    });
    assert.equal(made.statusCode, 201);
    const { key, id: keyId } = made.json();
    const eve = { ...server.users.administrator, key };
    const run = { method: "POST", url: "/v1/jobs/run" } as const;
    assert.equal((await server.request(eve, run)).statusCode, 200);
    const revoke = { method: "DELETE", url: `/v1/keys/${keyId}` } as const;
    assert.equal((await server.request(server.users.administrator, revoke)).statusCode, 204);
    assert.equal((await server.request(server.users.administrator, revoke)).statusCode, 204);
    const refused = await server.request(eve, run);
    assert.equal(refused.statusCode, 401);
    assert.equal(refused.json().code, "key-unknown");
  });

  it("lists users page by page with their deals and keys, to administrators alone, without secrets", async () => {
    const { administrator, auditor } = server.users;
    await server.addDeal("deal-listed");
    await server.joinDeal(auditor, "deal-listed");
    const { id } = (await addUser({ name: "Zoe", role: "trustee" })).json();
    const keys = { method: "POST", url: `/v1/users/${id}/keys` } as const;
    const { id: keyId, key } = (await server.request(administrator, keys)).json();
    await server.request(administrator, { method: "DELETE", url: `/v1/keys/${keyId}` });
    const items: { name: string; deals: string[]; keys: { id: string; state: string }[] }[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const url: string = `/v1/users?limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const page = await server.request(administrator, { url });
      assert.equal(page.statusCode, 200, page.body);
      for (const hidden of [parseApiKey(key)?.secret ?? "", "secret", "hash"]) {
        assert.ok(!page.body.includes(hidden), hidden);
      }
      items.push(...page.json().items);
      cursor = page.json().next;
    }
    const named = (name: string) => items.find((user) => user.name === name);
    assert.deepEqual(named("auditor")?.deals, ["deal-listed"]);
    assert.deepEqual(
      named("auditor")?.keys.map(({ state }) => state),
      ["active"],
    );
    assert.deepEqual(
      named("Zoe")?.keys.map(({ id: found, state }) => [found, state]),
      [[keyId, "revoked"]],
    );
    const names = items.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 7);
    assert.equal((await server.request(auditor, { url: "/v1/users" })).statusCode, 403);
  });

  it("stores no secret", async () => {
    const secret = parseApiKey(server.users.auditor.key)?.secret ?? "";
    const keys = await server.context.db.selectFrom("api_keys").selectAll().execute();
    assert.ok(keys.length > 0);
    assert.ok(keys.every((key) => !JSON.stringify(key).includes(secret)));
  });

  it("answers 404 for a user and for a key that do not exist", async () => {
    const nobody = "00000000-0000-4000-8000-000000000000";
    const user = await server.request(server.users.administrator, {
      method: "POST",
      url: `/v1/users/${nobody}/keys`,
    });
    assert.equal(user.json().code, "user-unknown");
    const key = await server.request(server.users.administrator, {
      method: "DELETE",
      url: `/v1/keys/${nobody}`,
    });
    assert.equal(key.json().code, "api-key-unknown");
  });

  it("lets nobody but an administrator add users", async () => {
    for (const role of ["servicer", "approver", "trustee", "investor", "auditor"] as const) {
      const response = await server.request(server.users[role], {
        method: "POST",
        url: "/v1/users",
        payload: { name: "Mallory", role: "administrator" },
      });
      assert.equal(response.statusCode, 403, role);
    }
  });

  it("refuses a member of an unknown deal", async () => {
    const response = await addUser({ name: "Fay", role: "auditor", deals: ["no-such-deal"] });
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().code, "deal-unknown");
  });
});
