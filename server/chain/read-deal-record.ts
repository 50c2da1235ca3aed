import { zeroPadValue, toBeHex, type JsonRpcProvider, type Log } from "ethers";
import { readDealCode } from "../deals/read-deal-code.ts";
import { readTerms } from "../deals/read-terms.ts";
import { centsToUnits } from "../lib/money.ts";
import type { DealEvent, DealRecord } from "./deal-record.ts";
import { contracts, type ContractName } from "./platform-interface.ts";
import {
  readAtBlock,
  readDealBooks,
  type ChainAtBlock,
  type DealPlace,
} from "./read-deal-books.ts";
import { PUNCTUALITY_STATES } from "./record-reports.ts";
import { listLogs } from "./list-logs.ts";

/** Which deal to read, and where the reading may start. */
export interface DealQuery {
  dealId: bigint;
  /** The factory; needed only where several on the chain have made a deal of this number. */
  factory?: string | undefined;
  /** First block to search for the deal's creation. */
  fromBlock?: number | undefined;
}

const noAddress = "0x0000000000000000000000000000000000000000";

function topic(contract: ContractName, event: string): string {
  const fragment = contracts[contract].getEvent(event);
  if (fragment === null) throw new Error(`${contract} has no event ${event}`);
  return fragment.topicHash;
}

function dealTopic(dealId: bigint): string {
  return zeroPadValue(toBeHex(dealId), 32);
}

/** The DealCreated event. @throws Error when there is none, or more than one factory made one */
async function findCreation(provider: JsonRpcProvider, query: DealQuery, block: number) {
  const logs = await listLogs(provider, {
    ...(query.factory === undefined ? {} : { address: query.factory }),
    topics: [topic("dealFactory", "DealCreated"), dealTopic(query.dealId)],
    fromBlock: query.fromBlock ?? 0,
    toBlock: block,
  });
  const [log, ...others] = logs;
  if (log === undefined) throw new Error(`no factory on this chain has made deal ${query.dealId}`);
  if (others.length > 0) {
    const factories = logs.map(({ address }) => address).join(", ");
    throw new Error(`deal ${query.dealId} was made by several factories, name one: ${factories}`);
  }
  const created = contracts.dealFactory.parseLog(log);
  if (created === null) throw new Error(`the log of deal ${query.dealId} is not a DealCreated`);
  return { log, created };
}

type Parsed = NonNullable<ReturnType<(typeof contracts)["dealFactory"]["parseLog"]>>;

function registryEvent(name: string, args: Parsed["args"]): object | null {
  const period = Number(args["period"]);
  if (name === "PunctualityChanged") {
    return { name, period, state: PUNCTUALITY_STATES[Number(args["state"])] };
  }
  if (name === "DifferencesCarried") {
    return { name, period, differences: [...(args["differences"] as bigint[])] };
  }
  const version = Number(args["version"]);
  if (name === "ReportChallenged") {
    return { name, period, version, finalAt: Number(args["finalAt"]) };
  }
  if (name === "ChallengeDismissed" || name === "ReportRejected") return { name, period, version };
  if (name !== "ReportPublished" && name !== "ReportRestated") return null;
  return {
    name,
    period,
    version,
    reportHash: String(args["reportHash"]),
    tapeRoot: String(args["tapeRoot"]),
    closeHash: String(args["closeHash"]),
    resultHash: String(args["resultHash"]),
    figures: [...(args["figures"] as bigint[])],
    signers: [...(args["signers"] as string[])],
  };
}

function distributorEvent(name: string, args: Parsed["args"], tokens: string[]): object | null {
  if (name === "CollectionsFunded") {
    const [cents, collections] = [BigInt(args["cents"]), BigInt(args["collections"])];
    return { name, from: String(args["from"]), cents, collections };
  }
  if (name === "WaterfallRun") {
    const hashes = {
      reportHash: String(args["reportHash"]),
      resultHash: String(args["resultHash"]),
    };
    return {
      name,
      period: Number(args["period"]),
      ...hashes,
      words: [...(args["words"] as bigint[])],
    };
  }
  if (name === "DealOpened") return { name, depositCents: BigInt(args["depositCents"]) };
  if (name === "PayeeBooked" || name === "PayeeWithdrawn") {
    return { name, payeeIndex: Number(args["payeeIndex"]), cents: BigInt(args["cents"]) };
  }
  if (name !== "Claimed") return null;
  return {
    name,
    classIndex: tokens.indexOf(String(args["token"])),
    holder: String(args["holder"]),
    interestUnits: BigInt(args["interestUnits"]),
    principalUnits: BigInt(args["principalUnits"]),
  };
}

function inputEvent(name: string, args: Parsed["args"]): object | null {
  if (name === "IndexFixed" || name === "LastRateTaken") {
    const [period, position] = [Number(args["period"]), Number(args["index"])];
    const fixed = { name, period, position, rateWad: BigInt(args["rate"]) };
    return name === "IndexFixed" ? fixed : { ...fixed, isProven: Boolean(args["isProven"]) };
  }
  if (name === "LoansOffered") {
    const [period, version] = [Number(args["period"]), Number(args["version"])];
    return { name, period, version, priceCents: BigInt(args["price"]) };
  }
  const isNotice = name === "NoticeGiven" || name === "NoticeWithdrawn";
  return isNotice ? { name, position: Number(args["notice"]) } : null;
}

