import type { Chain } from "./connect-chain.ts";
import { problem } from "../errors.ts";

/** A node that does not answer within this is treated as one that is down. */
const ANSWER_TIMEOUT_MS = 20_000;

/**
 * One JSON-RPC call, past the provider's short cache (a nonce or a receipt must be fresh).
 * @returns the node's `result`, as JSON
 * @throws Problem chain-unreachable when the node does not answer; an ethers error when it answers
 *   with an error (CALL_EXCEPTION with revert data, NONCE_EXPIRED, INSUFFICIENT_FUNDS ...)
 */
export async function callNode<Result>(
  chain: Chain,
  method: string,
  params: readonly unknown[],
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(problem("chain-unreachable", { method })), ANSWER_TIMEOUT_MS);
  });
  try {
    const answer: Result = await Promise.race([chain.provider.send(method, [...params]), timeout]);
    return answer;
  } catch (error) {
    throw isUnreachable(error) ? problem("chain-unreachable", { method }) : error;
  } finally {
    clearTimeout(timer);
  }
}

const NETWORK_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "UND_ERR_SOCKET",
  "NETWORK_ERROR",
  "SERVER_ERROR",
  "TIMEOUT",
]);

/** Whether the error says that the node was not reached (as against: it was, and refused). */
function isUnreachable(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && NETWORK_CODES.has(code);
}
