/** `npm run deploy -- --network local`: a deal on the chain and the platform of a running service. */
import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { deployContract } from "../../../server/chain/deploy-contract.ts";
import { type EmbeddedChain, startEmbeddedChain } from "../../../server/chain/embedded-chain.ts";
import { ensureDeployment } from "../../../server/chain/ensure-deployment.ts";
import { embeddedAccount, openProvider } from "../../../server/chain/connect-chain.ts";
import { EMBEDDED_CHAIN_ID } from "../../../server/chain/embedded-chain.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { CLOSING, DAY_BEFORE, ROOT } from "./deploy-stage.ts";
import { runScript } from "./deploy-script.ts";

let folder: string;
let chain: EmbeddedChain;
let record: string;
let plan: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-local-"));
  const data = path.join(folder, "chain");
  chain = await startEmbeddedChain({ folder: data, startAt: DAY_BEFORE, mine: "on-demand" });
  record = path.join(data, "deployment.json");
  await ensureDeployment(chain, record);
  await cp(path.join(ROOT, "scripts/sample-deal"), path.join(folder, "deal"), { recursive: true });
  plan = path.join(folder, "deal/deal.json");
});
after(async () => {
  await chain.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const deploy = (args: readonly string[], env: Record<string, string> = {}) =>
  runScript("deploy.ts", ["--network", "local", "--deal", plan, ...args], {
    DATA_DIR: folder,
    ...env,
  });

/** The deal file with other words, for as long as `work` takes. */
async function withDeal(change: (source: string) => string, work: () => Promise<void>) {
  const file = path.join(folder, "deal/deal.yaml");
  const [source, whole] = [await readFile(file, "utf8"), await readFile(plan, "utf8")];
  await writeFile(file, change(source));
  try {
    await work();
  } finally {
    await writeFile(file, source);
    await writeFile(plan, whole);
  }
}

describe("the deploy command on a running service's chain", () => {
  it("names roles that are missing before it sends anything", async () => {
    const provider = openProvider(chain.url, EMBEDDED_CHAIN_ID);
    const { privateKey } = embeddedAccount(5, provider);
    provider.destroy();
    const { code, said } = await deploy(["--yes"], { DEPLOYER_KEY: privateKey });
    assert.equal(code, 1);
    assert.match(said, /does not hold the role issuer\n.*role registrar\n$/);
  });

  it("names a deposit that is missing", async () => {
    const { code, said } = await deploy(["--yes"]);
    assert.equal(code, 1);
    assert.match(said, /has 0\.00 \(0 units\) of the cash token 0x\w+, and the closing takes/);
    assert.match(said, /a deposit of 1,000\.00 \(1000000000 units\)/);
  });

  it("takes the feed of an index by the index's name, if it answers as the deal says", async () => {
    const index =
      "{ source: feed, decimals: 8, unit: percent, maxAge: 7 days, fixing: 2 business days before accrual }";
    const floating = (source: string) =>
      source
        .replace("id: sample-2026-1", "id: floating")
        .replace(/coupon: \S+ %/, "coupon: { index: SOFR30, margin: 1 % }")
        .replace("\nconstants:", `\nindices:\n  SOFR30: ${index}\n\nconstants:`);
    const withFeed = async (address: string): Promise<void> => {
      const wishes = JSON.parse(await readFile(plan, "utf8")) as object;
      await writeFile(plan, JSON.stringify({ ...wishes, feeds: { SOFR30: address } }));
    };
    await withDeal(floating, async () => {
      const missing = await deploy(["--dry-run"]);
      assert.equal(missing.code, 1);
      assert.match(missing.said, /feeds\.SOFR30: is missing; write the address/);
      const provider = openProvider(chain.url, EMBEDDED_CHAIN_ID);
      const sender = { signer: embeddedAccount(0, provider), mine: () => chain.mine() };
      const wrong = await deployContract(sender, "MockIndexFeed", [18]);
      const right = await deployContract(sender, "MockIndexFeed", [8]);
      provider.destroy();
      await withFeed(wrong.address);
      const refused = await deploy(["--dry-run", "--mint-deposit"]);
      assert.equal(refused.code, 1, refused.said);
      assert.match(
        refused.said,
        /0x\w+ does not answer as a feed with the decimals of index number 0/,
      );
      await withFeed(right.address);
      const created = await deploy(["--yes", "--mint-deposit"]);
      assert.equal(created.code, 3, created.said);
    });
  });

  it("creates the deal with what is passed on later, and waits for its closing with a code of its own", async () => {
    const platform = async () => {
      const {
        deals: _deals,
        transactions: _sent,
        ...rest
      } = JSON.parse(await readFile(record, "utf8")) as Record<string, unknown>;
      return { ...rest, creations: undefined, compilerInputs: undefined };
    };
    const untouched = await platform();
    const { code, out, said } = await deploy(["--yes", "--mint-deposit", "--mint-cash", "5000.00"]);
    assert.equal(code, 3, said);
    assert.match(out, /can be closed from 2026-12-15 14:00 UTC/);
    assert.deepEqual(await platform(), untouched, "the service's platform stays as it is");
    const replay = await runScript("replay.ts", ["--rpc", chain.url, "--deal", "sample-2026-1"]);
    assert.equal(replay.code, 3, replay.said);
    assert.match(replay.out, /Deal 2, sample-2026-1: [\s\S]*nothing to compare yet\.\n$/);
  });

  it("closes it then, and mints no cash a second time", async () => {
    await chain.advanceTo(CLOSING);
    const closed = await deploy(["--yes", "--mint-cash", "5000.00"]);
    assert.equal(closed.code, 0, closed.said);
    assert.match(closed.out, /deal 2 is closed/);
    assert.doesNotMatch(closed.out, /mint test stablecoin/);
  });

  it("says in a sentence that a deal's closing has passed", async () => {
    const late = (source: string) => source.replace("id: sample-2026-1", "id: too-late");
    await withDeal(late, async () => {
      const { code, said } = await deploy(["--dry-run", "--mint-deposit"]);
      assert.equal(code, 1);
      assert.match(said, /^deploy: the deal's closing time 2026-12-15T14:00:00Z has passed/m);
    });
  });
});
