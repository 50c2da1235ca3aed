import type { Result } from "ethers";
import type { Chain } from "./connect-chain.ts";
import { callNode } from "./call-node.ts";
import { contracts, type ContractName } from "./platform-interface.ts";

/** A view to call. `from` matters only where the contract asks who calls (simulations). */
export interface ContractCall {
  contract: ContractName;
  address: string;
  method: string;
  args: readonly unknown[];
  from?: string;
}

/** The call as transaction data, 0x-hex. */
export function encodeCall({ contract, method, args }: Omit<ContractCall, "address">): string {
  return contracts[contract].encodeFunctionData(method, args);
}

/**
 * Reads a contract at the head of the chain, or tries a call there without sending it.
 * @throws Problem chain-unreachable; an ethers CALL_EXCEPTION with revert data when it reverts
 */
export async function readContract(chain: Chain, call: ContractCall): Promise<Result> {
  const request = {
    to: call.address,
    data: encodeCall(call),
    ...(call.from === undefined ? {} : { from: call.from }),
  };
  const answer = await callNode<string>(chain, "eth_call", [request, "latest"]);
  return contracts[call.contract].decodeFunctionResult(call.method, answer);
}
