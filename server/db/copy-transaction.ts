import { Kysely, PostgresDialect, type PostgresPool } from "kysely";
import type pg from "pg";
import { poolOf } from "./connect-database.ts";
import type { Database } from "./tables.ts";

export interface CopyTransaction {
  /** Queries inside the transaction. */
  trx: Kysely<Database>;
  /** The connection that carries it: for COPY streams (pg-copy-streams). */
  client: pg.PoolClient;
}

/**
 * Runs `work` in one transaction whose connection can also carry a COPY stream, which Kysely's own
 * transactions do not hand out. Commits when `work` resolves, rolls back when it rejects; a
 * connection that cannot even roll back is thrown away.
 */
export async function copyTransaction<T>(
  db: Kysely<Database>,
  work: (transaction: CopyTransaction) => Promise<T>,
): Promise<T> {
  const client = await poolOf(db).connect();
  const trx = new Kysely<Database>({ dialect: new PostgresDialect({ pool: poolOfOne(client) }) });
  try {
    await client.query("begin");
    const result = await work({ trx, client });
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    const broken = await client.query("rollback").then(
      () => false,
      () => true,
    );
    client.release(broken);
    throw error;
  }
}

/** The same connection for every query; only copyTransaction gives it back to its pool. */
function poolOfOne(client: pg.PoolClient): PostgresPool {
  const borrowed = new Proxy(client, {
    get(target, property) {
      if (property === "release") return () => undefined;
      const value: unknown = Reflect.get(target, property);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return {
    connect: () => Promise.resolve(borrowed),
    end: () => Promise.resolve(),
    options: {},
  };
}
