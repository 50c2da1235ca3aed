import { sql } from "kysely";
import type { Kysely } from "kysely";
import type pg from "pg";
import type { Database } from "./tables.ts";

/**
 * Does `work` on a connection; when the signal aborts, the statement that the connection is at is
 * cancelled by another one, and the signal's reason is thrown whatever `work` throws.
 */
export async function orAborted<Result>(
  db: Kysely<Database>,
  client: pg.PoolClient,
  { signal, work }: { signal: AbortSignal | undefined; work: () => Promise<Result> },
): Promise<Result> {
  if (signal === undefined) return await work();
  signal.throwIfAborted();
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const pid = rows[0]?.pid ?? 0;
  let cancelling: Promise<unknown> = Promise.resolve();
  const onAbort = (): void => {
    // A connection that cannot be had leaves the statement to end by itself.
    cancelling = sql`select pg_cancel_backend(${pid})`.execute(db).catch(() => undefined);
  };
  signal.addEventListener("abort", onAbort);
  try {
    const result = await work();
    signal.throwIfAborted();
    return result;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
    // It must not hit what the connection does next.
    await cancelling;
  }
}
