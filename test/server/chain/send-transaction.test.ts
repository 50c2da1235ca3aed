import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFile } from "node:fs/promises";
import { ContractFactory, Interface, type InterfaceAbi } from "ethers";
import { openProvider } from "../../../server/chain/connect-chain.ts";
import { listOpenTransactions } from "../../../server/chain/transaction-queries.ts";
import { sendIntended } from "../../../server/chain/send-transaction.ts";
import { getTransaction, insertIntent } from "../../../server/chain/transaction-queries.ts";
import type { Context } from "../../../server/context.ts";
import { Problem } from "../../../server/errors.ts";
import { startTestServer, type TestServer } from "../start-test-server.ts";
import { runToDeath } from "./run-to-death.ts";
import { resumeTransactions } from "./resume-transactions.ts";

let server: TestServer;
let context: Context;
let token: string;
const erc20 = new Interface([
  "function mint(address account, uint256 units)",
  "function transfer(address to, uint256 units)",
  "function totalSupply() view returns (uint256)",
]);

before(async () => {
  server = await startTestServer({ chain: true });
  context = server.context;
  const file = "artifacts/contracts/mocks/MockStablecoin.sol/MockStablecoin.json";
  const artifact = JSON.parse(await readFile(file, "utf8")) as {
    abi: InterfaceAbi;
    bytecode: string;
  };
  const factory = new ContractFactory(artifact.abi, artifact.bytecode, context.chain.servicer);
  const contract = await factory.deploy();
  await context.chain.mine?.();
  await contract.waitForDeployment();
  token = await contract.getAddress();
});
after(() => server.close());

/** An intent to mint `units`: what was sent is seen in the total supply. */
async function intendMint(key: string, units: bigint): Promise<void> {
  await intend(key, erc20.encodeFunctionData("mint", [await senderOf(context), units]));
}

async function intend(key: string, data: string): Promise<void> {
  const sender = await senderOf(context);
  await context.db
    .transaction()
    .execute((trx) =>
      insertIntent(
        trx,
        { key, kind: "test", dealId: null, period: null, sender, recipient: token, data },
        context.clock.now(),
      ),
    );
}

function senderOf({ chain }: Context): Promise<string> {
  return chain.servicer.getAddress();
}

async function totalSupply(): Promise<bigint> {
  const data = erc20.encodeFunctionData("totalSupply");
  const call = { to: token, data };
  return BigInt(await context.chain.provider.send("eth_call", [call, "latest"]));
}

async function nonceOf(): Promise<number> {
  const { provider } = context.chain;
  return provider.getTransactionCount(await senderOf(context), "latest");
}

function isProblem(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Problem && error.code === code;
}

test("an intent is signed, sent and settled once, however often it is called", async () => {
  const supply = await totalSupply();
  await intendMint("mint:once", 7n);
  await intendMint("mint:once", 7n);
  const first = await sendIntended(context, "mint:once");
  const again = await sendIntended(context, "mint:once");
  assert.equal(first.status, "mined");
  assert.deepEqual(again, first);
  assert.ok(first.gas_used !== null && first.gas_used > 21_000n);
  assert.equal(await totalSupply(), supply + 7n);
});

test("intents that are sent at the same time by two processes take a nonce each", async () => {
  const other = await server.openSecondContext();
  const supply = await totalSupply();
  const nonce = await nonceOf();
  const keys = [1, 2, 3, 4, 5, 6].map((number) => `mint:parallel:${number}`);
  for (const key of keys) await intendMint(key, 1n);
  const calls = keys.flatMap((key) => [sendIntended(context, key), sendIntended(other, key)]);
  const rows = await Promise.all(calls);
  assert.equal(new Set(rows.map((row) => row.nonce)).size, 6);
  assert.equal(await totalSupply(), supply + 6n);
  assert.equal(await nonceOf(), nonce + 6);
});

