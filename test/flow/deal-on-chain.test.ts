import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import path from "node:path";
import { promisify } from "node:util";
import { compileDeal } from "../../server/deals/compile-deal.ts";
import { decompilePrograms } from "../../server/deals/decompile-programs.ts";
import { withOwnChain } from "../../scripts/replay/engine-contract.ts";
import { openOwnDeal, startOf } from "../../scripts/replay/own-deal.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const FILE = path.join(ROOT, "test/golden/every-feature/deal.yaml");

/** What `npm run deal` prints and ends with. */
async function runDeal(...args: string[]): Promise<{ code: number; output: string }> {
  const script = path.join(ROOT, "scripts/deal.ts");
  const ran = promisify(execFile)(process.execPath, [script, ...args], { encoding: "utf8" });
  return ran.then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      output: error.stdout + error.stderr,
    }),
  );
}

describe("a deal on chain is turned back into its text by who has a node alone", () => {
  const chain = { url: "", factory: "", dealId: "" };
  let finish: () => void = () => {};
  let closed: Promise<void> = Promise.resolve();

  before(async () => {
    const { deal } = compileDeal(await readFile(FILE, "utf8"));
    assert.ok(deal);
    await new Promise<void>((opened, failed) => {
      closed = withOwnChain(startOf(deal), async (own) => {
        const open = await openOwnDeal(own, deal);
        chain.url = own.chain.url;
        chain.factory = open.deployment.dealFactory;
        chain.dealId = String(open.deal.dealId);
        opened();
        await new Promise<void>((resolve) => (finish = resolve));
      });
      closed.catch(failed);
    });
  });

  after(async () => {
    finish();
    await closed;
  });

  test("show prints what it prints of the file, but for the rules of tapes", async () => {
    const there = await runDeal("show", "--rpc", chain.url, "--deal", chain.dealId);
    const here = await runDeal("show", FILE);
    assert.deepEqual([there.code, here.code], [0, 0]);
    const [words = "", end = ""] = there.output.split("\nTape\n");
    assert.equal(words, here.output.split("\nTape\n")[0]);
    assert.equal(end.split("\n").at(-2), here.output.split("\n").at(-2), "size and terms hash");
  });

  test("by its name and factory too, and --source prints the programs as they were written", async () => {
    const { deal } = compileDeal(await readFile(FILE, "utf8"));
    assert.ok(deal);
    const place = ["--rpc", chain.url, "--deal", "every-feature", "--factory", chain.factory];
    const { code, output } = await runDeal("show", ...place, "--source");
    assert.equal(code, 0);
    assert.equal(output.trimEnd(), decompilePrograms(deal.terms).trimEnd());
  });

  test("diff finds the file equal to it, and a changed file different", async () => {
    const place = ["--rpc", chain.url, "--deal", chain.dealId];
    assert.deepEqual(await runDeal("diff", FILE, ...place), {
      code: 0,
      output: "the deals are equal\n",
    });
    const other = await runDeal(
      "diff",
      path.join(ROOT, "test/golden/program-a/deal.yaml"),
      ...place,
    );
    assert.equal(other.code, 1);
    assert.match(other.output, /changed {2}id: Deal program-a -> Deal every-feature/);
  });

  test("a deal that is not there, and a wrong call, are told in a line", async () => {
    const missing = await runDeal("show", "--rpc", chain.url, "--deal", "99");
    assert.equal(missing.code, 2);
    assert.match(
      missing.output,
      /^deal: there is no deal 99 on this chain; deals: 1 \(every-feature\)\n/,
    );
    const wrong = await runDeal("show", FILE, "--rpc", chain.url, "--deal", "1");
    assert.equal(wrong.code, 2);
    assert.match(wrong.output, /^deal: show takes one file, or --rpc and --deal\nusage: /);
  });
});
