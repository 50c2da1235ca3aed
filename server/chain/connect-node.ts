import { FetchRequest, type JsonRpcProvider } from "ethers";
import { openProvider } from "./connect-chain.ts";

/**
 * Connects to a node of whatever chain, for those who have nothing but its URL.
 * @throws Error when the node does not answer (a provider alone would go on asking for ever)
 */
export async function connectNode(url: string): Promise<JsonRpcProvider> {
  const request = new FetchRequest(url);
  request.timeout = 20_000;
  request.body = { jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] };
  const response = await request.send().catch((error: unknown) => {
    throw new Error(`the node at ${url} does not answer`, { cause: error });
  });
  const { result } = (response.hasBody() ? response.bodyJson : {}) as { result?: unknown };
  if (!response.ok() || typeof result !== "string") {
    throw new Error(`${url} is not an Ethereum node`);
  }
  return openProvider(url, BigInt(result));
}
