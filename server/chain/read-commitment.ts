import type { JsonRpcProvider } from "ethers";
import { decodeRevert } from "./decode-revert.ts";
import { contracts } from "./platform-interface.ts";

/**
 * The commitment to the tape of a period, restated where the period was, from the report registry of
 * the deal's chain: needs a node and the registry's address, no server.
 * @throws an ethers error when the node does not answer or the registry has no report of the period
 */
export async function readCommitment(
  provider: JsonRpcProvider,
  place: { registry: string; dealId: bigint; period: number },
): Promise<string> {
  const face = contracts.reportRegistry;
  const call = async (method: string) => {
    const data = face.encodeFunctionData(method, [place.dealId, place.period]);
    const answer = await provider.call({ to: place.registry, data });
    return face.decodeFunctionResult(method, answer)[0];
  };
  try {
    return String((await call("restatedReport")).tapeCommitment);
  } catch (error) {
    if (decodeRevert(error)?.name !== "ReportUnknown") throw error;
    return String(await call("tapeCommitment"));
  }
}
