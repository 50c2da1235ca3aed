import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Database } from "./tables.ts";

const INT8 = 20;
const INT8_ARRAY = 1016;
const DATE = 1082;
const getTypeParser: (oid: number, format: "text" | "binary") => (value: string) => unknown =
  pg.types.getTypeParser;
const pools = new WeakMap<Kysely<Database>, pg.Pool>();

/**
 * Opens a pool of connections. `bigint` columns and arrays are read as bigint, `numeric` as text, `date` as
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
    // A connection remembers every tape's table that it was asked for, about 50 KB each: it does not live
    // so long that it knows all deals.
    maxLifetimeSeconds: 1_800,
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
  });
  // A connection that breaks while idle (the database restarts) is replaced by the pool at the next
  // query; without a listener Node would end the process instead.
  pool.on("error", () => undefined);
  // The same while it is checked out and waits inside a transaction; its next query then fails.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  pools.set(db, pool);
  return db;
}

/** Ours where it matters, pg's own for everything else. */
function parserOf(oid: number, format: "text" | "binary" = "text"): (value: string) => unknown {
  if (oid === INT8 && format === "text") return BigInt;
  if (oid === INT8_ARRAY && format === "text") return parseBigints;
  if (oid === DATE && format === "text") return String;
  return getTypeParser(oid, format);
}

/** `{1,NULL,3}`, of one dimension. */
function parseBigints(text: string): (bigint | null)[] {
  const inner = text.slice(1, -1);
  if (inner === "") return [];
  return inner.split(",").map((item) => (item === "NULL" ? null : BigInt(item)));
}

/** The pool behind a database that `connectDatabase` opened: for COPY and LISTEN only. */
export function poolOf(db: Kysely<Database>): pg.Pool {
  const pool = pools.get(db);
  if (pool === undefined) throw new Error("this database was not opened by connectDatabase");
  return pool;
}
