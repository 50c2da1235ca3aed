import type { FastifyBaseLogger } from "fastify";
import type { Kysely } from "kysely";
import type { Chain } from "./chain/connect-chain.ts";
import type { Config } from "./config.ts";
import type { Database } from "./db/tables.ts";
import type { Jobs } from "./jobs/open-jobs.ts";

/** The only source of time. */
export interface Clock {
  now(): Date;
}

/** What every step gets: built once, passed on. */
export interface Context {
  config: Config;
  db: Kysely<Database>;
  /** For what may be a moment behind, as a read replica is: a loan's history, proofs, openings. */
  reader: Kysely<Database>;
  chain: Chain;
  clock: Clock;
  log: FastifyBaseLogger;
  jobs: Jobs;
}
