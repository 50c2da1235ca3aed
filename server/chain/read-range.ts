import type { Chain } from "./connect-chain.ts";
import { Problem, problem } from "../errors.ts";
import { callNode } from "./call-node.ts";
import { decodeEvent, type AddressBook, type DecodedEvent, type NodeLog } from "./decode-event.ts";
import { tokensOf, type Block } from "./event-queries.ts";
import type { ContractName } from "./platform-interface.ts";

/** Addresses in one filter: what public nodes allow. */
const FILTER_ADDRESSES = 500;
/** Calls on their way at once while headers are read. */
const HEADERS_AT_ONCE = 16;
/** A chain that re-orgs while it is read is read again. */
const ATTEMPTS = 5;

/** Blocks `from` to `to`: the events, and the headers of the blocks that hold them and of `to`. */
export interface EventRange {
  from: bigint;
  to: bigint;
  blocks: Block[];
  events: DecodedEvent[];
}

interface RangeRequest {
  from: bigint;
  to: bigint;
  /** Grows by the tokens of every DealCreated event that is met. */
  book: Map<string, ContractName>;
}

/**
 * Reads one range, all of it from one and the same chain: every log's block hash is the header's,
 * and the last header is the same before and after.
 * @returns `too-large` when the node refuses the range and a smaller one may pass
 * @throws Problem chain-unreachable, chain-moving
 */
export async function readRange(
  chain: Chain,
  request: RangeRequest,
): Promise<EventRange | "too-large"> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const last = await readBlock(chain, request.to);
    const logs = await readLogs(chain, request);
    if (logs === "too-large") return logs;
    const blocks = await readBlocks(chain, logs);
    const after = await readBlock(chain, request.to);
    const range = joinRange({ request, logs, blocks: [...blocks, after] });
    if (range !== undefined && last !== undefined && last.hash === after?.hash) return range;
  }
  throw problem("chain-moving", { from: request.from, to: request.to });
}

function joinRange(parts: {
  request: RangeRequest;
  logs: NodeLog[];
  blocks: (Block | undefined)[];
}): EventRange | undefined {
  const { request, logs } = parts;
  const blocks = new Map<bigint, Block>();
  for (const block of parts.blocks) if (block !== undefined) blocks.set(block.number, block);
  const torn = logs.some((log) => blocks.get(BigInt(log.blockNumber))?.hash !== log.blockHash);
  if (torn || !blocks.has(request.to)) return undefined;
  const events = logs.map((log) => decodeEvent(log, request.book));
  return { from: request.from, to: request.to, blocks: [...blocks.values()], events };
}

/** The platform's logs first: they name the tokens of deals that are created in this very range. */
async function readLogs(chain: Chain, request: RangeRequest): Promise<NodeLog[] | "too-large"> {
  const { book } = request;
  const known = [...book.keys()];
  const logs: NodeLog[] = [];
  for (let addresses = known; addresses.length > 0;) {
    const found = await readLogsOf(chain, request, addresses);
    if (found === "too-large") return found;
    logs.push(...found);
    addresses = newTokens(found, book);
    for (const token of addresses) book.set(token, "trancheToken");
  }
  return logs;
}

function newTokens(logs: NodeLog[], book: AddressBook): string[] {
  return logs
    .filter((log) => book.get(log.address.toLowerCase()) === "dealFactory")
    .map((log) => decodeEvent(log, book))
    .filter((event) => event.name === "DealCreated")
    .flatMap((event) => tokensOf(event.args))
    .filter((token) => !book.has(token));
}

async function readLogsOf(
  chain: Chain,
  { from, to }: RangeRequest,
  addresses: string[],
): Promise<NodeLog[] | "too-large"> {
  const logs: NodeLog[] = [];
  for (let start = 0; start < addresses.length; start += FILTER_ADDRESSES) {
    const filter = {
      fromBlock: hex(from),
      toBlock: hex(to),
      address: addresses.slice(start, start + FILTER_ADDRESSES),
    };
    try {
      logs.push(...(await callNode<NodeLog[]>(chain, "eth_getLogs", [filter])));
    } catch (error) {
      // Nodes word it differently; a range of one block is not made smaller.
      if (error instanceof Problem || to === from) throw error;
      return "too-large";
    }
  }
  return logs;
}

/** Headers of the blocks that hold the logs, a few asked for at a time. */
async function readBlocks(chain: Chain, logs: NodeLog[]): Promise<(Block | undefined)[]> {
  const distinct = new Set(logs.map((log) => BigInt(log.blockNumber)));
  const numbers = [...distinct].toSorted(ascending);
  const blocks: (Block | undefined)[] = [];
  for (let start = 0; start < numbers.length; start += HEADERS_AT_ONCE) {
    const batch = numbers.slice(start, start + HEADERS_AT_ONCE);
    blocks.push(...(await Promise.all(batch.map((number) => readBlock(chain, number)))));
  }
  return blocks;
}

/** The header of a block; undefined when the chain is not that long. */
export async function readBlock(chain: Chain, number: bigint): Promise<Block | undefined> {
  const block = await callNode<{ number: string; hash: string; timestamp: string } | null>(
    chain,
    "eth_getBlockByNumber",
    [hex(number), false],
  );
  if (block === null) return undefined;
  return { number, hash: block.hash, minedAt: new Date(Number(BigInt(block.timestamp)) * 1_000) };
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
