import { encodeBytes32String } from "ethers";
import { closeDeal } from "./close-deal.ts";
import type { Allocation } from "./close-deal.ts";
import type { Deployment } from "./connect-chain.ts";
import { createDeal } from "./create-deal.ts";
import type { ChainDeal, NewDeal } from "./create-deal.ts";
import { contractAt, send } from "./deploy-contract.ts";
import type { Sender } from "./deploy-contract.ts";
import { readClosingTerms } from "./read-closing-terms.ts";
import type { Offer, Subscription } from "./subscription.ts";
import { registerIdentities } from "./register-identities.ts";
import type { Identity } from "./register-identities.ts";

/** The reason that stands in the registry's events. */
const INITIAL_PURCHASER = encodeBytes32String("initial purchaser");

/** Who signs what; on an embedded chain all of them may be one account. */
export interface DealSigners {
  issuer: Sender;
  registrar: Sender;
  originator: Sender;
}

export interface DealInput {
  deal: NewDeal;
  /** Every holder and every investor must belong to one of them. */
  identities: readonly Identity[];
  /** Identities that may hold more than the deal's cap (initial purchasers). */
  capExempt?: readonly string[] | undefined;
  /** Who gets what without payment; not read where there are subscriptions. */
  allocations: readonly Allocation[];
  /** The orders that the issue is sold on, or who takes them once the deal is there to be signed for. */
  subscriptions?: readonly Subscription[] | ((offer: Offer) => Promise<readonly Subscription[]>);
  /**
   * Called between creation and closing with the deal's closing time (unix seconds): brings the chain there, or throws
   * when it has not come.
   */
  reachClosing: (closingTime: number) => Promise<void>;
}

/**
 * Brings a deal on chain from its terms to its first holders: identities, creation, cap exemptions, closing. Run again
 * after an interruption it goes on where it stopped.
 * @returns where the deal lives
 * @throws an ethers error with the contract's reason
 */
export async function deployDeal(
  signers: DealSigners,
  deployment: Deployment,
  input: DealInput,
): Promise<ChainDeal> {
  await registerIdentities(signers.registrar, deployment, input.identities);
  const { issuer, originator } = signers;
  const deal = await createDeal(issuer, deployment, { deal: input.deal });
  await exemptFromCap(signers.registrar, deployment, { deal, identities: input.capExempt ?? [] });
  const factory = await contractAt(issuer, "DealFactory", deployment.dealFactory);
  if (await factory.getFunction("isClosed")(deal.dealId)) return deal;
  const { closingTime, depositUnits } = readClosingTerms(input.deal.terms);
  await input.reachClosing(closingTime);
  const subscriptions = await takeOrders(issuer, deployment, { deal, orders: input.subscriptions });
  const { allocations } = input;
  const closing = { deal, allocations, subscriptions, originator, depositUnits };
  await closeDeal(issuer, deployment, closing);
  return deal;
}

async function takeOrders(
  sender: Sender,
  { chainId, primaryIssuance }: Deployment,
  { deal, orders = [] }: { deal: ChainDeal; orders: DealInput["subscriptions"] },
): Promise<readonly Subscription[]> {
  if (typeof orders !== "function") return orders;
  const issuance = await contractAt(sender, "PrimaryIssuance", primaryIssuance);
  const dealHash: string = await issuance.getFunction("dealHashOf")(deal.dealId);
  return orders({ chainId: BigInt(chainId), primaryIssuance, dealId: deal.dealId, dealHash });
}

async function exemptFromCap(
  registrar: Sender,
  deployment: Deployment,
  { deal, identities }: { deal: ChainDeal; identities: readonly string[] },
): Promise<void> {
  const registry = await contractAt(registrar, "ComplianceRegistry", deployment.complianceRegistry);
  for (const id of identities) {
    if (await registry.getFunction("isCapExempt")(deal.dealId, id)) continue;
    await send(registrar, registry, "setCapExempt", [deal.dealId, id, true, INITIAL_PURCHASER]);
  }
}
