import type { Chain } from "./connect-chain.ts";
import { readContract } from "./read-contract.ts";

/** The head of a deal's ledger. */
export interface LedgerHead {
  lastPeriod: number;
  /** Cash that waits for a report, cents. */
  collections: bigint;
}

/** @throws Problem chain-unreachable */
export async function readLedgerHead(chain: Chain, chainDealId: bigint): Promise<LedgerHead> {
  const state = await readContract(chain, {
    contract: "waterfallDistributor",
    address: chain.deployment.waterfallDistributor,
    method: "stateOf",
    args: [chainDealId],
  });
  return { lastPeriod: Number(state["lastPeriod"]), collections: BigInt(state["collections"]) };
}

/** What an owner holds of a cash token and has approved to the distributor, in its units. */
export async function readWallet(
  chain: Chain,
  { token, owner }: { token: string; owner: string },
): Promise<{ balanceUnits: bigint; allowanceUnits: bigint }> {
  const of = { contract: "cashToken", address: token } as const;
  const spender = chain.deployment.waterfallDistributor;
  const [[balance], [allowance]] = await Promise.all([
    readContract(chain, { ...of, method: "balanceOf", args: [owner] }),
    readContract(chain, { ...of, method: "allowance", args: [owner, spender] }),
  ]);
  return { balanceUnits: BigInt(balance), allowanceUnits: BigInt(allowance) };
}
