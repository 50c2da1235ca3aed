import { getAddress } from "ethers";
import { CONTRACTS, type Deployment } from "./connect-chain.ts";
import { contractAt, deployContract, send } from "./deploy-contract.ts";
import type { Sender } from "./deploy-contract.ts";
import { grantRoles, setFunctionRoles } from "./grant-roles.ts";
import type { RoleDelays, RoleHolders } from "./grant-roles.ts";
import { PLATFORM_PERMISSIONS, TOKEN_PERMISSIONS } from "./platform-roles.ts";
import type { ArtifactName } from "./read-artifact.ts";

/** What is deployed so far: a deployment in the making, and the contracts behind the proxies. */
export interface DeploymentRecord extends Partial<Deployment> {
  complianceRegistryImplementation?: string;
  reportRegistryImplementation?: string;
  waterfallDistributorImplementation?: string;
  waterfallEngine?: string;
  termsChecker?: string;
  dealFactoryImplementation?: string;
  runInputsImplementation?: string;
  trancheTokenImplementation?: string;
  /** The contract that deployed the five proxies. */
  platformGenesis?: string;
}

export interface PlatformInput extends Sender {
  /** What an earlier, perhaps interrupted, run has recorded; what stands there is not deployed again. */
  record?: DeploymentRecord | undefined;
  /** Called after every deployment, so that nothing is lost by a crash. */
  save?: ((record: DeploymentRecord) => Promise<void>) | undefined;
  /** Default: the deployer holds every role. */
  holders?: RoleHolders | undefined;
  /** Default: none, as only a chain without real money may have it. REAL_NETWORK_DELAYS are for the others. */
  delays?: RoleDelays | undefined;
  /** Deploys a stablecoin that anyone may mint. Never on a chain with real money. */
  testStablecoin?: boolean | undefined;
}

type AddressName = {
  [K in keyof DeploymentRecord]-?: NonNullable<DeploymentRecord[K]> extends string ? K : never;
}[keyof DeploymentRecord];

interface Progress {
  input: PlatformInput;
  record: DeploymentRecord;
}

/**
 * Deploys the platform: role book, genesis, token beacon, implementations, the five proxies linked to each other in
 * one transaction, roles. Run again with the record of an interrupted run it goes on where that one stopped.
 * @returns the addresses and the first block that can hold an event of ours
 * @throws Error when the record is of another chain or names an address without code
 */
export async function deployPlatform(input: PlatformInput): Promise<Deployment> {
  const progress: Progress = { input, record: { ...input.record } };
  await startRecord(progress);
  const deployer = await input.signer.getAddress();
  const accessManager = await ensure(progress, "accessManager", "AccessManager", [deployer]);
  await deployProxies(progress, accessManager);
  const { dealFactory } = progress.record;
  const links = [accessManager, dealFactory];
  await ensure(progress, "primaryIssuance", "PrimaryIssuance", links);
  if (input.testStablecoin === true) await ensure(progress, "cashToken", "MockStablecoin", []);
  const deployment = completed(progress.record);
  await assignRoles(input, deployment, deployer);
  return deployment;
}

async function startRecord({ input, record }: Progress): Promise<void> {
  const provider = input.signer.provider;
  if (provider === null) throw new Error("the deployer's signer is not connected to a node");
  const chainId = Number((await provider.getNetwork()).chainId);
  if (record.chainId !== undefined && record.chainId !== chainId) {
    throw new Error(`the record is of chain ${record.chainId}, the node serves chain ${chainId}`);
  }
  record.chainId = chainId;
  record.deployBlock ??= (await provider.getBlockNumber()) + 1;
}

/** Deploys a contract unless the record has it; a recorded address without code is a record of another chain. */
async function ensure(
  { input, record }: Progress,
  name: AddressName,
  artifact: ArtifactName,
  args: readonly unknown[],
): Promise<string> {
  const recorded = record[name];
  if (recorded !== undefined) {
    if ((await input.signer.provider?.getCode(recorded)) !== "0x") return recorded;
    throw new Error(`the record's ${name} ${recorded} has no code on this chain`);
  }
  const { address } = await deployContract(input, artifact, args);
  record[name] = address;
  await input.save?.(record);
  return address;
}

/** The proxies that the genesis contract deploys: it tells their addresses before they stand. */
const PROXIES = [
  "complianceRegistry",
  "reportRegistry",
  "waterfallDistributor",
  "dealFactory",
  "runInputs",
] as const;
type Proxies = Record<(typeof PROXIES)[number], string>;

