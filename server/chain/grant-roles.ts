import { getAddress } from "ethers";
import type { Contract } from "ethers";
import { contractAt, send } from "./deploy-contract.ts";
import type { Sender } from "./deploy-contract.ts";
import { ROLES } from "./platform-roles.ts";
import type { Permission, RoleName } from "./platform-roles.ts";
import type { ArtifactName } from "./read-artifact.ts";

/** Who holds which role, by address. The deployer is the administrator unless another one is named. */
export type RoleHolders = Partial<Record<RoleName, readonly string[]>>;

export interface RoleDelays {
  /** Seconds between scheduling and executing an upgrade. */
  upgradeSeconds?: number | undefined;
  /** Seconds before an administrator's call takes effect (for administrators other than the deployer). */
  adminSeconds?: number | undefined;
}

/** One contract whose restricted functions get their roles. */
export interface Target {
  address: string;
  artifact: ArtifactName;
  permissions: readonly Permission[];
}

/**
 * Gives every restricted function its role, in one transaction; sends nothing when all have it.
 * @throws an ethers error when the sender is not the administrator
 */
export async function setFunctionRoles(
  sender: Sender,
  accessManager: string,
  targets: readonly Target[],
): Promise<void> {
  const manager = await contractAt(sender, "AccessManager", accessManager);
  const calls: string[] = [];
  for (const target of targets) calls.push(...(await missingRoles(sender, manager, target)));
  if (calls.length > 0) await send(sender, manager, "multicall", [calls]);
}

async function missingRoles(sender: Sender, manager: Contract, target: Target): Promise<string[]> {
  const contract = await contractAt(sender, target.artifact, target.address);
  const calls: string[] = [];
  for (const { role, method } of target.permissions) {
    const selector = contract.interface.getFunction(method)?.selector;
    if (selector === undefined) throw new Error(`${target.artifact} has no function ${method}`);
    const found = await manager.getFunction("getTargetFunctionRole")(target.address, selector);
    if (found === ROLES[role]) continue;
    const args = [target.address, [selector], ROLES[role]];
    calls.push(manager.interface.encodeFunctionData("setTargetFunctionRole", args));
  }
  return calls;
}

/**
 * Grants the roles that their holders do not have yet, in one transaction, and hands the administration over last, when
 * another administrator than the deployer is named.
 * @throws Error when something is to be granted and the sender is not (any more) the administrator
 */
export async function grantRoles(
  sender: Sender,
  accessManager: string,
  { holders, delays }: { holders: RoleHolders; delays: RoleDelays },
): Promise<void> {
  const manager = await contractAt(sender, "AccessManager", accessManager);
  const deployer = await sender.signer.getAddress();
  const calls = await missingGuardians(manager);
  for (const name of Object.keys(holders) as RoleName[]) {
    for (const holder of holders[name] ?? []) {
      const [isMember] = await manager.getFunction("hasRole")(ROLES[name], holder);
      if (isMember) continue;
      const args = [ROLES[name], holder, delayOf(name, delays)];
      calls.push(manager.interface.encodeFunctionData("grantRole", args));
    }
  }
  const [isAdmin] = await manager.getFunction("hasRole")(ROLES.admin, deployer);
  const admins = (holders.admin ?? []).map((admin) => getAddress(admin));
  if (isAdmin && admins.length > 0 && !admins.includes(getAddress(deployer))) {
    // Last in the batch: whatever stands before still runs with the deployer's right.
    const args = [ROLES.admin, deployer];
    calls.push(manager.interface.encodeFunctionData("revokeRole", args));
  }
  if (calls.length === 0) return;
  if (!isAdmin) throw new Error(`${deployer} is not the administrator: it cannot grant roles`);
  await send(sender, manager, "multicall", [calls]);
}

/** A guardian may cancel what issuers and upgraders have scheduled. */
async function missingGuardians(manager: Contract): Promise<string[]> {
  const calls: string[] = [];
  for (const role of [ROLES.issuer, ROLES.registrar, ROLES.attesterAdmin, ROLES.upgrader]) {
    if ((await manager.getFunction("getRoleGuardian")(role)) === ROLES.guardian) continue;
    const args = [role, ROLES.guardian];
    calls.push(manager.interface.encodeFunctionData("setRoleGuardian", args));
  }
  return calls;
}

/** Seconds that a member of the role waits between scheduling and executing. */
export function delayOf(role: RoleName, delays: RoleDelays): number {
  if (role === "upgrader") return delays.upgradeSeconds ?? 0;
  return role === "admin" ? (delays.adminSeconds ?? 0) : 0;
}
