/** `npm run deploy` on a network of somebody else: the plan, the question, the sending, the file. */
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { parseEther, Wallet } from "ethers";
import { readDeployment } from "../../../server/chain/connect-chain.ts";
import type { DeploymentRecord } from "../../../server/chain/deploy-record.ts";
import { startEmbeddedChain } from "../../../server/chain/embedded-chain.ts";
import { holdFolder } from "../../../server/db/process-control.ts";
import { CLOSING, openStage, SAMPLE_PLAN, type Stage } from "./deploy-stage.ts";
import { runScript, startScript } from "./deploy-script.ts";

/** With the test stablecoin and the deal up to its creation, the deployer being its originator. */
const TRANSACTIONS = 23;
const NETWORK = ["--network", "trial", "--chain-id", "31337"];
const DEAL = ["--deal", SAMPLE_PLAN, "--test-stablecoin", "--mint-deposit"];

let stage: Stage;
let file: string;
before(async () => {
  stage = await openStage();
  file = path.join(stage.folder, "trial.json");
});
after(() => stage.close());

function environment(account = 0): Record<string, string> {
  return { TRIAL_RPC_URL: stage.chain.url, DEPLOYER_KEY: stage.account(account).privateKey };
}

const deploy = (args: readonly string[], env = environment()) =>
  runScript("deploy.ts", [...NETWORK, "--record", file, ...args], env);
const nonceOf = (account = 0) => stage.provider.getTransactionCount(stage.account(account).address);
const recordIn = async (place: string) =>
  JSON.parse(await readFile(place, "utf8")) as DeploymentRecord;

describe("the deploy command, called wrongly", () => {
  it("explains itself, and says in a sentence what is missing", async () => {
    const cases: [string[], Record<string, string>, number, RegExp][] = [
      [["--help"], {}, 0, /^usage: npm run deploy[\s\S]*--dry-run[\s\S]*Ends with 0/],
      [["--brodcast"], {}, 2, /^deploy: Unknown option '--brodcast'\nusage:/],
      [[], {}, 2, /^deploy: say with --network where/],
      [["--network", "sepolia"], {}, 2, /^deploy: SEPOLIA_RPC_URL or RPC_URL must be/],
      [
        [...NETWORK],
        { RPC_URL: "http://127.0.0.1:1/v2/longsecretkey" },
        2,
        /^deploy: the node at http:\/\/127\.0\.0\.1:1 does not answer\n$/,
      ],
      [[...NETWORK, "--dry-run"], { RPC_URL: stage.chain.url }, 2, /^deploy: who sends\?/],
      [
        [...NETWORK],
        { RPC_URL: stage.chain.url, DEPLOYER_KEY: "longsecretkey" },
        2,
        /^deploy: DEPLOYER_KEY must be/,
      ],
    ];
    const outcomes = await Promise.all(
      cases.map(([args, env]) => runScript("deploy.ts", args, env)),
    );
    for (const [i, { code, out, said }] of outcomes.entries()) {
      const [, , expected, words] = cases[i]!;
      assert.equal(code, expected);
      assert.match(code === 0 ? out : said, words);
      assert.doesNotMatch(out + said, /longsecretkey/);
    }
  });

  it("refuses another chain than the network's, and one that is said nowhere", async () => {
    const env = { ...environment(), SEPOLIA_RPC_URL: stage.chain.url };
    const other = await runScript("deploy.ts", ["--network", "sepolia", "--dry-run"], env);
    assert.equal(other.code, 2);
    assert.match(other.said, /serves chain 31337, and sepolia is chain 11155111: nothing was sent/);
    const unsaid = await runScript("deploy.ts", ["--network", "trial", "--dry-run"], env);
    assert.match(unsaid.said, /^deploy: trial is on no list .* this node serves 31337/);
  });
});

