import { TypedDataEncoder, type TypedDataDomain, type TypedDataField } from "ethers";

/**
 * What the attesters sign: pool facts and nothing else (ReportRegistry.Report). Money in cents,
 * hashes as 0x-hex of 32 bytes, `figures` in the order of the deal's figure table.
 */
export interface ReportMessage {
  dealId: bigint;
  period: number;
  version: number;
  termsHash: string;
  tapeRoot: string;
  closeHash: string;
  resultHash: string;
  figures: bigint[];
}

/** Where the report is to be accepted: a signature for another chain or registry is another digest. */
export interface ReportDomain {
  chainId: bigint;
  registry: string;
}

/** The EIP-712 types of `ReportRegistry`, field for field. */
export const REPORT_TYPES: Record<string, TypedDataField[]> = {
  Report: [
    { name: "dealId", type: "uint64" },
    { name: "period", type: "uint16" },
    { name: "version", type: "uint16" },
    { name: "termsHash", type: "bytes32" },
    { name: "tapeRoot", type: "bytes32" },
    { name: "closeHash", type: "bytes32" },
    { name: "resultHash", type: "bytes32" },
    { name: "figures", type: "int256[]" },
  ],
};

/** The EIP-712 domain of a registry. */
export function reportDomain({ chainId, registry }: ReportDomain): TypedDataDomain {
  return { name: "Penstock", version: "1", chainId, verifyingContract: registry };
}

/** EIP-712 digest, equal to the registry's `reportDigest(report)`. */
export function digestReport(message: ReportMessage, domain: ReportDomain): string {
  return TypedDataEncoder.hash(reportDomain(domain), REPORT_TYPES, message);
}

/** EIP-712 struct hash (no domain), equal to the `reportHash` that the registry keeps. */
export function hashReport(message: ReportMessage): string {
  return TypedDataEncoder.hashStruct("Report", REPORT_TYPES, message);
}

/** The typed data as wallets take it (`eth_signTypedData_v4`): JSON, integers as decimal text. */
export function typedDataOf(message: ReportMessage, domain: ReportDomain): Record<string, unknown> {
  return TypedDataEncoder.getPayload(reportDomain(domain), REPORT_TYPES, message) as Record<
    string,
    unknown
  >;
}
