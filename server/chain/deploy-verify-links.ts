/** What the code alone does not tell: whom each contract obeys and works with, and since when the role book stands. */
import { Contract, getAddress, type JsonRpcProvider } from "ethers";
import type { Deployment } from "./connect-chain.ts";
import { PROXIES, proxiesOf } from "./deploy-parts.ts";
import type { DeploymentRecord } from "./deploy-record.ts";
import { contracts } from "./platform-interface.ts";

/** The contracts whose restricted functions ask the role book. */
const MANAGED = [
  "dealFactory",
  "complianceRegistry",
  "reportRegistry",
  "waterfallDistributor",
  "runInputs",
  "primaryIssuance",
] as const satisfies readonly (keyof Deployment)[];

/** @returns what is not as the record says, each in one sentence */
export async function verifyLinks(
  provider: JsonRpcProvider,
  record: DeploymentRecord,
  deployment: Deployment,
): Promise<string[]> {
  return [
    ...wrongProxies(record),
    ...(await wrongAuthorities(provider, record, deployment)),
    ...(await wrongFactoryLinks(provider, deployment)),
    ...(await wrongBeginning(provider, record, deployment)),
  ];
}

/** A proxy made by somebody else may have the same code and another state. */
function wrongProxies(record: DeploymentRecord): string[] {
  if (record.platformGenesis === undefined) return [];
  const made = proxiesOf(record.platformGenesis);
  return PROXIES.filter((name) => record[name] !== made[name]).map(
    (name) => `${name}: the genesis has made ${made[name]}`,
  );
}

/** An administrator may have moved a contract to another role book. */
async function wrongAuthorities(
  provider: JsonRpcProvider,
  record: DeploymentRecord,
  deployment: Deployment,
): Promise<string[]> {
  const managed: [string, string][] = MANAGED.map((name) => [name, deployment[name]]);
  for (const { dealId, tokens } of record.deals ?? []) {
    managed.push(...tokens.map((each, i): [string, string] => [`deal ${dealId} class ${i}`, each]));
  }
  const problems: string[] = [];
  for (const [name, address] of managed) {
    const contract = new Contract(address, contracts.dealFactory, provider);
    const found = String(await contract.getFunction("authority")());
    if (found !== deployment.accessManager) problems.push(`${name} obeys the role book ${found}`);
  }
  return problems;
}

async function wrongFactoryLinks(
  provider: JsonRpcProvider,
  deployment: Deployment,
): Promise<string[]> {
  const factory = new Contract(deployment.dealFactory, contracts.dealFactory, provider);
  const found = (await factory.getFunction("links")()) as string[];
  const names = [
    "complianceRegistry",
    "reportRegistry",
    "waterfallDistributor",
    "trancheTokenBeacon",
    "runInputs",
  ] as const;
  return names.flatMap((name, i) =>
    found[i] === deployment[name] ? [] : [`dealFactory works with ${name} ${found[i]}`],
  );
}

/** Who was given a role before the first block that is looked at would not be found. */
async function wrongBeginning(
  provider: JsonRpcProvider,
  { creations }: DeploymentRecord,
  { accessManager, deployBlock }: Deployment,
): Promise<string[]> {
  const hash = creations?.accessManager?.transactionHash;
  const receipt = hash === undefined ? null : await provider.getTransactionReceipt(hash);
  const created = receipt?.contractAddress ?? null;
  if (created !== null && getAddress(created) === accessManager) {
    if ((receipt?.blockNumber ?? 0) >= deployBlock) return [];
    return [
      `the role book is older than deployBlock ${deployBlock}: who got a role before is not seen`,
    ];
  }
  return [
    "the record does not name the transaction that has created the role book: who got a role before is not seen",
  ];
}
