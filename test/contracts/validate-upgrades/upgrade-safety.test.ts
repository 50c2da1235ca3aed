import { expect } from "chai";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { validateUpgradeSafety } from "@openzeppelin/upgrades-core";
import hre from "hardhat";

const UPGRADEABLE = [
  "contracts/compliance/ComplianceRegistry.sol:ComplianceRegistry",
  "contracts/deals/DealFactory.sol:DealFactory",
  "contracts/reports/ReportRegistry.sol:ReportRegistry",
  "contracts/tokens/TrancheToken.sol:TrancheToken",
  "contracts/waterfall/WaterfallDistributor.sol:WaterfallDistributor",
];

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
      const { abi } = await hre.artifacts.readArtifact(name);
      const members = abi as { type: string; name?: string }[];
      const isInterface = source.startsWith("contracts/interfaces/");
      if (isInterface || !members.some((member) => member.name === "initialize")) continue;
      found.push(name);
      const text = await readFile(path.join(hre.config.paths.root, source), "utf8");
      expect(text).to.match(/constructor\(\) \{\s+_disableInitializers\(\);\s+\}/);
    }
    expect(found.sort()).to.deep.equal(UPGRADEABLE);
  });
});
