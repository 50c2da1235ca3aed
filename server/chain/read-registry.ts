import type { Chain } from "./connect-chain.ts";
import { decodeRevert } from "./decode-revert.ts";
import { readContract } from "./read-contract.ts";

/** Who may attest a deal's reports, checksummed, and how many must. */
export interface Attestation {
  attesters: string[];
  threshold: number;
}

/** What the registry keeps of an accepted report; `used` once a distribution ran on it. */
export interface AcceptedReport {
  reportHash: string;
  version: number;
  used: boolean;
}

/** @throws Problem chain-unreachable */
export async function readAttestation(chain: Chain, chainDealId: bigint): Promise<Attestation> {
  const [attesters, threshold] = await readContract(chain, {
    contract: "reportRegistry",
    address: chain.deployment.reportRegistry,
    method: "attestersOf",
    args: [chainDealId],
  });
  return { attesters: [...attesters].map(String), threshold: Number(threshold) };
}

/**
 * The report that stands for a period; undefined when none was accepted.
 * @throws Problem chain-unreachable
 */
export async function readAccepted(
  chain: Chain,
  { chainDealId, period }: { chainDealId: bigint; period: number },
): Promise<AcceptedReport | undefined> {
  try {
    const [accepted] = await readContract(chain, {
      contract: "reportRegistry",
      address: chain.deployment.reportRegistry,
      method: "acceptedReport",
      args: [chainDealId, period],
    });
    return {
      reportHash: String(accepted.reportHash),
      version: Number(accepted.version),
      used: Boolean(accepted.used),
    };
  } catch (error) {
    if (decodeRevert(error)?.name === "ReportUnknown") return undefined;
    throw error;
  }
}
