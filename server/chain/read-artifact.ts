import { readFile } from "node:fs/promises";
import path from "node:path";
import type { JsonFragment } from "ethers";

/** What the compiler wrote about one contract. */
export interface Artifact {
  abi: JsonFragment[];
  /** Creation code, 0x-hex. */
  bytecode: string;
}

const FOLDERS = {
  AccessManager: "@openzeppelin/contracts/access/manager",
  BeaconProxy: "@openzeppelin/contracts/proxy/beacon",
  ERC1967Proxy: "@openzeppelin/contracts/proxy/ERC1967",
  UpgradeableBeacon: "@openzeppelin/contracts/proxy/beacon",
  ComplianceRegistry: "contracts/compliance",
  DealFactory: "contracts/deals",
  TermsChecker: "contracts/deals",
  PrimaryIssuance: "contracts/deals",
  PlatformGenesis: "contracts/deals",
  MockContractWallet: "contracts/mocks",
  MockIndexFeed: "contracts/mocks",
  MockStablecoin: "contracts/mocks",
  PoolBalanceFeed: "contracts/reports",
  ReportRegistry: "contracts/reports",
  RunInputs: "contracts/reports",
  TrancheToken: "contracts/tokens",
  TransferRestrictions: "contracts/tokens",
  WaterfallEngine: "contracts/waterfall",
  WaterfallDistributor: "contracts/waterfall",
} as const;

export type ArtifactName = keyof typeof FOLDERS;

const ROOT = path.join(import.meta.dirname, "../../artifacts");

/**
 * Reads a contract's ABI and creation code from the build output.
 * @throws Error when the contracts were not built
 */
export async function readArtifact(name: ArtifactName): Promise<Artifact> {
  const file = path.join(ROOT, FOLDERS[name], `${name}.sol`, `${name}.json`);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new Error(`${name} is not built: run \`npm run build\` (looked for ${file})`);
  });
  return JSON.parse(text) as Artifact;
}
