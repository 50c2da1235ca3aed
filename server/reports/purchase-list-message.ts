import type { TypedDataDomain, TypedDataField } from "ethers";

/** The EIP-712 types of a purchase list, `RunInputs.PurchaseList` field for field; money in cents. */
export const PURCHASE_LIST_TYPES: Record<string, TypedDataField[]> = {
  PurchaseList: [
    { name: "dealId", type: "uint64" },
    { name: "period", type: "uint16" },
    { name: "version", type: "uint16" },
    { name: "listRoot", type: "bytes32" },
    { name: "loanCount", type: "uint64" },
    { name: "balance", type: "uint64" },
    { name: "price", type: "uint64" },
  ],
};

/** The EIP-712 domain of a `RunInputs`. */
export function purchaseListDomain(chainId: bigint, runInputs: string): TypedDataDomain {
  return { name: "Penstock", version: "1", chainId, verifyingContract: runInputs };
}
