import { sql, type Kysely } from "kysely";
import type { Database } from "./tables.ts";

/** Who waits in this process, per database and name: a waiter must not hold a connection. */
const queues = new WeakMap<Kysely<Database>, Map<string, Promise<unknown>>>();

/**
 * Does `work` while nobody else, in any process on this database, does work under the same name.
 * The lock belongs to a connection of its own, not to a transaction, so the work may call the
 * chain; it falls when the process dies.
 */
export async function withLock<Result>(
  db: Kysely<Database>,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const queue = queues.get(db) ?? new Map<string, Promise<unknown>>();
  queues.set(db, queue);
  const before = queue.get(name) ?? Promise.resolve();
  const turn = before.then(() => lockAcrossProcesses(db, name, work));
  const settled = turn.catch(() => undefined);
  queue.set(name, settled);
  try {
    return await turn;
  } finally {
    if (queue.get(name) === settled) queue.delete(name);
  }
}

async function lockAcrossProcesses<Result>(
  db: Kysely<Database>,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  return db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(hashtextextended(${name}, 0))`.execute(connection);
    try {
      return await work();
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended(${name}, 0))`.execute(connection);
    }
  });
}
