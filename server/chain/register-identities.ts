import { encodeBytes32String } from "ethers";
import type { Deployment } from "./connect-chain.ts";
import { contractAt, send } from "./deploy-contract.ts";
import type { Sender } from "./deploy-contract.ts";

/** The reason that stands in the registry's events. */
const ONBOARDING = encodeBytes32String("onboarding");

/** An investor as the compliance registry knows it: an opaque id, never a name. */
export interface Identity {
  /** 32 bytes, 0x-hex: random or salted. */
  id: string;
  /** First unix second in which the credential is no longer valid. */
  kycExpiry: number;
  /** ISO 3166-1 numeric. */
  country: number;
  wallets: readonly string[];
}

/**
 * Registers identities and links their wallets; what the registry has already is not sent again. The sender is a registrar.
 * @throws an ethers error when the sender may not
 */
export async function registerIdentities(
  sender: Sender,
  deployment: Deployment,
  identities: readonly Identity[],
): Promise<void> {
  const registry = await contractAt(sender, "ComplianceRegistry", deployment.complianceRegistry);
  for (const { id, kycExpiry, country, wallets } of identities) {
    const known = await registry.getFunction("identity")(id);
    if (known.kycExpiry !== BigInt(kycExpiry) || known.country !== BigInt(country)) {
      await send(sender, registry, "setIdentity", [id, kycExpiry, country, ONBOARDING]);
    }
    for (const wallet of wallets) {
      if ((await registry.getFunction("identityOf")(wallet)) === id) continue;
      await send(sender, registry, "linkWallet", [wallet, id, ONBOARDING]);
    }
  }
}
