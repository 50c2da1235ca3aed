import type { Signer } from "ethers";
import type { Deployment } from "./connect-chain.ts";
import { contractAt } from "./deploy-contract.ts";

/** A wallet's word that it may be linked to an identity. */
export interface Consent {
  wallet: string;
  /** Last unix second in which it counts. */
  deadline: number;
  /** EIP-712 WalletLink, of an account or by ERC-1271. */
  signature: string;
}

export const WALLET_LINK_TYPES = {
  WalletLink: [
    { name: "wallet", type: "address" },
    { name: "identityId", type: "bytes32" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** Signs, with the wallet's own key, that it may be linked to the identity until `deadline` (unix seconds), once. */
export async function signConsent(
  wallet: Signer,
  deployment: Pick<Deployment, "chainId" | "complianceRegistry">,
  { identityId, deadline }: { identityId: string; deadline: number },
): Promise<Consent> {
  const address = await wallet.getAddress();
  const verifyingContract = deployment.complianceRegistry;
  const registry = await contractAt({ signer: wallet }, "ComplianceRegistry", verifyingContract);
  const [, nonce] = await registry.getFunction("consentOf")(address);
  const { chainId } = deployment;
  const domain = { name: "Penstock compliance", version: "1", chainId, verifyingContract };
  const message = { wallet: address, identityId, nonce, deadline };
  const signature = await wallet.signTypedData(domain, WALLET_LINK_TYPES, message);
  return { wallet: address, deadline, signature };
}
