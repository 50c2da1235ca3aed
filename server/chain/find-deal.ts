import type { JsonRpcProvider } from "ethers";
import { readDealCode } from "../deals/read-deal-code.ts";
import { readTerms } from "../deals/read-terms.ts";
import { listLogs } from "./list-logs.ts";
import { contracts } from "./platform-interface.ts";

/** A deal as the chain's DealCreated events name it. */
export interface FoundDeal {
  dealId: bigint;
  /** The name in its terms; null when its code holds no terms that can be read. */
  name: string | null;
  /** Who made it. */
  factory: string;
}

export interface DealSearch {
  /** The number on chain, or the name in the terms. */
  deal: string;
  /** Looks at this factory's deals alone. */
  factory?: string | undefined;
  /** First block to search. */
  fromBlock?: number | undefined;
}

/**
 * Finds a deal on a chain by its number or its name, with nothing but a node.
 * @throws Error when there is none, or when several fit
 */
export async function findDeal(
  provider: JsonRpcProvider,
  { deal, factory, fromBlock }: DealSearch,
): Promise<FoundDeal> {
  const all = await listDeals(provider, { factory, fromBlock: fromBlock ?? 0 });
  const isNumber = /^\d{1,15}$/.test(deal);
  const fitting = all.filter(
    ({ dealId, name }) => name === deal || (isNumber && dealId === BigInt(deal)),
  );
  const [found, ...others] = fitting;
  const where = factory === undefined ? "this chain" : `factory ${factory}`;
  if (found === undefined) {
    const known = all.map(({ dealId, name }) => `${dealId} (${name ?? "unreadable terms"})`);
    throw new Error(
      `there is no deal ${deal} on ${where}; deals: ${known.slice(0, 20).join(", ") || "none"}`,
    );
  }
  if (others.length === 0) return found;
  const places = fitting.map((each) => `deal ${each.dealId} of factory ${each.factory}`);
  throw new Error(
    `${deal} is not one deal on ${where}: ${places.join("; ")}; name the number and the factory`,
  );
}

async function listDeals(
  provider: JsonRpcProvider,
  { factory, fromBlock }: { factory: string | undefined; fromBlock: number },
): Promise<FoundDeal[]> {
  const logs = await listLogs(provider, {
    ...(factory === undefined ? {} : { address: factory }),
    topics: [contracts.dealFactory.getEvent("DealCreated")?.topicHash ?? null],
    fromBlock,
    toBlock: await provider.getBlockNumber(),
  });
  const deals: FoundDeal[] = [];
  for (const log of logs) {
    const created = contracts.dealFactory.parseLog(log);
    if (created === null) continue;
    const name = await readName(provider, String(created.args["code"]));
    deals.push({ dealId: BigInt(created.args["dealId"]), name, factory: log.address });
  }
  return deals;
}

/** Anybody can emit such an event: what its code holds need not be terms. */
async function readName(provider: JsonRpcProvider, address: string): Promise<string | null> {
  const code = Buffer.from((await provider.getCode(address)).slice(2), "hex");
  try {
    return readTerms(readDealCode(code).terms).dealId;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The report registry that a factory's deals report to. */
export async function readReportRegistry(
  provider: JsonRpcProvider,
  factory: string,
): Promise<string> {
  const face = contracts.dealFactory;
  const answer = await provider.call({ to: factory, data: face.encodeFunctionData("links") });
  return String(face.decodeFunctionResult("links", answer)[0].reports);
}
