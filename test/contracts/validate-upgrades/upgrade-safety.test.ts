import { expect } from "chai";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { validateUpgradeSafety } from "@openzeppelin/upgrades-core";
import hre, { network } from "hardhat";

const { ethers } = await network.create();

/** Where OpenZeppelin's Initializable keeps the version; the largest one means: never again. */
const INITIALIZABLE_SLOT = 0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00n;

/** Any contract, where a link must be one. */
const [engine, checker] = await Promise.all(
  ["WaterfallEngine", "TermsChecker"].map(async (name) =>
    (await ethers.deployContract(name)).getAddress(),
  ),
);

/** What each implementation is made with. */
const LINKS: Record<string, unknown[]> = {
  "contracts/compliance/ComplianceRegistry.sol:ComplianceRegistry": [engine, engine],
  "contracts/deals/DealFactory.sol:DealFactory": [checker],
  "contracts/reports/ReportRegistry.sol:ReportRegistry": [engine, engine],
  "contracts/reports/RunInputs.sol:RunInputs": [],
  "contracts/tokens/TrancheToken.sol:TrancheToken": [engine, engine, engine],
  "contracts/waterfall/WaterfallDistributor.sol:WaterfallDistributor": [
    { engine, factory: engine, reports: engine, compliance: engine, inputs: engine },
  ],
};
const UPGRADEABLE = Object.keys(LINKS);

/** The verdict of the OpenZeppelin checker on one contract, from the build that its artifact came from and no other. */
async function validate(name: string) {
  const artifact = await hre.artifacts.readArtifact(name);
  const folder = await mkdtemp(path.join(tmpdir(), "build-info-"));
  try {
    const id = artifact.buildInfoId;
    for (const suffix of [".json", ".output.json"]) {
      const from = path.join(hre.config.paths.artifacts, "build-info", `${id}${suffix}`);
      await copyFile(from, path.join(folder, `${id}${suffix}`));
    }
    return await validateUpgradeSafety(folder, name);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("upgrade safety", () => {
  for (const name of UPGRADEABLE) {
    it(`[U5] finds nothing unsafe in ${name.split(":")[1]}`, async () => {
      const report = await validate(name);
      expect(report.ok, report.explain(false)).to.equal(true);
    });
  }

  it("[U1] finds every upgradeable contract, each with its initialisers switched off behind the proxy", async () => {
    const found: string[] = [];
    for (const name of await hre.artifacts.getAllFullyQualifiedNames()) {
      const [source] = name.split(":") as [string];
      if (!source.startsWith("contracts/") || source.startsWith("contracts/mocks/")) continue;
      const { abi, bytecode } = await hre.artifacts.readArtifact(name);
      const members = abi as { name?: string }[];
      const isDeployable = bytecode !== "0x"; // neither an interface nor abstract
      if (!isDeployable || !members.some((member) => member.name === "initialize")) continue;
      found.push(name);
      const implementation = await ethers.deployContract(name, LINKS[name] ?? []);
      const word = await ethers.provider.getStorage(implementation, INITIALIZABLE_SLOT);
      expect(BigInt(word), name).to.equal(2n ** 64n - 1n);
    }
    expect(found.toSorted()).to.deep.equal(UPGRADEABLE);
  });
});
