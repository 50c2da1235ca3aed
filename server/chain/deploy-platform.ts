import { getAddress, id } from "ethers";
import { CONTRACTS, type Deployment } from "./connect-chain.ts";
import { contractAt, deployContract, send } from "./deploy-contract.ts";
import type { Sender } from "./deploy-contract.ts";
import {
  FIRST_PARTS,
  INITIALIZERS,
  LAST_PARTS,
  LINKED_PARTS,
  PROXIES,
  TEST_STABLECOIN,
  platformTargets,
  proxiesOf,
  type Part,
  type ProxyName,
} from "./deploy-parts.ts";
import type { DeploymentRecord } from "./deploy-record.ts";
import { grantRoles, setFunctionRoles } from "./grant-roles.ts";
import type { RoleDelays, RoleHolders } from "./grant-roles.ts";

export interface PlatformInput extends Sender {
  /** What an earlier, perhaps interrupted, run has recorded; what stands there is not deployed again. */
  record?: DeploymentRecord | undefined;
  /** Called after every deployment, so that nothing is lost by a crash. */
  save?: ((record: DeploymentRecord) => Promise<void>) | undefined;
  /** Default: what the record says, else the deployer holds every role. */
  holders?: RoleHolders | undefined;
  /** Default: none, as only a chain without real money may have it. REAL_NETWORK_DELAYS are for the others. */
  delays?: RoleDelays | undefined;
  /** Deploys a stablecoin that anyone may mint. Never on a chain with real money. */
  testStablecoin?: boolean | undefined;
}

interface Progress {
  input: PlatformInput;
  record: DeploymentRecord;
  /** Where the proxies will stand; the record names them once they do. */
  links: Partial<Record<ProxyName, string>>;
}

/**
 * Deploys the platform: role book, genesis, token beacon, implementations, the five proxies linked to each other in
 * one transaction, roles. Run again with the record of an interrupted run it goes on where that one stopped.
 * @returns the addresses and the first block that can hold an event of ours
 * @throws Error when the record is of another chain or names an address without code
 */
export async function deployPlatform(input: PlatformInput): Promise<Deployment> {
  const progress: Progress = { input, record: structuredClone(input.record ?? {}), links: {} };
  const deployer = await startRecord(progress);
  for (const part of FIRST_PARTS) await ensure(progress, part);
  await deployProxies(progress);
  for (const part of LAST_PARTS) await ensure(progress, part);
  if (input.testStablecoin === true) await ensure(progress, TEST_STABLECOIN);
  const deployment = deploymentOf(progress.record);
  await assignRoles(progress, deployment, deployer);
  return deployment;
}

async function startRecord({ input, record }: Progress): Promise<string> {
  const provider = input.signer.provider;
  if (provider === null) throw new Error("the deployer's signer is not connected to a node");
  const chainId = Number((await provider.getNetwork()).chainId);
  if (record.chainId !== undefined && record.chainId !== chainId) {
    throw new Error(`the record is of chain ${record.chainId}, the node serves chain ${chainId}`);
  }
  record.chainId = chainId;
  record.deployBlock ??= (await provider.getBlockNumber()) + 1;
  const deployer = await input.signer.getAddress();
  record.origin ??= { network: null, deployer };
  return deployer;
}

/** Deploys a contract unless the record has it; a recorded address without code is a record of another chain. */
async function ensure({ input, record, links }: Progress, part: Part): Promise<void> {
  const recorded = record[part.name];
  if (recorded !== undefined) {
    if ((await input.signer.provider?.getCode(recorded)) !== "0x") return;
    throw new Error(`the record's ${part.name} ${recorded} has no code on this chain`);
  }
  const constructorArguments = part.args({ ...record, ...links });
  const { address, ...made } = await deployContract(input, part.artifact, constructorArguments);
  record[part.name] = address;
  record.creations = {
    ...record.creations,
    [part.name]: { contract: part.artifact, constructorArguments, ...made },
  };
  await input.save?.(record);
}

async function deployProxies(progress: Progress): Promise<void> {
  const { input, record, links } = progress;
  const genesis = await contractAt(input, "PlatformGenesis", record.platformGenesis ?? "");
  Object.assign(links, proxiesOf(record.platformGenesis ?? ""));
  for (const part of LINKED_PARTS) await ensure(progress, part);
  if ((await input.signer.provider?.getCode(links.runInputs ?? "")) === "0x") {
    await send(input, genesis, "deploy", [genesisParts(record)]);
  }
  Object.assign(record, links);
  for (const name of PROXIES) await recordProxy(progress, name);
  await input.save?.(record);
}

/** The run that had the proxies created may have died before it could say where: the chain says it. */
async function recordProxy({ input, record }: Progress, name: ProxyName): Promise<void> {
  if (record.creations?.[name] !== undefined) return;
  const { artifact, args } = INITIALIZERS[name];
  const [created] =
    (await input.signer.provider?.getLogs({
      address: record[name] ?? "",
      topics: [id("Upgraded(address)")],
      fromBlock: record.deployBlock ?? 0,
    })) ?? [];
  if (created === undefined) return;
  const { interface: face } = await contractAt(input, artifact, record[name] ?? "");
  const call = face.encodeFunctionData("initialize", args(record));
  const { transactionHash, blockNumber } = created;
  const creation = {
    contract: "ERC1967Proxy",
    constructorArguments: [record[`${name}Implementation`], call],
    ...{ transactionHash, blockNumber },
  };
  record.creations = { ...record.creations, [name]: creation };
}

function genesisParts(record: DeploymentRecord): object {
  const behind = PROXIES.map((name) => [name, record[`${name}Implementation`]]);
  return {
    authority: record.accessManager,
    tokenBeacon: record.trancheTokenBeacon,
    ...Object.fromEntries(behind),
  };
}

async function assignRoles(
  { input, record }: Progress,
  deployment: Deployment,
  deployer: string,
): Promise<void> {
  const targets = platformTargets(deployment);
  const delays = { ...record.roles?.delays, ...input.delays };
  await setFunctionRoles(input, deployment.accessManager, { targets, delays });
  const every = [deployer];
  const holders: RoleHolders = {
    registrar: every,
    attesterAdmin: every,
    upgrader: every,
    guardian: every,
    ...record.roles?.holders,
    ...input.holders,
  };
  // It closes deals for the issuers who call it, so it is one for the factory.
  const issuers = [...(holders.issuer ?? every), deployment.primaryIssuance];
  holders.issuer = [...new Set(issuers.map((issuer) => getAddress(issuer)))];
  await grantRoles(input, deployment.accessManager, { holders, delays });
  record.roles = { holders: { admin: every, ...holders }, delays };
  await input.save?.(record);
}

/**
 * The deployment that connectChain reads; everything else of the record is for the next run and for auditors.
 * @throws Error when something of it is not deployed
 */
export function deploymentOf(record: DeploymentRecord): Deployment {
  const { chainId, deployBlock, cashToken } = record;
  const missing = CONTRACTS.filter((name) => record[name] === undefined);
  if (chainId === undefined || deployBlock === undefined || missing.length > 0) {
    throw new Error(`the deployment is incomplete: ${missing.join(", ")}`);
  }
  const addresses = Object.fromEntries(CONTRACTS.map((name) => [name, record[name]]));
  return { chainId, deployBlock, ...addresses, ...(cashToken && { cashToken }) } as Deployment;
}
