import type { Chain } from "./connect-chain.ts";
import { readContract } from "./read-contract.ts";

/** What one class token says of one account, at the head of the chain. */
export interface Entitlement {
  /** Original face, cents. */
  faceCents: bigint;
  /** Claimable now, smallest units of the cash token. */
  interestUnits: bigint;
  principalUnits: bigint;
  /** Nothing becomes claimable before a later period is funded. */
  lastFundedPeriod: number;
  /** A frozen account's cash stays owed to it; a claim is refused. */
  frozen: boolean;
}

/** @throws Problem chain-unreachable */
export async function readEntitlement(
  chain: Chain,
  token: string,
  holder: string,
): Promise<Entitlement> {
  const call = { contract: "trancheToken", address: token } as const;
  const [owed, [face], [period], [frozen]] = await Promise.all([
    readContract(chain, { ...call, method: "entitlementOf", args: [holder] }),
    readContract(chain, { ...call, method: "balanceOf", args: [holder] }),
    readContract(chain, { ...call, method: "lastFundedPeriod", args: [] }),
    readContract(chain, { ...call, method: "isFrozen", args: [holder] }),
  ]);
  return {
    faceCents: BigInt(face),
    interestUnits: BigInt(owed[0]),
    principalUnits: BigInt(owed[1]),
    lastFundedPeriod: Number(period),
    frozen: Boolean(frozen),
  };
}
