/** `npm run deploy` as a newcomer runs it, against the chain and the deployment of a service. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { embeddedAccount, openProvider } from "../../../server/chain/connect-chain.ts";
import { deployContract } from "../../../server/chain/deploy-contract.ts";
import {
  EMBEDDED_CHAIN_ID,
  type EmbeddedChain,
  startEmbeddedChain,
} from "../../../server/chain/embedded-chain.ts";
import { ensureDeployment } from "../../../server/chain/ensure-deployment.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
/** The day before the sample's closing. */
const START = new Date("2026-12-14T12:00:00Z");
const CLOSING = new Date("2026-12-15T14:00:00Z");

let folder: string;
let chain: EmbeddedChain;
let record: string;
let plan: string;
let keys: string[];
let miner: NodeJS.Timeout;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-deploy-"));
  chain = await startEmbeddedChain({ folder, startAt: START, mine: "on-demand" });
  record = path.join(folder, "deployment.json");
  await ensureDeployment(chain, record);
  await cp(path.join(ROOT, "scripts/sample-deal"), path.join(folder, "deal"), { recursive: true });
  plan = path.join(folder, "deal/deal.json");
  const provider = openProvider(chain.url, EMBEDDED_CHAIN_ID);
  keys = [0, 5].map((account) => embeddedAccount(account, provider).privateKey);
  provider.destroy();
  miner = setInterval(() => void chain.mine().catch(() => undefined), 100);
});
after(async () => {
  clearInterval(miner);
  await chain.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  code: number;
  out: string;
  said: string;
}

/** Runs a script of the repository; never rejects. */
async function script(name: string, args: string[], env: Record<string, string> = {}) {
  return await new Promise<Outcome>((resolve) => {
    const file = path.join(ROOT, "scripts", name);
    const options = { env: { PATH: process.env["PATH"], ...env } };
    execFile(process.execPath, [file, ...args], options, (error, out, said) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, said });
    });
  });
}

async function deploy(args: string[], account = 0): Promise<Outcome> {
  const env = { RPC_URL: chain.url, DEPLOYER_KEY: keys[account] ?? "" };
  const outcome = await script("deploy.ts", ["--record", record, "--deal", plan, ...args], env);
  assert.doesNotMatch(
    outcome.said,
    /\n {4}at |0x[0-9a-f]{100}/i,
    "neither a stack nor a page of hex",
  );
  return outcome;
}

describe("the deploy command on a running service's chain", () => {
  it("explains itself, and checks a plan without sending anything", async () => {
    const help = await script("deploy.ts", ["--help"]);
    assert.equal(help.code, 0);
    assert.match(help.out, /usage: npm run deploy[\s\S]*--mint-deposit[\s\S]*Ends with 0/);
    assert.equal((await deploy([])).code, 0);
    const wrong = await script("deploy.ts", ["--broadcast"], { DEPLOYER_KEY: "secret" });
    assert.equal(wrong.code, 2);
    assert.match(wrong.said, /RPC_URL must be .*; DEPLOYER_KEY must be/);
    assert.ok(!wrong.said.includes("secret"));
    const unknown = await script("deploy.ts", ["--brodcast"]);
    assert.equal(unknown.code, 2);
    assert.match(unknown.said, /^deploy: Unknown option '--brodcast'\nusage:/);
  });

  it("names roles that are missing before it sends anything", async () => {
    const { code, said } = await deploy(["--broadcast"], 1);
    assert.equal(code, 1);
    assert.match(said, /does not hold the role issuer\n.*role registrar\n.*role admin/);
  });

  it("names a deposit that is missing", async () => {
    const { code, said } = await deploy(["--broadcast"]);
    assert.equal(code, 1);
    assert.match(said, /has 0\.00 \(0 units\) of the cash token 0x\w+, and the closing takes/);
    assert.match(said, /a deposit of 1,000\.00 \(1000000000 units\)/);
  });

  it("takes the feed of an index by the index's name, if it answers as the deal says", async () => {
    const file = path.join(folder, "deal/deal.yaml");
    const [source, whole] = [await readFile(file, "utf8"), await readFile(plan, "utf8")];
    const index =
      "{ source: feed, decimals: 8, unit: percent, maxAge: 7 days, fixing: 2 business days before accrual }";
    const floating = source
      .replace("id: sample-2026-1", "id: floating")
      .replace(/coupon: \S+ %/, "coupon: { index: SOFR30, margin: 1 % }")
      .replace("\nconstants:", `\nindices:\n  SOFR30: ${index}\n\nconstants:`);
    await writeFile(file, floating);
    const withFeed = (address: string) =>
      writeFile(plan, JSON.stringify({ ...JSON.parse(whole), feeds: { SOFR30: address } }));
    try {
      const missing = await deploy([]);
      assert.equal(missing.code, 1);
      assert.match(missing.said, /feeds\.SOFR30: is missing; write the address/);
      const provider = openProvider(chain.url, EMBEDDED_CHAIN_ID);
      const signer = embeddedAccount(0, provider);
      const mine = () => chain.mine();
      const wrong = await deployContract({ signer, mine }, "MockIndexFeed", [18]);
      const right = await deployContract({ signer, mine }, "MockIndexFeed", [8]);
      provider.destroy();
      await withFeed(wrong.address);
      const refused = await deploy(["--broadcast", "--mint-deposit"]);
      assert.equal(refused.code, 1, refused.said);
      assert.match(
        refused.said,
        /0x\w+ does not answer as a feed with the decimals of index number 0/,
      );
      await withFeed(right.address);
      const created = await deploy(["--broadcast", "--mint-deposit"]);
      assert.equal(created.code, 3, created.said);
    } finally {
      await writeFile(file, source);
      await writeFile(plan, whole);
    }
  });

  it("creates the deal and waits for its closing, with a code of its own", async () => {
    const before = await readFile(record, "utf8");
    const { code, said } = await deploy([
      "--broadcast",
      "--mint-deposit",
      "--mint-cash",
      "5000.00",
    ]);
    assert.equal(code, 3, said);
    assert.match(said, /can be closed from 2026-12-15T14:00:00\.000Z/);
    assert.equal(await readFile(record, "utf8"), before, "the service's platform stays as it is");
    const replay = await script("replay.ts", ["--rpc", chain.url, "--deal", "sample-2026-1"]);
    assert.equal(replay.code, 3, replay.said);
    assert.match(replay.out, /Deal 2, sample-2026-1: [\s\S]*nothing to compare yet\.\n$/);
  });

  it("closes it then, once", async () => {
    await chain.advanceTo(CLOSING);
    const closed = await deploy(["--broadcast"]);
    assert.equal(closed.code, 0, closed.said);
    assert.match(closed.out, /"dealId": "2"/);
    assert.equal((await deploy(["--broadcast"])).code, 0);
  });

  it("says in a sentence that a deal's closing has passed", async () => {
    const file = path.join(folder, "deal/deal.yaml");
    const source = await readFile(file, "utf8");
    await writeFile(file, source.replace("id: sample-2026-1", "id: too-late"));
    const { code, said } = await deploy(["--broadcast", "--mint-deposit"]);
    assert.equal(code, 1);
    assert.match(said, /^deploy: the deal's closing time 2026-12-15T14:00:00Z has passed/m);
  });
});