test("a call that the contract refuses is not signed, and a later attempt keeps its row", async () => {
  const nonce = await nonceOf();
  const broke = erc20.encodeFunctionData("transfer", [token, 10n ** 18n]);
  await intend("transfer", broke);
  await assert.rejects(sendIntended(context, "transfer"), isProblem("chain-refused"));
  const failed = await getTransaction(context.db, "transfer");
  assert.equal(failed.status, "failed");
  assert.match(
    failed.error ?? "",
    /^ERC20InsufficientBalance\(sender: 0x.*needed: 1000000000000000000\)$/,
  );
  await assert.rejects(sendIntended(context, "transfer"), isProblem("transaction-failed"));
  assert.equal(await nonceOf(), nonce);

  await intend("transfer", erc20.encodeFunctionData("transfer", [token, 1n]));
  assert.equal((await sendIntended(context, "transfer")).status, "mined");
  assert.equal((await getTransaction(context.db, `transfer#${failed.id}`)).status, "failed");
});

test("a nonce that another transaction consumed is replaced, and the call is made once", async () => {
  const supply = await totalSupply();
  await intendMint("mint:overtaken", 5n);
  // Signed, but the node is gone before it is sent.
  await runToDeath(server, {
    step: "send",
    key: "mint:overtaken",
    when: "before",
    method: "eth_sendRawTransaction",
  });
  const signed = await getTransaction(context.db, "mint:overtaken");
  await context.chain.servicer.sendTransaction({
    to: token,
    data: "0x18160ddd",
    nonce: signed.nonce,
  });
  await context.chain.mine?.();
  const settled = await sendIntended(context, "mint:overtaken");
  assert.equal(settled.nonce, (signed.nonce ?? 0) + 1);
  assert.notEqual(settled.hash, signed.hash);
  assert.equal(await totalSupply(), supply + 5n);
});

test("a transaction whose fees became too low is sent again with higher ones", async () => {
  const supply = await totalSupply();
  await intendMint("mint:cheap", 3n);
  await runToDeath(server, {
    step: "send",
    key: "mint:cheap",
    when: "before",
    method: "eth_sendRawTransaction",
  });
  const cheap = await getTransaction(context.db, "mint:cheap");
  await context.chain.provider.send("anvil_setNextBlockBaseFeePerGas", ["0x174876e800"]);
  await context.chain.mine?.();
  const settled = await sendIntended(context, "mint:cheap");
  assert.equal(settled.nonce, cheap.nonce);
  assert.notEqual(settled.hash, cheap.hash);
  assert.ok(settled.earlier_hashes.includes(cheap.hash ?? ""));
  assert.equal(await totalSupply(), supply + 3n);
});

test("a node that is down keeps the intent; when it is up again the work goes on", async () => {
  const supply = await totalSupply();
  await intendMint("mint:down", 2n);
  // Nobody listens there.
  const provider = openProvider("http://127.0.0.1:9", context.chain.chainId);
  const down: Context = { ...context, chain: { ...context.chain, provider } };
  await assert.rejects(sendIntended(down, "mint:down"), isProblem("chain-unreachable"));
  assert.deepEqual(await resumeTransactions(down), []);
  assert.equal((await getTransaction(context.db, "mint:down")).status, "intended");
  assert.deepEqual(await resumeTransactions(context), ["mint:down"]);
  assert.equal(await totalSupply(), supply + 2n);
  provider.destroy();
});

const DEATHS = [
  { when: "before", method: "eth_estimateGas", line: "before it is signed" },
  { when: "before", method: "eth_sendRawTransaction", line: "after storing the signed bytes" },
  { when: "after", method: "eth_sendRawTransaction", line: "after sending" },
  { when: "after", method: "eth_getTransactionReceipt", line: "before settling" },
] as const;

for (const { when, method, line } of DEATHS) {
  test(`a process killed ${line} is taken up and the call is made once`, async () => {
    const supply = await totalSupply();
    const nonce = await nonceOf();
    const key = `mint:killed ${line}`;
    await intendMint(key, 11n);
    await runToDeath(server, { step: "send", key, when, method });
    assert.equal((await listOpenTransactions(context.db)).length, 1);
    assert.deepEqual(await resumeTransactions(context), [key]);
    assert.deepEqual(await listOpenTransactions(context.db), []);
    assert.equal(await totalSupply(), supply + 11n);
    assert.equal(await nonceOf(), nonce + 1);
  });
}
