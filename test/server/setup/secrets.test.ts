import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { openProvider } from "../../../server/chain/connect-chain.ts";
import { type Config, readConfig, secretsOf } from "../../../server/config.ts";
import { openLog } from "../../../server/open-context.ts";

const NODE_KEY = "f00dfeedf00dfeedf00dfeed";
const PASSWORD = "correct horse/battery";
const SERVICER_KEY = `0x${"5e".repeat(32)}`;

describe("the log", () => {
  const node = createServer((_request, response) => response.writeHead(401).end("no such key"));
  let config: Config;
  before(async () => {
    await new Promise<void>((resolve) => void node.listen(0, "127.0.0.1", resolve));
    const { port } = node.address() as AddressInfo;
    config = readConfig({
      RPC_URL: `http://127.0.0.1:${port}/v3/${NODE_KEY}`,
      DATABASE_URL: `postgres://app:${encodeURIComponent(PASSWORD)}@db/app`,
      DEPLOYMENT_FILE: "deployment.json",
      ...{ SERVICER_KEY, ATTESTER_KEY: `0x${"a7".repeat(32)}` },
    });
  });
  after(() => node.close());

  function written(act: (log: ReturnType<typeof openLog>) => void): string {
    let text = "";
    act(openLog(config, { write: (line: string) => void (text += line) }));
    return text;
  }

  it("keeps the node's key, which ethers puts into its errors, to itself", async () => {
    const provider = openProvider(config.rpcUrl ?? "", 1n);
    const error = await provider.getBlockNumber().then(
      () => assert.fail("the node answered"),
      (refused: unknown) => refused,
    );
    provider.destroy();
    assert.ok(String(error).includes(NODE_KEY), "ethers tells it no more: this can go");
    const text = written((log) => log.warn({ err: error }, "health"));
    assert.match(text, /server response 401/);
    assert.ok(!text.includes(NODE_KEY), text);
  });

  it("hides keys and passwords wherever they stand", () => {
    const text = written((log) => {
      log.info({ deep: { deeper: { still: [SERVICER_KEY] } } }, `connecting with ${PASSWORD}`);
      log.info({ url: config.databaseUrl }, encodeURIComponent(PASSWORD));
    });
    for (const secret of secretsOf(config)) assert.ok(!text.includes(secret), text);
    assert.equal(text.split("\n").length, 3);
  });
});
