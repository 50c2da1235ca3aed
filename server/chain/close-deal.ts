import type { Deployment } from "./connect-chain.ts";
import type { ChainDeal } from "./create-deal.ts";
import { contractAt, send } from "./deploy-contract.ts";
import type { Sender } from "./deploy-contract.ts";
import { subscriptionMessage, type Subscription } from "./subscription.ts";

/** One holder's part of the issue. */
export interface Allocation {
  /** Class, in the order of the terms. */
  classIndex: number;
  holder: string;
  /** Original face in cents. */
  face: bigint;
}

export interface Closing {
  deal: ChainDeal;
  /** Every class in full, without payment; not read where there are subscriptions. */
  allocations: readonly Allocation[];
  /** Every class in full, against payment to the originator. */
  subscriptions?: readonly Subscription[] | undefined;
  /** Who deposits the accounts' initial balances. */
  originator: Sender;
  /** The sum of the initial balances, in units of the cash token (readClosingTerms). */
  depositUnits: bigint;
}

/**
 * Agrees to the initial deposits, approves them and closes the deal: mints every class and opens the accounts. What is subscribed is paid
 * in the same transaction, by investors who have approved PrimaryIssuance. Does nothing when the deal is closed. The sender is an issuer; the block must lie in [closing time, first record time).
 * @throws an ethers error with the contract's reason: outside the window, allocations that are not the face, an identity
 *   that may not hold, an originator without the cash
 */
export async function closeDeal(
  sender: Sender,
  deployment: Deployment,
  { deal, allocations, subscriptions = [], originator, depositUnits }: Closing,
): Promise<void> {
  const factory = await contractAt(sender, "DealFactory", deployment.dealFactory);
  if (await factory.getFunction("isClosed")(deal.dealId)) return;
  if (depositUnits > 0n) {
    const byOriginator = await isOne(sender, originator);
    // Closing a deal of his own he agrees by that; what is sold, PrimaryIssuance closes.
    if (!byOriginator || subscriptions.length > 0) await agree(originator, deployment, deal);
    await approveDeposit(originator, deployment, { deal, depositUnits });
  }
  if (subscriptions.length === 0) {
    await send(sender, factory, "closeDeal", [deal.dealId, allocations]);
    return;
  }
  const issuance = await contractAt(sender, "PrimaryIssuance", deployment.primaryIssuance);
  const dealHash: string = await issuance.getFunction("dealHashOf")(deal.dealId);
  const offer = { dealId: deal.dealId, dealHash };
  const allotments = subscriptions.map((order) => ({
    subscription: subscriptionMessage(offer, order),
    signature: order.signature,
    face: order.allottedFace,
  }));
  await send(sender, issuance, "close", [deal.dealId, allotments]);
}

async function isOne(one: Sender, other: Sender): Promise<boolean> {
  return (await one.signer.getAddress()) === (await other.signer.getAddress());
}

async function agree(
  originator: Sender,
  { dealFactory, deployBlock }: Deployment,
  { dealId }: ChainDeal,
): Promise<void> {
  const factory = await contractAt(originator, "DealFactory", dealFactory);
  const filter = factory.getEvent("DepositAgreed")(dealId);
  if ((await factory.queryFilter(filter, deployBlock)).length > 0) return;
  await send(originator, factory, "agreeToDeposit", [dealId]);
}

async function approveDeposit(
  originator: Sender,
  deployment: Deployment,
  { deal, depositUnits }: Pick<Closing, "deal" | "depositUnits">,
): Promise<void> {
  // Any ERC-20 will do: only approve and allowance are called.
  const token = await contractAt(originator, "MockStablecoin", deal.cashToken);
  const owner = await originator.signer.getAddress();
  const spender = deployment.waterfallDistributor;
  if ((await token.getFunction("allowance")(owner, spender)) >= depositUnits) return;
  await send(originator, token, "approve", [spender, depositUnits]);
}
