import type { JsonRpcProvider } from "ethers";
import type { AddressName, DeploymentRecord } from "./deploy-record.ts";
import { verifyCode, type CodeCheck } from "./deploy-verify-code.ts";
import { verifyRoles, type RolesCheck } from "./deploy-verify-roles.ts";
import { readBuild } from "./read-build.ts";

export interface Verification {
  code: CodeCheck[];
  roles: RolesCheck;
  /** The record with the code's hashes and how each contract was compiled, for what is the same as the build. */
  record: DeploymentRecord;
}

/** Compares everything of a record with the chain and with the build. */
export async function verifyDeployment(
  provider: JsonRpcProvider,
  record: DeploymentRecord,
): Promise<Verification> {
  const code = await verifyCode(provider, record);
  const roles = await verifyRoles(provider, record);
  const creations = { ...record.creations };
  const compilerInputs = { ...record.compilerInputs };
  for (const { name, contract, creator, codeHash, compilerInput } of code) {
    const creation = creations[name as AddressName];
    if (compilerInput === null || creation === undefined) continue;
    creations[name as AddressName] = { ...creation, codeHash, compilerInput };
    const { compiler, input } = await readBuild(contract, creator);
    compilerInputs[compilerInput] = { compiler, settings: input.settings };
  }
  const isTold = Object.keys(creations).length > 0;
  return { code, roles, record: isTold ? { ...record, creations, compilerInputs } : record };
}