function tokenEvent(name: string, args: Parsed["args"], classIndex: number): object | null {
  if (name === "Transfer") {
    const [from, to] = [String(args["from"]), String(args["to"])];
    return { name, classIndex, from, to, face: BigInt(args["value"]) };
  }
  if (name === "AccountRecovered") {
    const [lost, replacement] = [String(args["lost"]), String(args["replacement"])];
    return { name, classIndex, lost, replacement };
  }
  if (name !== "EntitlementFunded") return null;
  return {
    name,
    classIndex,
    period: Number(args["period"]),
    interestUnits: BigInt(args["interestUnits"]),
    principalUnits: BigInt(args["principalUnits"]),
  };
}

interface Addresses {
  reports: string;
  inputs: string;
  distributor: string;
  tokens: string[];
}

/** The event that a log holds; null for one that a replay does not need. */
function eventOf(log: Log, { reports, inputs, distributor, tokens }: Addresses): object | null {
  if (log.address === reports) {
    const parsed = contracts.reportRegistry.parseLog(log);
    return parsed === null ? null : registryEvent(parsed.name, parsed.args);
  }
  if (log.address === inputs) {
    const parsed = contracts.runInputs.parseLog(log);
    return parsed === null ? null : inputEvent(parsed.name, parsed.args);
  }
  if (log.address === distributor) {
    const parsed = contracts.waterfallDistributor.parseLog(log);
    return parsed === null ? null : distributorEvent(parsed.name, parsed.args, tokens);
  }
  const parsed = contracts.trancheToken.parseLog(log);
  return parsed === null ? null : tokenEvent(parsed.name, parsed.args, tokens.indexOf(log.address));
}

/** Block times of logs, unix seconds, each block asked once. */
async function readTimes(provider: JsonRpcProvider, logs: readonly Log[]) {
  const numbers = [...new Set(logs.map(({ blockNumber }) => blockNumber))];
  const times = await Promise.all(
    numbers.map(async (number) => {
      const block = await provider.getBlock(number);
      if (block === null) throw new Error(`the node has no block ${number}`);
      return [number, block.timestamp] as const;
    }),
  );
  return new Map(times);
}

async function readEvents(
  chain: ChainAtBlock,
  { addresses, dealId, fromBlock }: { addresses: Addresses; dealId: bigint; fromBlock: number },
): Promise<DealEvent[]> {
  const range = { fromBlock, toBlock: chain.block };
  const { reports, inputs, distributor, tokens } = addresses;
  const own = {
    address: [reports, inputs, distributor],
    topics: [null, dealTopic(dealId)],
    ...range,
  };
  const ofTokens = ["Transfer", "EntitlementFunded", "AccountRecovered"];
  const topics = [ofTokens.map((name) => topic("trancheToken", name))];
  const logs = [
    ...(await listLogs(chain.provider, own)),
    ...(await listLogs(chain.provider, { address: tokens, topics, ...range })),
  ].toSorted((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  const times = await readTimes(chain.provider, logs);
  return logs.flatMap((log) => {
    const event = eventOf(log, addresses);
    const at = { at: times.get(log.blockNumber) ?? 0, block: log.blockNumber };
    return event === null
      ? []
      : [{ ...event, ...at, transaction: log.transactionHash } as DealEvent];
  });
}

/** Everyone who ever held, by class. */
function holdersOf(events: readonly DealEvent[], classes: number): string[][] {
  const holders = Array.from({ length: classes }, () => new Set<string>());
  for (const event of events) {
    if (event.name !== "Transfer") continue;
    for (const holder of [event.from, event.to]) {
      if (holder !== noAddress) holders[event.classIndex]?.add(holder);
    }
  }
  return holders.map((set) => [...set]);
}

/**
 * Reads everything that the chain says about one deal, at the current head: needs a node and the
 * deal's number, no server, no database, no traces.
 * @throws Error when the deal is not there; an ethers error when the node does not answer
 */
export async function readDealRecord(
  provider: JsonRpcProvider,
  query: DealQuery,
): Promise<DealRecord> {
  const chain = { provider, block: await provider.getBlockNumber() };
  const { log, created } = await findCreation(provider, query, chain.block);
  const [links] = await readAtBlock(chain, {
    contract: "dealFactory",
    address: log.address,
    method: "links",
    args: [],
  });
  const tokens = [...(created.args["tokens"] as string[])];
  const addresses = {
    reports: String(links.reports),
    inputs: String(links.inputs),
    distributor: String(links.distributor),
    tokens,
  };
  const code = Buffer.from((await provider.getCode(String(created.args["code"]))).slice(2), "hex");
  const events = await readEvents(chain, {
    addresses,
    dealId: query.dealId,
    fromBlock: log.blockNumber,
  });
  const cashToken = String(created.args["cashToken"]);
  const place: DealPlace = {
    dealId: query.dealId,
    factory: log.address,
    distributor: addresses.distributor,
    cashToken,
    unitsPerCent: centsToUnits(1n, readTerms(readDealCode(code).terms).cashDecimals),
    tokens,
  };
  return {
    chainId: (await provider.getNetwork()).chainId,
    dealId: query.dealId,
    created: {
      termsHash: String(created.args["termsHash"]),
      cashToken,
      tokens,
      payees: [...(created.args["payees"] as string[])],
      feeds: [...(created.args["feeds"] as string[])],
    },
    code,
    events,
    books: await readDealBooks(chain, place, holdersOf(events, tokens.length)),
  };
}
