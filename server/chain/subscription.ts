import { centsToUnits } from "../lib/money.ts";

/** An investor's order for a part of an issue. Which deal it is for is known once the deal is on chain. */
export interface Subscription {
  /** Class, in the order of the terms. */
  classIndex: number;
  investor: string;
  /** Original face in cents, the most that is wanted. */
  face: bigint;
  /** The least that is taken, cents. */
  leastFace: bigint;
  /** What is allotted, leastFace..face, cents. */
  allottedFace: bigint;
  /** Price of one unit of face, 1e18 = par. */
  priceWad: bigint;
  /** The last second at which the order may be filled, unix seconds. */
  deadline: number;
  /** 32 bytes that tell like orders apart. */
  salt: string;
  /** The investor's EIP-712 signature; "0x" when he has placed the order on chain himself. */
  signature: string;
}

/** Where orders are for: what an investor's signature is bound to beside the order itself. */
export interface Offer {
  chainId: bigint;
  primaryIssuance: string;
  dealId: bigint;
  /** PrimaryIssuance.dealHashOf: the deal's code and originator. */
  dealHash: string;
}

/** EIP-712: what PrimaryIssuance hashes. */
const TYPES = {
  Subscription: [
    { name: "dealId", type: "uint64" },
    { name: "classIndex", type: "uint8" },
    { name: "face", type: "uint64" },
    { name: "leastFace", type: "uint64" },
    { name: "priceWad", type: "uint256" },
    { name: "investor", type: "address" },
    { name: "deadline", type: "uint40" },
    { name: "salt", type: "bytes32" },
    { name: "dealHash", type: "bytes32" },
  ],
};

/** The order as the contract takes it. */
export function subscriptionMessage(
  { dealId, dealHash }: Pick<Offer, "dealId" | "dealHash">,
  order: Subscription,
) {
  const { classIndex, face, leastFace, priceWad, investor, deadline, salt } = order;
  return { dealId, classIndex, face, leastFace, priceWad, investor, deadline, salt, dealHash };
}

/** What the investor's wallet signs. */
export function subscriptionTypedData(offer: Offer, order: Subscription) {
  const { chainId, primaryIssuance: verifyingContract } = offer;
  const domain = { name: "Penstock", version: "1", chainId, verifyingContract };
  return { domain, types: TYPES, message: subscriptionMessage(offer, order) };
}

/** What the originator receives for the orders, in units of the cash token: what he buys himself, he pays to himself. */
export function proceedsOf(
  orders: readonly Subscription[],
  { originator, cashDecimals }: { originator: string; cashDecimals: number },
): bigint {
  const sold = orders.filter(({ investor }) => BigInt(investor) !== BigInt(originator));
  const cents = sold.reduce((sum, order) => sum + priceOf(order), 0n);
  return centsToUnits(cents, cashDecimals);
}

/** What the investor pays, in cents: the price is rounded up. */
export function priceOf({ allottedFace, priceWad }: Subscription): bigint {
  const par = 10n ** 18n;
  return (allottedFace * priceWad + par - 1n) / par;
}
