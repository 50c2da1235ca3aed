import type { Context } from "../context.ts";
import { problem } from "../errors.ts";

/** An upload holds one of the process's ten database connections until its last byte: some must stay free. */
const MOST_UPLOADS = 4;
/** Slow senders of one deal leave places to the others. */
const MOST_OF_A_DEAL = 2;
/** How long a sender is kept waiting for its turn. */
const PATIENCE_MS = 5_000;

interface Waiting {
  dealId: string;
  begin(): void;
}

interface Turns {
  /** Uploads at work by deal. */
  running: Map<string, number>;
  /** Those who wait, first come first served: each is called when it has a place. */
  waiting: Set<Waiting>;
}

const turnsOf = new WeakMap<Context["db"], Turns>();

/**
 * Does `work` while no more than four uploads of this process are at work, two of them of the deal; a
 * waiting one holds nothing.
 * @throws Problem uploads-too-many when no place was free within the patience
 */
export async function uploadInTurn<Result>(
  db: Context["db"],
  dealId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const turns = turnsOf.get(db) ?? { running: new Map(), waiting: new Set() };
  turnsOf.set(db, turns);
  if (!takePlace(turns, dealId)) await waitForPlace(turns, dealId);
  try {
    return await work();
  } finally {
    passOn(turns, dealId);
  }
}

function takePlace({ running }: Turns, dealId: string): boolean {
  const ofDeal = running.get(dealId) ?? 0;
  const all = [...running.values()].reduce((sum, count) => sum + count, 0);
  if (all >= MOST_UPLOADS || ofDeal >= MOST_OF_A_DEAL) return false;
  running.set(dealId, ofDeal + 1);
  return true;
}

/** The place goes to the first one that may have it, at once: it is never given to one who has left. */
function passOn(turns: Turns, dealId: string): void {
  const left = (turns.running.get(dealId) ?? 1) - 1;
  if (left === 0) turns.running.delete(dealId);
  else turns.running.set(dealId, left);
  for (const next of turns.waiting) {
    if (!takePlace(turns, next.dealId)) continue;
    turns.waiting.delete(next);
    next.begin();
    return;
  }
}

async function waitForPlace({ waiting }: Turns, dealId: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const own = { dealId, begin: resolve };
  const timer = setTimeout(() => {
    waiting.delete(own);
    reject(problem("uploads-too-many", { limit: MOST_UPLOADS }));
  }, PATIENCE_MS);
  waiting.add(own);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
}
