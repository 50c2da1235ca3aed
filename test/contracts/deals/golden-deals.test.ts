import { expect } from "chai";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { network } from "hardhat";
import { createDeal } from "../../../server/chain/create-deal.ts";
import { deployPlatform } from "../../../server/chain/deploy-platform.ts";
import { readClosingTerms } from "../../../server/chain/read-closing-terms.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { present } from "./present.ts";

const GOLDEN = path.join(import.meta.dirname, "../../golden");
const DAY = 86_400;

async function goldenDeals(): Promise<string[]> {
  const entries = await readdir(GOLDEN, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** A chain whose clock stands one day before the deal's closing. */
async function chainBefore(closingTime: number) {
  const initialDate = new Date((closingTime - DAY) * 1_000);
  return network.create({ network: "default", override: { initialDate } });
}

describe("the golden deals", () => {
  it("are compiled to terms that the factory and everything behind it take", async () => {
    const names = await goldenDeals();
    expect(names.length).to.be.greaterThan(0);
    for (const name of names) {
      const source = await readFile(path.join(GOLDEN, name, "deal.yaml"), "utf8");
      const { deal, problems } = compileDeal(source);
      expect(deal, `${name}: ${JSON.stringify(problems)}`).not.to.equal(null);
      const { bytes, termsHash, file, terms } = present(deal);
      const { closingTime } = readClosingTerms(bytes);
      const { ethers } = await chainBefore(closingTime);
      const [signer] = await ethers.getSigners();
      const sender = { signer: present(signer) };
      const deployment = await deployPlatform({ ...sender, testStablecoin: true });
      const feeds: string[] = [];
      for (const { feedDecimals } of terms.indices) {
        feeds.push(
          await (await ethers.deployContract("MockIndexFeed", [feedDecimals])).getAddress(),
        );
      }
      const created = await createDeal(sender, deployment, {
        deal: {
          terms: bytes,
          cashToken: present(deployment.cashToken),
          payees: file.parties.filter((party) => party.payee).map(() => present(signer).address),
          feeds,
          originator: present(signer).address,
          symbols: file.classes.map((note) => note.name),
          names: file.classes.map((note) => `${file.name} ${note.name}`),
          attesters: [present(signer).address],
          threshold: 1,
        },
      });
      expect(created.termsHash).to.equal(termsHash);
      expect(created.tokens.length).to.equal(file.classes.length);
    }
  });
});
