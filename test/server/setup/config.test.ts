import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConfigurationError, readConfig } from "../../../server/config.ts";

const KEY = `0x${"1".repeat(64)}`;

describe("the configuration", () => {
  it("needs nothing: the embedded database and chain are the default", () => {
    const config = readConfig({});
    assert.equal(config.databaseUrl, null);
    assert.equal(config.readDatabaseUrl, null);
    assert.equal(config.rpcUrl, null);
    assert.equal(config.port, 3000);
    assert.equal(config.host, "127.0.0.1");
    assert.match(config.dataFolder, /\/data$/);
  });

  it("names every wrong variable at once, and shows no value, which may be a secret", () => {
    const env = {
      PORT: "70000",
      DATABASE_URL: "mysql://secret-1@x/y",
      RPC_URL: "http://127.0.0.1:8545",
      SERVICER_KEY: "0xsecret-2",
      CRON: "every now and then",
      LOG_LEVEL: "loud",
    };
    assert.throws(
      () => readConfig(env),
      (error) => {
        assert.ok(error instanceof ConfigurationError);
        const names = ["PORT", "DATABASE_URL", "SERVICER_KEY", "CRON", "LOG_LEVEL"];
        for (const name of [...names, "DEPLOYMENT_FILE", "ATTESTER_KEY"]) {
          assert.ok(error.message.includes(name), name);
        }
        assert.ok(!error.message.includes("secret-"));
        return true;
      },
    );
  });

  it("takes a read replica, of a database of one's own only", () => {
    const url = "postgres://reader@replica/penstock";
    const both = { DATABASE_URL: "postgres://app@primary/penstock", READ_DATABASE_URL: url };
    assert.equal(readConfig(both).readDatabaseUrl, url);
    assert.throws(() => readConfig({ READ_DATABASE_URL: url }), /DATABASE_URL is missing/);
    assert.throws(() => readConfig({ ...both, READ_DATABASE_URL: "x" }), /READ_DATABASE_URL must/);
  });

  it("takes a chain of one's own with its deployment and both keys", () => {
    const config = readConfig({
      RPC_URL: "https://node.example",
      DEPLOYMENT_FILE: "deployment.json",
      SERVICER_KEY: KEY,
      ATTESTER_KEY: KEY,
    });
    assert.equal(config.rpcUrl, "https://node.example");
    assert.equal(config.servicerKey, KEY);
  });
});
