import { encodeBytes32String } from "ethers";
import type { Contract } from "ethers";
import { type Deployment, embeddedAccount } from "./connect-chain.ts";
import { contractAt, send } from "./deploy-contract.ts";
import type { Sender } from "./deploy-contract.ts";
import { EMBEDDED_CHAIN_ID } from "./embedded-chain.ts";
import { type Consent, signConsent } from "./sign-consent.ts";

/** The reason that stands in the registry's events. */
const ONBOARDING = encodeBytes32String("onboarding");
/** How many accounts of the well-known mnemonic an embedded chain may have in use. */
const EMBEDDED_ACCOUNTS = 20;
/** Good for ever: a consent counts once. */
const NO_DEADLINE = 2 ** 40;

/** An investor as the compliance registry knows it: an opaque id, never a name. */
export interface Identity {
  /** 32 bytes, 0x-hex: random or salted. */
  id: string;
  /** First unix second in which the credential is no longer valid. */
  kycExpiry: number;
  /** ISO 3166-1 numeric. */
  country: number;
  wallets: readonly string[];
  /** The wallets' signatures; a wallet may instead have called `consentToLink` itself. */
  consents?: readonly Consent[] | undefined;
}

/** A wallet of an identity that it has not consented to. */
export class ConsentMissingError extends Error {}

/**
 * Registers identities and links their wallets; what the registry has already is not sent again. The sender is a registrar.
 * @throws ConsentMissingError naming the wallet
 * @throws an ethers error when the sender may not
 */
export async function registerIdentities(
  sender: Sender,
  deployment: Deployment,
  identities: readonly Identity[],
): Promise<void> {
  const registry = await contractAt(sender, "ComplianceRegistry", deployment.complianceRegistry);
  for (const identity of identities) {
    const { id, kycExpiry, country, wallets } = identity;
    const known = await registry.getFunction("identity")(id);
    if (known.kycExpiry !== BigInt(kycExpiry) || known.country !== BigInt(country)) {
      await send(sender, registry, "setIdentity", [id, kycExpiry, country, ONBOARDING]);
    }
    for (const wallet of wallets) {
      if ((await registry.getFunction("identityOf")(wallet)) === id) continue;
      await link(sender, registry, { deployment, identity, wallet });
    }
  }
}

interface Link {
  deployment: Deployment;
  identity: Identity;
  wallet: string;
}

async function link(sender: Sender, registry: Contract, task: Link): Promise<void> {
  const { id } = task.identity;
  const { wallet } = task;
  const [consentedTo] = await registry.getFunction("consentOf")(wallet);
  const isOwn = same20(wallet, await sender.signer.getAddress());
  if (isOwn || consentedTo === id) {
    await send(sender, registry, "linkWallet", [wallet, id, ONBOARDING]);
    return;
  }
  const consent = given(task) ?? (await signEmbedded(sender, task));
  if (consent === null) {
    throw new ConsentMissingError(
      `the wallet ${wallet} has not consented to identity ${id}: it signs a WalletLink, or calls consentToLink(${id})`,
    );
  }
  const args = [wallet, id, consent.deadline, consent.signature, ONBOARDING];
  await send(sender, registry, "linkWalletBySignature", args);
}

function given({ identity, wallet }: Link): Consent | null {
  return identity.consents?.find((consent) => same20(consent.wallet, wallet)) ?? null;
}

/** The keys of an embedded chain's own accounts are known to everybody: they sign for themselves. */
async function signEmbedded(sender: Sender, task: Link): Promise<Consent | null> {
  const { deployment, identity, wallet } = task;
  const { provider } = sender.signer;
  if (BigInt(deployment.chainId) !== EMBEDDED_CHAIN_ID || provider === null) return null;
  for (let account = 0; account < EMBEDDED_ACCOUNTS; account += 1) {
    const signer = embeddedAccount(account, provider);
    if (!same20(signer.address, wallet)) continue;
    const terms = { identityId: identity.id, deadline: NO_DEADLINE };
    return await signConsent(signer, deployment, terms);
  }
  return null;
}

function same20(a: string, b: string): boolean {
  return BigInt(a) === BigInt(b);
}
