/** Which contracts the platform consists of, and how they are linked: what deploying sends and verifying expects. */
import { getCreateAddress } from "ethers";
import type { Deployment } from "./connect-chain.ts";
import type { AddressName, DeploymentRecord } from "./deploy-record.ts";
import type { Target } from "./grant-roles.ts";
import { PLATFORM_PERMISSIONS, TOKEN_PERMISSIONS } from "./platform-roles.ts";
import type { ArtifactName } from "./read-artifact.ts";

/** A contract that the deployer creates. */
export interface Part {
  name: AddressName;
  artifact: ArtifactName;
  /** Constructor arguments, from what stands in the record by then. */
  args: (record: DeploymentRecord) => readonly unknown[];
}

/** Deployed by the genesis contract in this order, which tells their addresses before they stand. */
export const PROXIES = [
  "complianceRegistry",
  "reportRegistry",
  "waterfallDistributor",
  "dealFactory",
  "runInputs",
] as const;
export type ProxyName = (typeof PROXIES)[number];

/** Where they stand or will: the genesis contract creates them first, one after the other. No node has to be believed. */
export function proxiesOf(genesis: string): Record<ProxyName, string> {
  const made = PROXIES.map((name, i) => [name, getCreateAddress({ from: genesis, nonce: i + 1 })]);
  return Object.fromEntries(made) as Record<ProxyName, string>;
}

const ROLE_BOOK: Part = {
  name: "accessManager",
  artifact: "AccessManager",
  args: ({ origin }) => [origin?.deployer],
};
const GENESIS: Part = { name: "platformGenesis", artifact: "PlatformGenesis", args: () => [] };

/** Before anything else: from the genesis on, the proxies' addresses are known. */
export const FIRST_PARTS: readonly Part[] = [ROLE_BOOK, GENESIS];

/** Implementations know the proxies' addresses by their code, so they come after the genesis. */
export const LINKED_PARTS: readonly Part[] = [
  {
    name: "trancheTokenImplementation",
    artifact: "TrancheToken",
    args: (all) => [all.dealFactory, all.waterfallDistributor, all.complianceRegistry],
  },
  {
    name: "trancheTokenBeacon",
    artifact: "UpgradeableBeacon",
    // Owned by the role book, so that an upgrade of the tokens obeys roles and delays like any other.
    args: (all) => [all.trancheTokenImplementation, all.accessManager],
  },
  { name: "waterfallEngine", artifact: "WaterfallEngine", args: () => [] },
  { name: "termsChecker", artifact: "TermsChecker", args: () => [] },
  {
    name: "complianceRegistryImplementation",
    artifact: "ComplianceRegistry",
    args: (all) => [all.dealFactory, all.waterfallDistributor],
  },
  {
    name: "reportRegistryImplementation",
    artifact: "ReportRegistry",
    args: (all) => [all.dealFactory, all.waterfallDistributor],
  },
  {
    name: "waterfallDistributorImplementation",
    artifact: "WaterfallDistributor",
    args: (all) => [
      {
        engine: all.waterfallEngine,
        factory: all.dealFactory,
        reports: all.reportRegistry,
        compliance: all.complianceRegistry,
        inputs: all.runInputs,
      },
    ],
  },
  {
    name: "dealFactoryImplementation",
    artifact: "DealFactory",
    args: (all) => [all.termsChecker],
  },
  { name: "runInputsImplementation", artifact: "RunInputs", args: () => [] },
];

/** What works with the proxies and stands behind none. */
export const LAST_PARTS: readonly Part[] = [
  {
    name: "primaryIssuance",
    artifact: "PrimaryIssuance",
    args: (all) => [all.accessManager, all.dealFactory],
  },
];

/** What the genesis contract initialises each proxy with, in the constructor of the proxy. */
export const INITIALIZERS: Readonly<
  Record<ProxyName, { artifact: ArtifactName; args: Part["args"] }>
> = {
  complianceRegistry: { artifact: "ComplianceRegistry", args: (all) => [all.accessManager] },
  reportRegistry: { artifact: "ReportRegistry", args: (all) => [all.accessManager] },
  waterfallDistributor: { artifact: "WaterfallDistributor", args: (all) => [all.accessManager] },
  dealFactory: {
    artifact: "DealFactory",
    args: (all) => [
      all.accessManager,
      {
        compliance: all.complianceRegistry,
        reports: all.reportRegistry,
        distributor: all.waterfallDistributor,
        tokenBeacon: all.trancheTokenBeacon,
        inputs: all.runInputs,
      },
    ],
  },
  runInputs: {
    artifact: "RunInputs",
    args: (all) => [
      ...[all.accessManager, all.dealFactory, all.reportRegistry, all.waterfallDistributor],
    ],
  },
};

/** A stablecoin that anyone may mint: never where money is real. */
export const TEST_STABLECOIN: Part = {
  name: "cashToken",
  artifact: "MockStablecoin",
  args: () => [],
};

/** The contracts whose restricted functions have roles. */
export function platformTargets(deployment: Deployment): Target[] {
  const target = (name: keyof typeof PLATFORM_PERMISSIONS, artifact: ArtifactName): Target => ({
    address: deployment[name],
    artifact,
    permissions: PLATFORM_PERMISSIONS[name],
  });
  return [
    target("dealFactory", "DealFactory"),
    target("complianceRegistry", "ComplianceRegistry"),
    target("reportRegistry", "ReportRegistry"),
    target("waterfallDistributor", "WaterfallDistributor"),
    target("runInputs", "RunInputs"),
    target("primaryIssuance", "PrimaryIssuance"),
    target("trancheTokenBeacon", "UpgradeableBeacon"),
    // The class tokens of every deal: their row in the role book is that of their beacon.
    {
      address: deployment.trancheTokenBeacon,
      artifact: "TrancheToken",
      permissions: TOKEN_PERMISSIONS,
    },
  ];
}
