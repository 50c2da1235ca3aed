import type { Signer } from "ethers";
import { readDealPlan } from "./read-deal-plan.ts";
import { PlanError } from "./prepare-deal.ts";
import { subscriptionTypedData, type Offer } from "./subscription.ts";

/**
 * Signs the wallet's own orders of a plan for the deal on offer.
 * @returns the plan as JSON, with the signatures, and how many there are
 * @throws PlanError with everything that is wrong with the plan
 */
export async function signOrders(
  json: string,
  offer: Offer,
  wallet: Signer,
): Promise<{ json: string; signed: number }> {
  const { plan, problems } = readDealPlan(json);
  if (plan === null) throw new PlanError(problems);
  const written = JSON.parse(json) as { subscriptions?: Record<string, unknown>[] };
  const own = await wallet.getAddress();
  let signed = 0;
  for (const [i, order] of plan.subscriptions.entries()) {
    const place = written.subscriptions?.[i];
    if (order.investor !== own || place === undefined) continue;
    const { domain, types, message } = subscriptionTypedData(offer, order);
    place["signature"] = await wallet.signTypedData(domain, types, message);
    signed += 1;
  }
  return { json: `${JSON.stringify(written, null, 2)}\n`, signed };
}
