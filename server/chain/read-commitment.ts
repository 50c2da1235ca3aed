import type { JsonRpcProvider } from "ethers";
import { contracts } from "./platform-interface.ts";

/**
 * The commitment to the tape of a period, from the report registry of the deal's chain: needs a node
 * and the registry's address, no server.
 * @throws an ethers error when the node does not answer or the registry has no report of the period
 */
export async function readCommitment(
  provider: JsonRpcProvider,
  place: { registry: string; dealId: bigint; period: number },
): Promise<string> {
  const face = contracts.reportRegistry;
  const data = face.encodeFunctionData("tapeCommitment", [place.dealId, place.period]);
  const answer = await provider.call({ to: place.registry, data });
  return String(face.decodeFunctionResult("tapeCommitment", answer)[0]);
}
