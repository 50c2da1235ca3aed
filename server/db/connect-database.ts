import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Database } from "./tables.ts";

const INT8 = 20;
const DATE = 1082;
const getTypeParser: (oid: number, format: "text" | "binary") => (value: string) => unknown =
  pg.types.getTypeParser;
const pools = new WeakMap<Kysely<Database>, pg.Pool>();

/**
 * Opens a pool of connections. `bigint` columns are read as bigint, `numeric` as text, `date` as
 * YYYY-MM-DD text: money and dates never pass through a float or a time zone.
 * @param url postgres:// URL of the database
 */
export function connectDatabase(
  url: string,
  options: { connections?: number } = {},
): Kysely<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    application_name: "penstock",
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
  });
  // A connection that breaks while idle (the database restarts) is replaced by the pool at the next
  // query; without a listener Node would end the process instead.
  pool.on("error", () => undefined);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  pools.set(db, pool);
  return db;
}

/** Ours where it matters, pg's own for everything else. */
function parserOf(oid: number, format: "text" | "binary" = "text"): (value: string) => unknown {
  if (oid === INT8 && format === "text") return BigInt;
  if (oid === DATE && format === "text") return String;
  return getTypeParser(oid, format);
}

/** The pool behind a database that `connectDatabase` opened: for COPY and LISTEN only. */
export function poolOf(db: Kysely<Database>): pg.Pool {
  const pool = pools.get(db);
  if (pool === undefined) throw new Error("this database was not opened by connectDatabase");
  return pool;
}
