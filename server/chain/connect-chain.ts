import { readFile } from "node:fs/promises";
import {
  type FetchRequest,
  HDNodeWallet,
  JsonRpcProvider,
  Network,
  type Provider,
  type Signer,
  Wallet,
  getAddress,
  isAddress,
} from "ethers";
import { EMBEDDED_MNEMONIC } from "./embedded-chain.ts";

/** Where the contracts are; addresses are checksummed hex. */
export interface Deployment {
  chainId: number;
  /** First block that can hold an event of ours. */
  deployBlock: number;
  accessManager: string;
  dealFactory: string;
  reportRegistry: string;
  complianceRegistry: string;
  waterfallDistributor: string;
  runInputs: string;
  /** Closes deals against payment. */
  primaryIssuance: string;
  trancheTokenBeacon: string;
  /** The test stablecoin of an embedded chain. */
  cashToken?: string;
}

export interface Chain {
  provider: JsonRpcProvider;
  chainId: bigint;
  deployment: Deployment;
  /** Pays gas and funds collections. */
  servicer: Signer;
  /** The one attester key that the server holds. */
  attester: Signer;
  /** Embedded chain only: mines a block now instead of waiting for the interval. */
  mine?: () => Promise<void>;
}

export interface ChainAddress {
  url: string;
  deployment: Deployment;
  /** Private keys; null takes the embedded chain's first two accounts. */
  servicerKey: string | null;
  attesterKey: string | null;
  mine?: () => Promise<void>;
}

/**
 * Connects to the node and makes sure that it is the chain of the deployment.
 * @throws Error when the node's chain id is another one
 */
export async function connectChain(address: ChainAddress): Promise<Chain> {
  const { deployment } = address;
  const provider = openProvider(address.url, BigInt(deployment.chainId));
  const actual = BigInt((await provider.send("eth_chainId", [])) as string);
  if (actual !== BigInt(deployment.chainId)) {
    provider.destroy();
    throw new Error(`the node serves chain ${actual}, the contracts are on ${deployment.chainId}`);
  }
  return {
    provider,
    chainId: actual,
    deployment,
    servicer: signerOf(address.servicerKey, 0, provider),
    attester: signerOf(address.attesterKey, 1, provider),
    ...(address.mine === undefined ? {} : { mine: address.mine }),
  };
}

/**
 * Answers are never cached: a nonce or a receipt may change within the quarter second that ethers
 * keeps it. Calls are not batched: ethers would hold each back for 10 ms to wait for company.
 */
export function openProvider(url: string | FetchRequest, chainId: bigint): JsonRpcProvider {
  return new JsonRpcProvider(url, chainId, {
    staticNetwork: Network.from(chainId),
    pollingInterval: 200,
    cacheTimeout: -1,
    batchMaxCount: 1,
  });
}

function signerOf(key: string | null, account: number, provider: JsonRpcProvider): Signer {
  return key === null ? embeddedAccount(account, provider) : new Wallet(key, provider);
}

/** An account that every embedded chain funds: 0 is the servicer, 1 the server's attester. */
export function embeddedAccount(account: number, provider: Provider): HDNodeWallet {
  const path = `m/44'/60'/0'/0/${account}`;
  return HDNodeWallet.fromPhrase(EMBEDDED_MNEMONIC, undefined, path).connect(provider);
}

/** The members of a deployment that are addresses of contracts, in the order of their creation. */
export const CONTRACTS = [
  "accessManager",
  "dealFactory",
  "reportRegistry",
  "complianceRegistry",
  "waterfallDistributor",
  "runInputs",
  "primaryIssuance",
  "trancheTokenBeacon",
] as const;

/**
 * Reads a deployment from its JSON file; null when the file is not there.
 * @throws Error naming every member that is missing or wrong
 */
export async function readDeployment(file: string): Promise<Deployment | null> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  const found = JSON.parse(text) as Partial<Deployment>;
  const wrong: string[] = CONTRACTS.filter((name) => !isAddress(found[name]));
  if (!Number.isSafeInteger(found.chainId)) wrong.push("chainId");
  if (!Number.isSafeInteger(found.deployBlock)) wrong.push("deployBlock");
  if (found.cashToken !== undefined && !isAddress(found.cashToken)) wrong.push("cashToken");
  if (wrong.length > 0) throw new Error(`${file}: missing or wrong: ${wrong.join(", ")}`);
  const { chainId, deployBlock, cashToken } = found as Deployment;
  const addresses = CONTRACTS.map((name) => [name, getAddress(found[name] ?? "")]);
  return {
    chainId,
    deployBlock,
    ...Object.fromEntries(addresses),
    ...(cashToken && { cashToken }),
  };
}
