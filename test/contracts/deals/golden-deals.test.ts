import { expect } from "chai";
import { glob, readFile } from "node:fs/promises";
import path from "node:path";
import { network } from "hardhat";
import { createDeal } from "../../../server/chain/create-deal.ts";
import { deployPlatform } from "../../../server/chain/deploy-platform.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { CompiledDeal } from "../../../server/deals/compile-deal.ts";
import { present } from "./present.ts";

const GOLDEN = path.join(import.meta.dirname, "../../golden");
const DAY = 86_400;

/** Every deal of the golden folders, by its place. */
async function compileAll(): Promise<Map<string, CompiledDeal>> {
  const deals = new Map<string, CompiledDeal>();
  for await (const file of glob("**/deal.yaml", { cwd: GOLDEN })) {
    const { deal, problems } = compileDeal(await readFile(path.join(GOLDEN, file), "utf8"));
    expect(deal, `${file}: ${JSON.stringify(problems)}`).not.to.equal(null);
    deals.set(path.dirname(file), present(deal));
  }
  return deals;
}

/** A platform on a chain whose clock stands one day before the first of the closings. */
async function platformBefore(deals: Iterable<CompiledDeal>) {
  const first = Math.min(...[...deals].map(({ terms }) => terms.closingTime));
  const initialDate = new Date((first - DAY) * 1_000);
  const { ethers } = await network.create({ network: "default", override: { initialDate } });
  const sender = { signer: present((await ethers.getSigners())[0]) };
  return { ethers, sender, deployment: await deployPlatform({ ...sender, testStablecoin: true }) };
}

describe("the golden deals", () => {
  it("are compiled to terms that the factory and everything behind it take", async () => {
    const deals = await compileAll();
    expect(deals.size).to.be.greaterThan(0);
    const { ethers, sender, deployment } = await platformBefore(deals.values());
    const { address } = sender.signer;
    for (const [place, { bytes, termsHash, file, terms }] of deals) {
      const feeds: string[] = [];
      for (const { feedDecimals } of terms.indices) {
        const feed = await ethers.deployContract("MockIndexFeed", [feedDecimals]);
        feeds.push(await feed.getAddress());
      }
      const created = await createDeal(sender, deployment, {
        deal: {
          terms: bytes,
          cashToken: present(deployment.cashToken),
          payees: terms.payees.map(() => address),
          feeds,
          originator: address,
          symbols: file.classes.map((note) => note.name),
          names: file.classes.map((note) => `${file.name} ${note.name}`),
          attesters: [address],
          threshold: 1,
          successors: [address],
          successorThreshold: 1,
        },
      });
      expect(created.termsHash, place).to.equal(termsHash);
      expect(created.tokens.length, place).to.equal(file.classes.length);
    }
  }).timeout(120_000);
});
