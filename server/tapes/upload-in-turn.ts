import type { Context } from "../context.ts";
import { problem } from "../errors.ts";

/** An upload holds one of the process's ten database connections until its last byte: some must stay free. */
const MOST_UPLOADS = 4;
/** How long a sender is kept waiting for its turn. */
const PATIENCE_MS = 5_000;

interface Turns {
  running: number;
  /** Those who wait, first come first served: each is called when a place is free. */
  waiting: Set<() => void>;
}

const turnsOf = new WeakMap<Context["db"], Turns>();

/**
 * Does `work` while no more than four uploads of this process are at work; a waiting one holds nothing.
 * @throws Problem uploads-too-many when no place was free within the patience
 */
export async function uploadInTurn<Result>(
  db: Context["db"],
  work: () => Promise<Result>,
): Promise<Result> {
  const turns = turnsOf.get(db) ?? { running: 0, waiting: new Set() };
  turnsOf.set(db, turns);
  if (turns.running < MOST_UPLOADS) turns.running += 1;
  else await waitForPlace(turns);
  try {
    return await work();
  } finally {
    passOn(turns);
  }
}

/** The place goes to the next one as it is; with nobody waiting it is free. */
function passOn(turns: Turns): void {
  const [next] = turns.waiting;
  if (next === undefined) {
    turns.running -= 1;
    return;
  }
  // At once, so that a place is never given to one who has one or has left.
  turns.waiting.delete(next);
  next();
}

async function waitForPlace({ waiting }: Turns): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    waiting.delete(resolve);
    reject(problem("uploads-too-many", { limit: MOST_UPLOADS }));
  }, PATIENCE_MS);
  waiting.add(resolve);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
}
