/** What a deployment leaves behind: the file that the server reads, that the next run goes on from and that an auditor checks. */
import { readFile, rename, writeFile } from "node:fs/promises";
import type { Deployment } from "./connect-chain.ts";
import type { RoleDelays, RoleHolders } from "./grant-roles.ts";

/** How a contract came to be; the address stands beside it in the record. */
export interface Creation {
  /** Contract name in the build. */
  contract: string;
  constructorArguments: readonly unknown[];
  transactionHash: string;
  blockNumber: number;
  /** keccak256 of the code on chain, immutables included; known once it was verified. */
  codeHash?: string;
  /** Of the standard-JSON input that it was compiled from: a key of `compilerInputs`. */
  compilerInput?: string;
}

/** One way in which contracts were compiled. */
export interface CompilerInput {
  /** Long version, as explorers want it. */
  compiler: string;
  settings: object;
}

export interface DealRecord {
  dealId: string;
  /** The deal's name in its terms. */
  name: string;
  termsHash: string;
  /** The contract whose code is the deal. */
  code: string;
  cashToken: string;
  tokens: readonly string[];
  feed: string;
  closed: boolean;
}

export interface SentTransaction {
  /** The contract created or the function called. */
  name: string;
  to: string | null;
  hash: string;
  blockNumber: number;
  gasUsed: string;
  /** What it cost, in wei. */
  feeWei: string;
}

/** Where everything is: a deployment, perhaps in the making, and the contracts behind its proxies. */
interface Addresses extends Partial<Deployment> {
  complianceRegistryImplementation?: string;
  reportRegistryImplementation?: string;
  waterfallDistributorImplementation?: string;
  waterfallEngine?: string;
  termsChecker?: string;
  dealFactoryImplementation?: string;
  runInputsImplementation?: string;
  trancheTokenImplementation?: string;
  /** The contract that deployed the five proxies. */
  platformGenesis?: string;
}

/** The members that are addresses of contracts. */
export type AddressName = {
  [K in keyof Addresses]-?: NonNullable<Addresses[K]> extends string ? K : never;
}[keyof Addresses];

/** What is deployed so far, and how each part of it came to be. */
export interface DeploymentRecord extends Addresses {
  /** Where it is and who sent it. */
  origin?: { network: string | null; deployer: string };
  roles?: { holders: RoleHolders; delays: RoleDelays };
  creations?: Partial<Record<AddressName, Creation>>;
  compilerInputs?: Record<string, CompilerInput>;
  deals?: DealRecord[];
  transactions?: SentTransaction[];
}

/**
 * Reads a record; null when there is no file.
 * @throws Error when it is not JSON
 */
export async function readRecord(file: string): Promise<DeploymentRecord | null> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return JSON.parse(text) as DeploymentRecord;
  } catch (error) {
    throw new Error(`${file}: is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** Written beside and renamed, so that a crash never leaves half a file. */
export async function writeWhole(file: string, content: object): Promise<void> {
  const text = JSON.stringify(content, (_key, value: unknown) => plain(value), 2);
  await writeFile(`${file}.new`, `${text}\n`);
  await rename(`${file}.new`, file);
}

function plain(value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