/** Implementations know the proxies' addresses by their code, so the genesis contract comes before them. */
async function deployProxies(progress: Progress, accessManager: string): Promise<void> {
  const { input, record } = progress;
  const address = await ensure(progress, "platformGenesis", "PlatformGenesis", []);
  const genesis = await contractAt(input, "PlatformGenesis", address);
  const proxies = {} as Proxies;
  for (const name of PROXIES) proxies[name] = getAddress(await genesis.getFunction(name)());
  const tokenBeacon = await deployTokenBeacon(progress, accessManager, proxies);
  const parts = {
    authority: accessManager,
    tokenBeacon,
    ...(await deployImplementations(progress, proxies)),
  };
  const last = proxies.runInputs;
  if ((await input.signer.provider?.getCode(last)) === "0x") {
    await send(input, genesis, "deploy", [parts]);
  }
  Object.assign(record, proxies);
  await input.save?.(record);
}

async function deployTokenBeacon(
  progress: Progress,
  accessManager: string,
  { dealFactory, waterfallDistributor, complianceRegistry }: Proxies,
): Promise<string> {
  const links = [dealFactory, waterfallDistributor, complianceRegistry];
  const name = "trancheTokenImplementation";
  const implementation = await ensure(progress, name, "TrancheToken", links);
  // Owned by the role book, so that an upgrade of the tokens obeys roles and delays like any other.
  const args = [implementation, accessManager];
  return ensure(progress, "trancheTokenBeacon", "UpgradeableBeacon", args);
}

async function deployImplementations(progress: Progress, proxies: Proxies): Promise<Proxies> {
  const { dealFactory: factory, waterfallDistributor: distributor } = proxies;
  const { complianceRegistry: compliance, reportRegistry: reports, runInputs: inputs } = proxies;
  const engine = await ensure(progress, "waterfallEngine", "WaterfallEngine", []);
  const checker = await ensure(progress, "termsChecker", "TermsChecker", []);
  const implementation = (
    name: (typeof PROXIES)[number],
    artifact: ArtifactName,
    args: unknown[],
  ) => ensure(progress, `${name}Implementation`, artifact, args);
  const links = { engine, factory, reports, compliance, inputs };
  return {
    complianceRegistry: await implementation("complianceRegistry", "ComplianceRegistry", [
      factory,
      distributor,
    ]),
    reportRegistry: await implementation("reportRegistry", "ReportRegistry", [
      factory,
      distributor,
    ]),
    waterfallDistributor: await implementation("waterfallDistributor", "WaterfallDistributor", [
      links,
    ]),
    dealFactory: await implementation("dealFactory", "DealFactory", [checker]),
    runInputs: await implementation("runInputs", "RunInputs", []),
  };
}

async function assignRoles(
  input: PlatformInput,
  deployment: Deployment,
  deployer: string,
): Promise<void> {
  const delays = input.delays ?? {};
  const tokens = { artifact: "TrancheToken", permissions: TOKEN_PERMISSIONS } as const;
  const targets = [
    target(deployment, "dealFactory", "DealFactory"),
    target(deployment, "complianceRegistry", "ComplianceRegistry"),
    target(deployment, "reportRegistry", "ReportRegistry"),
    target(deployment, "waterfallDistributor", "WaterfallDistributor"),
    target(deployment, "runInputs", "RunInputs"),
    target(deployment, "primaryIssuance", "PrimaryIssuance"),
    target(deployment, "trancheTokenBeacon", "UpgradeableBeacon"),
    { ...tokens, address: deployment.trancheTokenBeacon },
  ];
  await setFunctionRoles(input, deployment.accessManager, { targets, delays });
  const every = [deployer];
  const holders: RoleHolders = {
    registrar: every,
    attesterAdmin: every,
    upgrader: every,
    guardian: every,
    ...input.holders,
    // It closes deals for the issuers who call it, so it is one for the factory.
    issuer: [...(input.holders?.issuer ?? every), deployment.primaryIssuance],
  };
  await grantRoles(input, deployment.accessManager, { holders, delays });
}

function target(
  deployment: Deployment,
  name: keyof typeof PLATFORM_PERMISSIONS,
  artifact: ArtifactName,
) {
  return { address: deployment[name], artifact, permissions: PLATFORM_PERMISSIONS[name] };
}

/** The deployment that connectChain reads; everything else of the record is for the next run and for auditors. */
function completed(record: DeploymentRecord): Deployment {
  const { chainId, deployBlock, cashToken } = record;
  const missing = CONTRACTS.filter((name) => record[name] === undefined);
  if (chainId === undefined || deployBlock === undefined || missing.length > 0) {
    throw new Error(`the deployment is incomplete: ${missing.join(", ")}`);
  }
  const addresses = Object.fromEntries(CONTRACTS.map((name) => [name, record[name]]));
  return { chainId, deployBlock, ...addresses, ...(cashToken && { cashToken }) } as Deployment;
}