describe("the deploy command on a new network", () => {
  it("prints a plan without a key, and sends nothing", async () => {
    const { address } = stage.account(0);
    const env = { TRIAL_RPC_URL: stage.chain.url };
    const { code, out } = await deploy(["--dry-run", "--from", address, ...DEAL], env);
    assert.equal(code, 0);
    assert.match(out, /What stands\n {2}nothing yet\n/);
    assert.match(out, /deposit +1,000\.00 \(1000000000 units\), by the deployer/);
    assert.match(out, / 1 {2}create AccessManager +[\d,]+ +0\.00\d{4}\n/);
    assert.match(out, /close the deal: .*, from 2026-12-15 14:00 UTC +[\d,]+ /);
    assert.match(out, /A dry run: nothing was sent\.\n$/);
    assert.equal(await nonceOf(), 0);
    await assert.rejects(readFile(file), { code: "ENOENT" });
  });

  it("sends nothing where nobody can be asked", async () => {
    const { code, said } = await deploy(DEAL);
    assert.equal(code, 1);
    assert.match(said, /nothing was sent: there is no terminal to ask at; .* --yes\n$/);
    assert.equal(await nonceOf(), 0);
  });

  it("says how much coin is missing", async () => {
    const poor = Wallet.createRandom();
    const env = { ...environment(), DEPLOYER_KEY: poor.privateKey };
    const { code, said, out } = await deploy(["--yes"], env);
    assert.equal(code, 1);
    const total = /together, about +([\d,]+) +(0\.\d{6})\n/.exec(out)?.[2] ?? "";
    assert.ok(said.includes(`${poor.address} has 0.000000 ETH and needs about ${total} ETH`), said);
    assert.ok(said.includes(`send it ${total} ETH more`));
    const half = parseEther(total) / 2n;
    await stage.provider.send("anvil_setBalance", [poor.address, `0x${half.toString(16)}`]);
    assert.match((await deploy(["--yes"], env)).said, /has 0\.0\d+ ETH and needs/);
  });

  it("goes on after SIGKILL, does what the plan said, and tells the server where it is", async () => {
    const args = [...NETWORK, "--record", file, "--yes", ...DEAL];
    for (const transaction of [3, 12]) {
      const { child, printed, ended } = startScript("deploy.ts", args, environment());
      // The first run counts from 1, the second from where the first one stopped.
      await printed(transaction === 3 ? / 3\/23 / : / 9\/\d+ /);
      child.kill("SIGKILL");
      await ended;
    }
    const { code, out, said } = await deploy(["--yes", ...DEAL]);
    assert.equal(code, 3, said);
    assert.equal(await nonceOf(), TRANSACTIONS, "not one transaction is doubled");
    assert.match(out, /\nVerified: 23 contracts to the last byte/);
    assert.match(out, /can be closed from 2026-12-15 14:00 UTC: run the same command then\n$/);
    const record = await recordIn(file);
    assert.equal(record.transactions?.length, TRANSACTIONS);
    for (const { contract, transactionHash, codeHash, compilerInput } of Object.values(
      record.creations ?? {},
    )) {
      const created = await stage.provider.getTransactionReceipt(transactionHash);
      assert.ok(created?.status === 1, contract);
      assert.match(codeHash ?? "", /^0x[0-9a-f]{64}$/);
      assert.equal(
        record.compilerInputs?.[compilerInput ?? ""]?.compiler,
        "0.8.37+commit.f401782d",
      );
    }
    const deployment = await readDeployment(file);
    assert.equal(deployment?.dealFactory, record.dealFactory);
    assert.equal(record.deals?.[0]?.name, "sample-2026-1");
  });

  it("closes the deal when its time has come, once, at the price of the plan", async () => {
    await stage.chain.advanceTo(CLOSING);
    const planned = await deploy(["--dry-run", ...DEAL]);
    const gas = /together, about +([\d,]+) /.exec(planned.out)?.[1]?.replaceAll(",", "") ?? "";
    const { code, out, said } = await deploy(["--yes", ...DEAL]);
    assert.equal(code, 0, said);
    assert.match(out, /deal 1 is closed/);
    const { transactions = [], deals } = await recordIn(file);
    const closing = transactions.slice(TRANSACTIONS);
    assert.equal(String(closing.reduce((sum, { gasUsed }) => sum + BigInt(gasUsed), 0n)), gas);
    assert.equal(deals?.[0]?.closed, true);
    const nonce = await nonceOf();
    const again = await deploy(["--yes", ...DEAL]);
    assert.equal(again.code, 0);
    assert.match(again.out, /none: everything is on chain/);
    assert.equal(await nonceOf(), nonce);
  });

  it("writes the sources for explorers, with what each contract was created from", async () => {
    const folder = path.join(stage.folder, "explorer");
    const { code } = await deploy(["--verify", "--explorer", folder], { RPC_URL: stage.chain.url });
    assert.equal(code, 0);
    const read = async (name: string) =>
      JSON.parse(await readFile(path.join(folder, name), "utf8")) as Record<string, unknown>;
    const { contracts } = (await read("contracts.json")) as { contracts: Record<string, string>[] };
    const { creations = {} } = await recordIn(file);
    assert.equal(contracts.length, 23);
    for (const { name = "", file: place = "", constructorArguments } of contracts) {
      const { stdJsonInput, contractIdentifier } = await read(place);
      const [source = ""] = String(contractIdentifier).split(":").slice(0, -1);
      assert.ok(source in (stdJsonInput as { sources: object }).sources, name);
      const creation = creations[name as keyof typeof creations];
      if (creation === undefined) continue;
      const { data } = (await stage.provider.getTransaction(creation.transactionHash))!;
      if (creation.contract !== "ERC1967Proxy")
        assert.ok(data.endsWith(constructorArguments ?? "-"));
    }
  });

  it("delays what may be changed on every chain but the embedded one", async () => {
    const folder = path.join(stage.folder, "sepolia");
    const copyOf = { url: stage.chain.url, chainId: 11_155_111n };
    const other = await startEmbeddedChain({ folder, mine: "on-demand", copyOf });
    const place = path.join(folder, "sepolia.json");
    const args = ["--network", "sepolia", "--record", place, "--dry-run"];
    const from = ["--from", stage.account(3).address];
    const env = { SEPOLIA_RPC_URL: other.url };
    const { code, out, said } = await runScript("deploy.ts", [...args, ...from], env);
    await other.stop();
    assert.equal(code, 0, said);
    assert.match(out, /sepolia, chain 11155111/);
    assert.match(out, /\n {2}admin, upgrader +0x\w{40}, after 2 days\n/);
    assert.match(out, /\n {2}attesterAdmin +0x\w{40}, after 1 day\n/);
    assert.match(out, /delay changes of \d+ contracts' roles/);
    assert.doesNotMatch((await deploy(["--dry-run"])).out, /, after/);
  });

  it("refuses a record of another chain, and one that another process is sending for", async () => {
    const other = path.join(stage.folder, "other.json");
    await writeFile(other, JSON.stringify({ chainId: 1 }));
    const wrong = await deploy(["--record", other, "--dry-run"]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.said, /other\.json is of chain 1, and trial is chain 31337/);
    const second = path.join(stage.folder, "second.json");
    await mkdir(stage.folder, { recursive: true });
    const held = await holdFolder(path.join(stage.folder, "second.run"));
    const busy = await deploy(["--record", second, "--yes"], environment(1));
    await held.release();
    assert.equal(busy.code, 2);
    assert.match(
      busy.said,
      new RegExp(`process ${process.pid} is deploying into .*second\\.json now`),
    );
    assert.equal(await nonceOf(1), 0);
  });
});
