import { getAddress } from "ethers";
import type { Contract } from "ethers";
import { contractAt, send } from "./deploy-contract.ts";
import type { Sender } from "./deploy-contract.ts";
import { CANCELLABLE_CHANGES, NOBODY, roleId, ROLES } from "./platform-roles.ts";
import type { Permission, RoleName } from "./platform-roles.ts";
import type { ArtifactName } from "./read-artifact.ts";

/** Who holds which role, by address. The deployer is the administrator unless another one is named. */
export type RoleHolders = Partial<Record<RoleName, readonly string[]>>;

/** Seconds between scheduling and executing what a role does; none where a member is missing. */
export interface RoleDelays {
  upgradeSeconds?: number | undefined;
  attesterSeconds?: number | undefined;
  /** Of administrators, the deployer too if he stays one: whatever they change in the role book. */
  adminSeconds?: number | undefined;
}

const DAY = 86_400;

/**
 * For every chain that holds real money. Two days are long enough for holders and trustee to read an upgrade, or a change of the
 * role book that would lead to one, and short enough to mend what is broken between two payment dates; attesters change by day.
 */
export const REAL_NETWORK_DELAYS = {
  upgradeSeconds: 2 * DAY,
  attesterSeconds: DAY,
  adminSeconds: 2 * DAY,
} as const satisfies RoleDelays;

/** One contract whose restricted functions get their roles. */
export interface Target {
  /** The row of the role book: the contract's own address, for the class tokens that of their beacon. */
  address: string;
  artifact: ArtifactName;
  permissions: readonly Permission[];
}

/**
 * Gives every restricted function its role, in one transaction; sends nothing when all have it.
 * @throws Error when something is to be set and the sender is not an administrator who acts at once
 */
export async function setFunctionRoles(
  sender: Sender,
  accessManager: string,
  { targets, delays }: { targets: readonly Target[]; delays: RoleDelays },
): Promise<void> {
  const manager = await contractAt(sender, "AccessManager", accessManager);
  const calls = await missingMarks(manager);
  for (const target of targets) {
    const roles = await missingRoles(sender, manager, target);
    // Set together, so that a row with its roles has its delay; it can be read only once it runs, five days later.
    if (roles.length > 0) calls.push(...bookDelay(manager, target.address, delays));
    calls.push(...roles);
  }
  await sendAll(sender, manager, calls);
}

async function missingRoles(sender: Sender, manager: Contract, target: Target): Promise<string[]> {
  const contract = await contractAt(sender, target.artifact, target.address);
  const calls: string[] = [];
  for (const permission of target.permissions) {
    const { method } = permission;
    const selector = contract.interface.getFunction(method)?.selector;
    if (selector === undefined) throw new Error(`${target.artifact} has no function ${method}`);
    const found = await manager.getFunction("getTargetFunctionRole")(target.address, selector);
    const wanted = roleId(permission);
    if (found === wanted) continue;
    const args = [target.address, [selector], wanted];
    calls.push(manager.interface.encodeFunctionData("setTargetFunctionRole", args));
  }
  return calls;
}

/** What changes a row of the role book waits, whoever the administrator is. */
function bookDelay(manager: Contract, address: string, delays: RoleDelays): string[] {
  const seconds = delayOf("admin", delays);
  if (seconds === 0) return [];
  return [manager.interface.encodeFunctionData("setTargetAdminDelay", [address, seconds])];
}

/** The role book's own functions get the mark that lets the guardian cancel them. */
async function missingMarks(manager: Contract): Promise<string[]> {
  const address = await manager.getAddress();
  const unmarked: string[] = [];
  for (const method of CANCELLABLE_CHANGES) {
    const selector = manager.interface.getFunction(method)?.selector;
    if (selector === undefined) throw new Error(`AccessManager has no function ${method}`);
    const found = await manager.getFunction("getTargetFunctionRole")(address, selector);
    if (found !== NOBODY) unmarked.push(selector);
  }
  if (unmarked.length === 0) return [];
  const args = [address, unmarked, NOBODY];
  return [manager.interface.encodeFunctionData("setTargetFunctionRole", args)];
}

