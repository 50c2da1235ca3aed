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

export interface ConsentTerms {
  identityId: string;
  /** Last unix second in which the consent counts; it counts once. */
  deadline: number;
  /** A contract wallet that takes the signer's signatures; default: the signer's own address. */
  wallet?: string | undefined;
}

/** Signs, with the wallet's own key, that it may be linked to the identity. */
export async function signConsent(
  signer: Signer,
  deployment: Pick<Deployment, "chainId" | "complianceRegistry">,
  { identityId, deadline, wallet: contract }: ConsentTerms,
): Promise<Consent> {
  const wallet = contract ?? (await signer.getAddress());
  const { chainId, complianceRegistry: verifyingContract } = deployment;
  const registry = await contractAt({ signer }, "ComplianceRegistry", verifyingContract);
  const [, nonce] = await registry.getFunction("consentOf")(wallet);
  const domain = { name: "Penstock compliance", version: "1", chainId, verifyingContract };
  const message = { wallet, identityId, nonce, deadline };
  const signature = await signer.signTypedData(domain, WALLET_LINK_TYPES, message);
  return { wallet, deadline, signature };
}
