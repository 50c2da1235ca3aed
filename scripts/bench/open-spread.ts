/**
 * Loan months spread over two PostgreSQL servers by deal. On each server stands the same schema,
 * unchanged; an upload goes to the server that has its deal. On the first one, the schema `spread` has the
 * same tables once more, partitioned by a hash of the deal's key: one partition is its own table, the
 * other one is the second server's, reached by postgres_fdw. Queries find them there by search_path and
 * know nothing of it.
 */
import path from "node:path";
import { sql } from "kysely";
import type { Kysely } from "kysely";
import { connectDatabase } from "../../server/db/connect-database.ts";
import { startEmbeddedPostgres } from "../../server/db/embedded-postgres.ts";
import type { EmbeddedPostgres } from "../../server/db/embedded-postgres.ts";
import { migrateDatabase } from "../../server/db/migrate-database.ts";
import type { Database } from "../../server/db/tables.ts";

export type Side = "here" | "there";

export interface Spread {
  /** Both servers as one. */
  whole: Kysely<Database>;
  /** Each server's own tables. */
  sides: Record<Side, Kysely<Database>>;
  /** A database like theirs on the first server, for all deals undivided: to compare with. */
  undivided: Kysely<Database>;
  /** The server that a deal's loan months are on. */
  sideOf(dealKey: number): Promise<Side>;
  /** Stops the second server. */
  stopThere(): Promise<void>;
  close(): Promise<void>;
}

const SPREAD_TABLES = ["loan_months", "tape_tree_nodes"] as const;

/** Starts two servers with their files in `folder`. */
export async function openSpread(folder: string): Promise<Spread> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closers.splice(0).toReversed()) await step();
  };
  const open = (url: string): Kysely<Database> => {
    const db = connectDatabase(url);
    closers.push(() => db.destroy());
    return db;
  };
  try {
    const servers = {
      here: await startServer(path.join(folder, "here"), closers),
      there: await startServer(path.join(folder, "there"), closers),
    };
    const sides = { here: open(servers.here.url), there: open(servers.there.url) };
    await migrateDatabase(sides.here);
    await migrateDatabase(sides.there);
    const undivided = open(await servers.here.createDatabase("undivided"));
    await migrateDatabase(undivided);
    await spreadTables(sides.here, servers.there.url);
    const url = new URL(servers.here.url);
    url.searchParams.set(
      "options",
      "-c search_path=spread,public -c enable_partitionwise_aggregate=on",
    );
    const whole = open(url.href);
    return {
      whole,
      sides,
      undivided,
      sideOf: (dealKey) => findSide(whole, dealKey),
      stopThere: () => servers.there.stop(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startServer(
  folder: string,
  closers: (() => Promise<unknown>)[],
): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ folder, durable: false });
  closers.push(() => server.stop());
  return server;
}

/** The two spread tables on the first server, over its own and over the second server's. */
async function spreadTables(here: Kysely<Database>, thereUrl: string): Promise<void> {
  const { hostname, port, pathname, username, password } = new URL(thereUrl);
  await sql`create extension postgres_fdw`.execute(here);
  await sql`
    create server there foreign data wrapper postgres_fdw options (
      host ${sql.lit(hostname)}, port ${sql.lit(port)}, dbname ${sql.lit(pathname.slice(1))},
      fetch_size '10000'
    )
  `.execute(here);
  await sql`
    create user mapping for current_user server there
    options (user ${sql.lit(username)}, password ${sql.lit(password)})
  `.execute(here);
  await sql`create schema spread`.execute(here);
  for (const name of SPREAD_TABLES) {
    const whole = sql.table(`spread.${name}`);
    await sql`
      create table ${whole} (like ${sql.table(`public.${name}`)}) partition by hash (deal_key)
    `.execute(here);
    await sql`
      alter table ${whole} attach partition ${sql.table(`public.${name}`)}
      for values with (modulus 2, remainder 0)
    `.execute(here);
    await sql`
      create foreign table ${sql.table(`spread.${name}_there`)} partition of ${whole}
      for values with (modulus 2, remainder 1)
      server there options (schema_name 'public', table_name ${sql.lit(name)})
    `.execute(here);
  }
}

async function findSide(whole: Kysely<Database>, dealKey: number): Promise<Side> {
  const { rows } = await sql<{ here: boolean }>`
    select satisfies_hash_partition('spread.loan_months'::regclass, 2, 0, ${sql.lit(dealKey)}) as here
  `.execute(whole);
  return rows[0]?.here === true ? "here" : "there";
}