/**
 * Grants the roles that their holders do not have yet, in one transaction, and hands the administration over last, when
 * another administrator than the deployer is named.
 * @throws Error when something is to be granted and the sender is not an administrator who acts at once
 */
export async function grantRoles(
  sender: Sender,
  accessManager: string,
  { holders, delays }: { holders: RoleHolders; delays: RoleDelays },
): Promise<void> {
  const manager = await contractAt(sender, "AccessManager", accessManager);
  const calls = await missingGuardians(manager, delays);
  for (const name of Object.keys(holders) as RoleName[]) {
    for (const holder of holders[name] ?? []) {
      const [isMember] = await manager.getFunction("hasRole")(ROLES[name], holder);
      if (isMember) continue;
      const args = [ROLES[name], holder, delayOf(name, delays)];
      calls.push(manager.interface.encodeFunctionData("grantRole", args));
    }
  }
  const deployer = await sender.signer.getAddress();
  // Last in the batch: whatever stands before still runs with the deployer's right.
  calls.push(...(await lastCalls(manager, deployer, { holders, delays })));
  await sendAll(sender, manager, calls);
}

/** A guardian may cancel what the others have scheduled; new members of a role with a delay wait before they count. */
async function missingGuardians(manager: Contract, delays: RoleDelays): Promise<string[]> {
  const guarded = [
    { role: ROLES.issuer, newcomers: null },
    { role: ROLES.registrar, newcomers: null },
    { role: ROLES.attesterAdmin, newcomers: "attesterAdmin" },
    { role: ROLES.upgrader, newcomers: "upgrader" },
    { role: NOBODY, newcomers: "admin" },
  ] as const;
  const calls: string[] = [];
  for (const { role, newcomers } of guarded) {
    if ((await manager.getFunction("getRoleGuardian")(role)) === ROLES.guardian) continue;
    const args = [role, ROLES.guardian];
    calls.push(manager.interface.encodeFunctionData("setRoleGuardian", args));
    const seconds = newcomers === null ? 0 : delayOf(newcomers, delays);
    if (newcomers === null || seconds === 0) continue;
    const delay = [ROLES[newcomers], seconds];
    calls.push(manager.interface.encodeFunctionData("setGrantDelay", delay));
  }
  return calls;
}

/** The deployer gives the administration up where another is named, and else takes its delay. */
async function lastCalls(
  manager: Contract,
  deployer: string,
  { holders, delays }: { holders: RoleHolders; delays: RoleDelays },
): Promise<string[]> {
  const [isAdmin, delay] = await manager.getFunction("hasRole")(ROLES.admin, deployer);
  if (!isAdmin) return [];
  const admins = (holders.admin ?? []).map((admin) => getAddress(admin));
  if (admins.length > 0 && !admins.includes(getAddress(deployer))) {
    return [manager.interface.encodeFunctionData("revokeRole", [ROLES.admin, deployer])];
  }
  const wanted = delayOf("admin", delays);
  if (delay >= BigInt(wanted)) return [];
  return [manager.interface.encodeFunctionData("grantRole", [ROLES.admin, deployer, wanted])];
}

async function sendAll(sender: Sender, manager: Contract, calls: readonly string[]): Promise<void> {
  if (calls.length === 0) return;
  const own = await sender.signer.getAddress();
  const [isAdmin, delay] = await manager.getFunction("hasRole")(ROLES.admin, own);
  if (!isAdmin) throw new Error(`${own} is not the administrator: it cannot change the role book`);
  if (delay > 0n) {
    throw new Error(`${own} changes the role book only ${delay} seconds after scheduling it there`);
  }
  await send(sender, manager, "multicall", [calls]);
}

/** Seconds that a member of the role waits between scheduling and executing. */
export function delayOf(role: RoleName, delays: RoleDelays): number {
  if (role === "upgrader") return delays.upgradeSeconds ?? 0;
  if (role === "attesterAdmin") return delays.attesterSeconds ?? 0;
  return role === "admin" ? (delays.adminSeconds ?? 0) : 0;
}
