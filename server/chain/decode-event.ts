import type { Log as EthersLog } from "ethers";
import type { Deployment } from "./connect-chain.ts";
import { contracts, type ContractName } from "./platform-interface.ts";

/** A log as the node answers it (`eth_getLogs`). */
export type NodeLog = Pick<EthersLog, "address" | "data"> & {
  topics: string[];
  blockNumber: string;
  blockHash: string;
  transactionHash: string;
  logIndex: string;
};

/** An event of one of our contracts. Integers are decimal text: JSON has none of that size. */
export interface DecodedEvent {
  blockNumber: bigint;
  blockHash: string;
  transactionHash: string;
  logIndex: number;
  address: string;
  name: string;
  args: Record<string, unknown>;
}

/** Which contract lives at an address (lower case): the platform's, then every class token. */
export type AddressBook = ReadonlyMap<string, ContractName>;

/** The addresses of the platform's own contracts. */
export function platformAddresses(deployment: Deployment): Map<string, ContractName> {
  const entries: [string, ContractName][] = [
    [deployment.accessManager, "accessManager"],
    [deployment.dealFactory, "dealFactory"],
    [deployment.reportRegistry, "reportRegistry"],
    [deployment.complianceRegistry, "complianceRegistry"],
    [deployment.waterfallDistributor, "waterfallDistributor"],
    [deployment.runInputs, "runInputs"],
    [deployment.primaryIssuance, "primaryIssuance"],
    [deployment.trancheTokenBeacon, "trancheTokenBeacon"],
  ];
  return new Map(entries.map(([address, contract]) => [address.toLowerCase(), contract]));
}

/** Reads a log by the ABI of its contract; one that the ABI lacks is kept as `Unknown`, raw. */
export function decodeEvent(log: NodeLog, book: AddressBook): DecodedEvent {
  const contract = book.get(log.address.toLowerCase());
  const parsed = contract === undefined ? null : contracts[contract].parseLog(log);
  const args: [string, unknown][] =
    parsed === null
      ? [
          ["topics", log.topics],
          ["data", log.data],
        ]
      : parsed.fragment.inputs.map((input, position) => [
          input.name || String(position),
          plainValue(parsed.args[position]),
        ]);
  return {
    blockNumber: BigInt(log.blockNumber),
    blockHash: log.blockHash,
    transactionHash: log.transactionHash,
    logIndex: Number(log.logIndex),
    address: log.address.toLowerCase(),
    name: parsed?.name ?? "Unknown",
    args: Object.fromEntries(args),
  };
}

function plainValue(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(plainValue);
  return value;
}
