import { Contract, getAddress, type JsonRpcProvider } from "ethers";
import { deploymentOf } from "./deploy-platform.ts";
import { platformTargets } from "./deploy-parts.ts";
import type { DeploymentRecord } from "./deploy-record.ts";
import { verifyLinks } from "./deploy-verify-links.ts";
import { delayOf } from "./grant-roles.ts";
import { listLogs } from "./list-logs.ts";
import { contracts } from "./platform-interface.ts";
import { NOBODY, roleId, ROLES, type RoleName } from "./platform-roles.ts";
import { readArtifact } from "./read-artifact.ts";

/** Who holds a role on chain. */
export interface RoleCheck {
  role: RoleName;
  /** With the seconds that each must wait between scheduling and executing. */
  holders: { address: string; delaySeconds: number }[];
  /** Empty: as the record says. */
  problems: string[];
}

export interface RolesCheck {
  roles: RoleCheck[];
  /**
   * Restricted functions whose role is not that of the role book, guardians, administrators and holders of roles, what is
   * closed, who owns the beacon, and which contract obeys or works with another one.
   */
  problems: string[];
  /** Restricted functions that were looked at. */
  functions: number;
}

/** Compares the role book on chain with the record and with what each restricted function needs. */
export async function verifyRoles(
  provider: JsonRpcProvider,
  record: DeploymentRecord,
): Promise<RolesCheck> {
  const deployment = deploymentOf(record);
  const manager = new Contract(deployment.accessManager, contracts.accessManager, provider);
  const granted = await listGranted(provider, manager, deployment);
  const roles: RoleCheck[] = [];
  for (const role of Object.keys(ROLES) as RoleName[]) {
    roles.push(
      await checkRole(manager, record, { role, accounts: granted.get(ROLES[role]) ?? [] }),
    );
  }
  const functions = await checkFunctions(manager, record);
  functions.problems.push(
    ...(await checkOtherRoles(manager, granted)),
    ...(await verifyLinks(provider, record, deployment)),
  );
  const beacon = new Contract(
    deployment.trancheTokenBeacon,
    contracts.trancheTokenBeacon,
    provider,
  );
  const links: [string, string, string | undefined][] = [
    ["implementation", "trancheTokenImplementation", record.trancheTokenImplementation],
    ["owner", "accessManager", record.accessManager],
  ];
  for (const [method, name, expected] of links) {
    const found = String(await beacon.getFunction(method)());
    if (expected === undefined || found === expected) continue;
    functions.problems.push(
      `the token beacon's ${method} is ${found}, not the ${name} ${expected}`,
    );
  }
  return { roles, ...functions };
}

/** Every account that was ever granted a role; whether it still holds it is asked. */
async function listGranted(
  provider: JsonRpcProvider,
  manager: Contract,
  { deployBlock }: { deployBlock: number },
): Promise<Map<bigint, string[]>> {
  const logs = await listLogs(provider, {
    address: await manager.getAddress(),
    topics: [contracts.accessManager.getEvent("RoleGranted")?.topicHash ?? null],
    fromBlock: deployBlock,
    toBlock: await provider.getBlockNumber(),
  });
  const granted = new Map<bigint, string[]>();
  for (const log of logs) {
    const args = contracts.accessManager.parseLog(log)?.args;
    if (args === undefined) continue;
    const [role, account] = [BigInt(args["roleId"]), String(args["account"])];
    granted.set(role, [...new Set([...(granted.get(role) ?? []), account])]);
  }
  return granted;
}

/**
 * What an account has of a role, or is to have when a delay that runs is over: the shorter of its waits.
 * @returns null when it has nothing
 */
async function accessOf(
  manager: Contract,
  role: bigint,
  account: string,
): Promise<{ delaySeconds: number } | null> {
  const access = (await manager.getFunction("getAccess")(role, account)) as bigint[];
  const [since, delay, later, effect] = access.map(Number) as [number, number, number, number];
  if (since === 0) return null;
  return { delaySeconds: effect === 0 ? delay : Math.min(delay, later) };
}

/** No other role has holders, least of all that of the functions that nobody is to call; and only the administrator gives roles. */
async function checkOtherRoles(
  manager: Contract,
  granted: ReadonlyMap<bigint, readonly string[]>,
): Promise<string[]> {
  const known: readonly bigint[] = Object.values(ROLES);
  const problems: string[] = [];
  for (const [role, accounts] of granted) {
    if (known.includes(role)) continue;
    for (const account of accounts) {
      if ((await accessOf(manager, role, account)) === null) continue;
      problems.push(`${account} holds role ${role}, which is nobody's`);
    }
  }
  for (const role of [...known, NOBODY]) {
    const admin: unknown = await manager.getFunction("getRoleAdmin")(role);
    if (admin !== ROLES.admin) problems.push(`role ${role} is given by role ${String(admin)}`);
  }
  return problems;
}

async function checkRole(
  manager: Contract,
  record: DeploymentRecord,
  { role, accounts }: { role: RoleName; accounts: readonly string[] },
): Promise<RoleCheck> {
  const holders: RoleCheck["holders"] = [];
  for (const address of accounts) {
    const held = await accessOf(manager, ROLES[role], address);
    if (held !== null) holders.push({ address, delaySeconds: held.delaySeconds });
  }
  if (record.roles === undefined) return { role, holders, problems: [] };
  const expected = (record.roles.holders[role] ?? []).map((address) => getAddress(address));
  const wanted = delayOf(role, record.roles.delays);
  const missing = expected.filter((each) => !holders.some(({ address }) => address === each));
  const problems = missing.map((address) => `${address} does not hold it`);
  for (const { address, delaySeconds } of holders) {
    if (!expected.includes(address)) problems.push(`${address} holds it too`);
    else if (delaySeconds < wanted) {
      problems.push(`${address} waits ${delaySeconds} s, not ${wanted} s`);
    }
  }
  return { role, holders, problems };
}

async function checkFunctions(
  manager: Contract,
  record: DeploymentRecord,
): Promise<{ problems: string[]; functions: number }> {
  const problems: string[] = [];
  let functions = 0;
  for (const { address, artifact, permissions } of platformTargets(deploymentOf(record))) {
    const { abi } = await readArtifact(artifact);
    const face = new Contract(address, abi).interface;
    for (const permission of permissions) {
      functions += 1;
      const selector = face.getFunction(permission.method)?.selector;
      const found = await manager.getFunction("getTargetFunctionRole")(address, selector);
      if (found === roleId(permission)) continue;
      problems.push(`${artifact}.${permission.method} needs role ${found}`);
    }
    if ((await manager.getFunction("isTargetClosed")(address)) === true) {
      problems.push(`${artifact} is closed in the role book`);
    }
  }
  const { issuer, registrar, attesterAdmin, upgrader } = ROLES;
  for (const role of [issuer, registrar, attesterAdmin, upgrader, NOBODY]) {
    const guardian = await manager.getFunction("getRoleGuardian")(role);
    if (guardian !== ROLES.guardian) problems.push(`the guardian of role ${role} is ${guardian}`);
  }
  return { problems, functions };
}
