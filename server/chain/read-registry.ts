import type { Result } from "ethers";
import type { Chain } from "./connect-chain.ts";
import { decodeRevert } from "./decode-revert.ts";
import { readContract } from "./read-contract.ts";

/** Who may attest a deal's reports, checksummed, and how many must. */
export interface Attestation {
  attesters: string[];
  threshold: number;
}

/** Position = value of the contract's enum. */
const REPORT_STATUSES = ["standing", "challenged", "rejected"] as const;
type ReportStatus = (typeof REPORT_STATUSES)[number];

/** What the registry keeps of an accepted report; `used` once a distribution ran on it. */
export interface AcceptedReport {
  reportHash: string;
  version: number;
  used: boolean;
  status: ReportStatus;
  /** The version that stands in its place since it was distributed on; null without any. */
  restatement: { reportHash: string; version: number } | null;
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
  place: RegistryPlace,
): Promise<AcceptedReport | undefined> {
  const accepted = await readKept(chain, "acceptedReport", place);
  if (accepted === undefined) return undefined;
  const restated = accepted.restated ? await readKept(chain, "restatedReport", place) : undefined;
  const restatement =
    restated === undefined
      ? null
      : { reportHash: String(restated.reportHash), version: Number(restated.version) };
  return {
    reportHash: String(accepted.reportHash),
    version: Number(accepted.version),
    used: Boolean(accepted.used),
    status: REPORT_STATUSES[Number(accepted.status)] ?? "standing",
    restatement,
  };
}

/** The version that the next report or restatement of a period must have. @throws Problem chain-unreachable */
export async function readNextVersion(
  chain: Chain,
  { chainDealId, period }: RegistryPlace,
): Promise<number> {
  const [version] = await readContract(chain, {
    contract: "reportRegistry",
    address: chain.deployment.reportRegistry,
    method: "nextVersion",
    args: [chainDealId, period],
  });
  return Number(version);
}

interface RegistryPlace {
  chainDealId: bigint;
  period: number;
}

async function readKept(
  chain: Chain,
  method: "acceptedReport" | "restatedReport",
  { chainDealId, period }: RegistryPlace,
): Promise<Result | undefined> {
  try {
    const [kept] = await readContract(chain, {
      contract: "reportRegistry",
      address: chain.deployment.reportRegistry,
      method,
      args: [chainDealId, period],
    });
    return kept;
  } catch (error) {
    if (decodeRevert(error)?.name === "ReportUnknown") return undefined;
    throw error;
  }
}
