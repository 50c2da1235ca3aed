import type { Deployment } from "./connect-chain.ts";
import { contractAt } from "./deploy-contract.ts";
import type { Sender } from "./deploy-contract.ts";
import { ROLES, type RoleName } from "./platform-roles.ts";

/**
 * What the sender lacks to bring a deal on chain alone, each in one sentence; empty when nothing.
 * @param dealId the deal, when it is created already: it has its originator, and its tokens their roles
 */
export async function checkDeployer(
  sender: Sender,
  deployment: Deployment,
  dealId: bigint | null,
): Promise<string[]> {
  const own = await sender.signer.getAddress();
  const manager = await contractAt(sender, "AccessManager", deployment.accessManager);
  const needed: RoleName[] = ["issuer", "registrar"];
  const problems: string[] = [];
  for (const role of needed) {
    const [holds] = await manager.getFunction("hasRole")(ROLES[role], own);
    if (holds !== true) problems.push(`DEPLOYER_KEY: ${own} does not hold the role ${role}`);
  }
  if (dealId === null) return problems;
  const factory = await contractAt(sender, "DealFactory", deployment.dealFactory);
  const originator = String(await factory.getFunction("originatorOf")(dealId));
  if (originator !== own) {
    problems.push(`DEPLOYER_KEY: ${own} is not the originator of deal ${dealId}: ${originator} is`);
  }
  return problems;
}
