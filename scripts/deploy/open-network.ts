import { readFile } from "node:fs/promises";
import path from "node:path";
import type { JsonRpcProvider } from "ethers";
import { connectNode, placeOf } from "../../server/chain/connect-node.ts";
import { EMBEDDED_CHAIN_ID } from "../../server/chain/embedded-chain.ts";
import { readConfig } from "../../server/config.ts";
import { UsageError } from "../run-command.ts";
import { NETWORKS, urlVariable, type NetworkDescription } from "./networks.ts";
import type { Output } from "./output.ts";

export interface Network extends NetworkDescription {
  name: string;
  /** Scheme and host of the node: its path may be a key. */
  place: string;
  provider: JsonRpcProvider;
  /** The file of the deployment, where the caller names none. */
  record: string;
  /** A chain that a program of this machine runs to try things out: no value is at stake. */
  isEmbedded: boolean;
  /** Embedded chain only: its own blocks come every twelve seconds. */
  mine: (() => Promise<void>) | undefined;
}

export const LOCAL = "local";

/**
 * Connects to a network and makes sure that it is the chain that it should be.
 * @param chainId as the caller or the record says, for a network that the list does not have
 * @throws UsageError when it is not said where the node is, or which chain it should be; Error when it is another one
 */
export async function openNetwork(
  name: string,
  chainId: number | undefined,
  output: Output,
): Promise<Network> {
  const local = name === LOCAL ? await findLocal() : null;
  const url = local?.url ?? findUrl(name);
  output.hide(url);
  const provider = await connectNode(url);
  const found = Number((await provider.getNetwork()).chainId);
  const known = NETWORKS[name] ?? {
    chainId: local === null ? chainId : Number(EMBEDDED_CHAIN_ID),
    coin: "coin",
    confirmations: 1,
  };
  const expected = known.chainId;
  if (expected === undefined) {
    throw new UsageError(
      `${name} is on no list (scripts/deploy/networks.ts): say with --chain-id which chain it should be; this node serves ${found}`,
    );
  }
  if (chainId !== undefined && chainId !== expected) {
    throw new UsageError(`${name} is chain ${expected}, not ${chainId}`);
  }
  if (found !== expected) {
    throw new Error(
      `the node at ${placeOf(url)} serves chain ${found}, and ${name} is chain ${expected}: nothing was sent`,
    );
  }
  const isEmbedded = BigInt(found) === EMBEDDED_CHAIN_ID;
  return {
    ...known,
    ...{ name, chainId: found, provider, isEmbedded, place: placeOf(url) },
    ...(isEmbedded ? { coin: "ETH" } : {}),
    record: local?.record ?? path.join("deployments", `${name}.json`),
    mine: isEmbedded ? async () => void (await provider.send("evm_mine", [])) : undefined,
  };
}

/** The chain of a running `npm start`, where DATA_DIR says. */
async function findLocal(): Promise<{ url: string; record: string }> {
  const { dataFolder } = readConfig({ DATA_DIR: process.env["DATA_DIR"] });
  const folder = path.join(dataFolder, "chain");
  const port = await readFile(path.join(folder, "port"), "utf8").catch(() => null);
  if (port === null) throw new UsageError("there is no chain of `npm start` here: start it first");
  return { url: `http://127.0.0.1:${port.trim()}`, record: path.join(folder, "deployment.json") };
}

function findUrl(name: string): string {
  const variable = urlVariable(name);
  const url = process.env[variable] ?? process.env["RPC_URL"] ?? "";
  const isUrl = URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);
  if (isUrl) return url;
  throw new UsageError(`${variable} or RPC_URL must be the http(s) URL of a node of ${name}`);
}

/** TSTORE and MCOPY, and an empty contract. */
const CANCUN_CODE = "0x5f5f5d5f5f5f5e5f5ff3";

/** Whether the chain runs the instructions that the contracts are compiled to. */
export async function runsCancun({ provider }: Network, from: string): Promise<boolean> {
  try {
    await provider.call({ from, data: CANCUN_CODE });
    return true;
  } catch {
    return false;
  }
}
