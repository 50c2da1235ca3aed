import type { Context } from "../context.ts";
import { withLock } from "../db/with-lock.ts";
import { applyEvents } from "./apply-events.ts";
import { callNode } from "./call-node.ts";
import { platformAddresses } from "./decode-event.ts";
import {
  deleteEmptyBlocks,
  findLastBlock,
  insertBlocks,
  insertEvents,
  listTokens,
  nameDeals,
} from "./event-queries.ts";
import { readRange, type EventRange } from "./read-range.ts";
import { rollBackReorg } from "./roll-back-reorg.ts";
import { listVanished } from "./list-vanished.ts";
import { reopenVanished } from "./transaction-queries.ts";

/** Blocks a request: what public nodes allow. */
const RANGE_BLOCKS = 2_000n;

export interface Watched {
  /** Last block that is stored now. */
  block: bigint;
  events: number;
  /** Lowest block that a re-org took back; undefined when there was none. */
  rolledBackTo: bigint | undefined;
}

/**
 * Reads every event of the platform's contracts up to the head of the chain into `chain_events`,
 * in bounded ranges, each stored with what is derived from it in one transaction. A re-org is
 * rolled back to the last block that both sides know. Callers wait for each other (one watcher at
 * a time over all processes), so that after it returns everything up to the head is stored.
 * @throws Problem chain-unreachable; what was stored stays, the next call goes on from there
 */
export async function watchEvents(context: Context): Promise<Watched> {
  return withLock(context.db, "watch-events", () => readToHead(context));
}

async function readToHead(context: Context): Promise<Watched> {
  const { chain, db } = context;
  const rolledBackTo = await rollBackReorg(context);
  let last = (await findLastBlock(db))?.number ?? BigInt(chain.deployment.deployBlock) - 1n;
  const head = BigInt(await callNode<string>(chain, "eth_blockNumber", []));
  const book = platformAddresses(chain.deployment);
  for (const token of await listTokens(db)) book.set(token, "trancheToken");
  let events = 0;
  let size = RANGE_BLOCKS;
  while (last < head) {
    const to = last + size < head ? last + size : head;
    const range = await readRange(chain, { from: last + 1n, to, book });
    if (range === "too-large") {
      size = size / 2n;
      continue;
    }
    await storeRange(context, range);
    events += range.events.length;
    last = to;
  }
  return { block: last, events, rolledBackTo };
}

/** Blocks, events and everything derived from them: whole or not at all. */
async function storeRange(context: Context, range: EventRange): Promise<void> {
  const vanished = await listVanished(context, range);
  await context.db.transaction().execute(async (trx) => {
    await insertBlocks(trx, range.blocks);
    await insertEvents(trx, range.events);
    // Only an event that now has its deal can be new to what is derived.
    if ((await nameDeals(trx)) > 0n) await applyEvents(trx);
    await reopenVanished(trx, vanished);
    await deleteEmptyBlocks(trx, range.to);
  });
}
