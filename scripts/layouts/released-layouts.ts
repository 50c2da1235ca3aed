import { readFile } from "node:fs/promises";
import path from "node:path";
import {
  getStorageUpgradeReport,
  type StorageLayout,
  withValidationDefaults,
} from "@openzeppelin/upgrades-core";
import { keccak256, toUtf8Bytes } from "ethers";
import { readBuild, readLayout } from "./read-layout.ts";

/** The contracts behind proxies. */
export const UPGRADEABLE = [
  "contracts/compliance/ComplianceRegistry.sol:ComplianceRegistry",
  "contracts/deals/DealFactory.sol:DealFactory",
  "contracts/reports/ReportRegistry.sol:ReportRegistry",
  "contracts/reports/RunInputs.sol:RunInputs",
  "contracts/tokens/TrancheToken.sol:TrancheToken",
  "contracts/waterfall/WaterfallDistributor.sol:WaterfallDistributor",
] as const;

/** Where fields share a word by hand: the compiler knows nothing of them, so a release keeps a hash of the code. */
const PACKED_BY_HAND = [
  "contracts/compliance/HolderCap.sol",
  "contracts/compliance/RegistryWords.sol",
  "contracts/tokens/TokenWords.sol",
  "contracts/waterfall/DealLedger.sol",
] as const;

/** What an upgrade is measured against. */
export interface Release {
  layouts: Record<string, StorageLayout>;
  /** Hashes of the sources, comments and layout apart. */
  packedByHand: Record<string, string>;
}

export const RELEASE_FILE = "test/contracts/validate-upgrades/released-layouts.json";

/** The storage as the code that is built has it. */
export async function describeRelease(root: string): Promise<Release> {
  const layouts: Release["layouts"] = {};
  for (const name of UPGRADEABLE) {
    const build = await readBuild(path.join(root, "artifacts"), name);
    layouts[name] = withoutNumbers(readLayout(build));
  }
  const packedByHand: Release["packedByHand"] = {};
  for (const file of PACKED_BY_HAND) {
    packedByHand[file] = hashCode(await readFile(path.join(root, file), "utf8"));
  }
  return { layouts, packedByHand };
}

/** Why storage that was written as `before` may not be read as `after`; empty when it may. */
export function explainBreak(before: StorageLayout, after: StorageLayout): string {
  const report = getStorageUpgradeReport(before, after, withValidationDefaults({}));
  return report.ok ? "" : report.explain(false);
}

/** What of the present storage could not take the place of the released one; nothing when an upgrade is safe. */
export function listBreaks(released: Release, present: Release): string[] {
  const breaks: string[] = [];
  for (const [name, before] of Object.entries(released.layouts)) {
    const after = present.layouts[name];
    const why = after === undefined ? "is not there any more" : explainBreak(before, after);
    if (why !== "") breaks.push(`${name}: ${why}`);
  }
  for (const [file, hash] of Object.entries(released.packedByHand)) {
    if (present.packedByHand[file] === hash) continue;
    breaks.push(`${file}: fields are packed here by hand, and the code is not that of the release`);
  }
  return breaks;
}

/** Without what every compilation numbers anew: the lines of the sources and the declarations of the types. */
export function withoutNumbers(layout: StorageLayout): StorageLayout {
  const text = JSON.stringify(layout, (key, value: unknown) =>
    key === "astId" ? undefined : value,
  )
    .replaceAll(/(t_(?:struct|enum|contract|userDefinedValueType)\([^()]*\))\d+/g, "$1")
    .replaceAll(/(\.sol):\d+/g, "$1");
  return JSON.parse(text) as StorageLayout;
}

function hashCode(source: string): string {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "").replaceAll(/\s+/g, "");
  return keccak256(toUtf8Bytes(code));
}
