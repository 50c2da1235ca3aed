/** The EIP-712 types of an order for a part of an issue: what an investor signs for PrimaryIssuance. */
export const SUBSCRIPTION_TYPES = {
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
