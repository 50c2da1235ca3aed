import { setTimeout as sleep } from "node:timers/promises";
import { FetchRequest, type FetchResponse, type JsonRpcProvider } from "ethers";
import { openProvider } from "./connect-chain.ts";

const ANSWER_TIMEOUT_MS = 20_000;
/** Together some twenty seconds: longer than a node or its load balancer takes to come back. */
const RETRY_DELAYS_MS = [200, 400, 800, 1_600, 3_200, 6_400, 6_400];

/**
 * Connects to a node of whatever chain, for those who have nothing but its URL. A connection that drops and an answer of a
 * node that is busy are asked for again: every call may be made twice, a signed transaction too.
 * @throws Error when the node does not answer (a provider alone would go on asking for ever)
 */
export async function connectNode(url: string): Promise<JsonRpcProvider> {
  const request = requestTo(url);
  request.body = { jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] };
  const response = await request.send().catch((error: unknown) => {
    throw new Error(`the node at ${placeOf(url)} does not answer`, { cause: error });
  });
  let answer: { result?: unknown } = {};
  try {
    if (response.hasBody()) answer = response.bodyJson as { result?: unknown };
  } catch {
    // A web page, for one: said below.
  }
  if (!response.ok() || typeof answer.result !== "string") {
    throw new Error(`${placeOf(url)} is not an Ethereum node`);
  }
  const patient = requestTo(url);
  patient.getUrlFunc = askAgain;
  return openProvider(patient, BigInt(answer.result));
}

/** Scheme and host: what stands behind them is often a key. */
export function placeOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

function requestTo(url: string): FetchRequest {
  const place = new URL(url);
  const { username, password } = place;
  place.username = "";
  place.password = "";
  const request = new FetchRequest(place.href);
  request.timeout = ANSWER_TIMEOUT_MS;
  if (username !== "") {
    request.setCredentials(decodeURIComponent(username), decodeURIComponent(password));
    request.allowInsecureAuthentication = true;
  }
  return request;
}

type Ask = NonNullable<FetchRequest["getUrlFunc"]>;
type RawAnswer = Awaited<ReturnType<Ask>>;

const askOnce = FetchRequest.createGetUrlFunc();

const askAgain: Ask = async (request, signal): Promise<RawAnswer> => {
  for (const delay of RETRY_DELAYS_MS) {
    try {
      const answer = await askOnce(request, signal);
      if (!isBusy(answer)) return answer;
    } catch (error) {
      if (!isDropped(error)) throw error;
    }
    await sleep(delay);
  }
  return askOnce(request, signal);
};

function isBusy({ statusCode }: Pick<FetchResponse, "statusCode">): boolean {
  return statusCode === 429 || (statusCode >= 500 && statusCode !== 501);
}

function isDropped(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && code !== "CANCELLED";
}
